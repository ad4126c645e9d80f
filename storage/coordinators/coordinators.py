"""Coordinators: their role, and what of it may be changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from msgspec import convert
from sqlalchemy import Row, delete, insert, select, update

from storage import narrowings, tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import Vault, new_id
from storage.weeks import weeks_before

Role = Literal["association", "team", "reader"]

COORDINATOR = core(tables.Coordinator)
TEAM = core(tables.Team)


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Someone who may read: everything of the association, or what is of one team. `channel` and
    `address` are where links and digests go (empty: nowhere). `day` and `time` of the digest are
    empty when they are those of the settings; they hold in `zone`. `joined` is the newest
    narrowing when they got the role: see `narrowings`. `push` is the subscription of the device
    that rings for who gets no digest by mail or Telegram (empty: none)."""

    id: str
    role: Role
    team: str
    name: str
    channel: str = ""
    address: str = ""
    language: str = "nl"
    digest: bool = True
    day: str = ""
    time: str = ""
    zone: str = "Europe/Amsterdam"
    joined: int | None = None
    push: str = ""


def add(
    connection: Transaction,
    role: Role,
    name: str,
    *,
    team: str = "",
    channel: str = "",
    address: str = "",
    language: str = "nl",
    since: str = "",
    coordinator_id: str = "",
) -> Coordinator:
    """Raises ValueError when a role of one team has no team, or the other way round, when there is
    no such team, or when it is closed: nobody more reads its stories. With `since`, the week in
    which they come, the first digest that they get is the one of that week."""
    if bool(team) == (role == "association"):
        raise ValueError("a role of a team needs the team; the association has none")
    _open_to(connection, team)
    joined = narrowings.newest(connection)
    made = Coordinator(
        coordinator_id or new_id(), role, team, name, channel, address, language, joined=joined
    )
    connection.execute(
        insert(COORDINATOR).values(
            id=made.id,
            role=role,
            team_id=team or None,
            sealed=_seal(connection.vault, made),
            joined=joined,
        )
    )
    if since:
        had = {"coordinator_id": made.id, "week": weeks_before(since, 1)}
        connection.execute(insert(core(tables.DigestSent)).values(had))
    return made


def save(connection: Transaction, coordinator: Coordinator) -> None:
    """Keep another role, team, name or address. Another role or team begins now; to a closed team
    nobody comes. Raises ValueError."""
    mine = COORDINATOR.c.id == coordinator.id
    role: dict[str, Any] = {"role": coordinator.role, "team_id": coordinator.team or None}
    same = select(COORDINATOR.c.id).where(
        mine, COORDINATOR.c.role == role["role"], COORDINATOR.c.team_id == role["team_id"]
    )
    if connection.execute(same).first() is None:
        _open_to(connection, coordinator.team)
        role["joined"] = narrowings.newest(connection)
    connection.execute(
        update(COORDINATOR).where(mine).values(**role, sealed=_seal(connection.vault, coordinator))
    )


def _open_to(connection: Transaction, team_id: str) -> None:
    if not team_id:
        return
    found = connection.execute(select(TEAM.c.closed).where(TEAM.c.id == team_id)).first()
    if found is None:
        raise ValueError("there is no team with this id: see vertelbot team list")
    if found.closed:
        raise ValueError("this team is closed: choose the team that takes its stories now")


def remove(connection: Transaction, coordinator_id: str) -> bool:
    """Take someone's access away, sessions and links too. Whether it was there."""
    return (
        connection.execute(delete(COORDINATOR).where(COORDINATOR.c.id == coordinator_id)).rowcount
        > 0
    )


def by_id(reads: Reads, coordinator_id: str) -> Coordinator | None:
    row = reads.execute(select(COORDINATOR).where(COORDINATOR.c.id == coordinator_id)).one_or_none()
    return None if row is None else read_coordinator(reads.vault, row)


def listed(
    reads: Reads,
) -> list[Coordinator]:
    """All, by role and name."""
    everybody = [read_coordinator(reads.vault, row) for row in reads.execute(select(COORDINATOR))]
    return sorted(everybody, key=lambda c: (c.role, c.team, c.name.casefold()))


def with_address(reads: Reads, channel: str, address: str) -> list[Coordinator]:
    """Who have this address: somebody may be a coordinator of several teams. There are few
    coordinators: all are looked at."""
    wanted = (channel, address.strip().casefold())
    everybody = listed(reads)
    return [each for each in everybody if each.address and _reached_at(each) == wanted]


def _reached_at(each: Coordinator) -> tuple[str, str]:
    return each.channel, each.address.casefold()


def read_coordinator(vault: Vault, row: Row[Any]) -> Coordinator:
    """Opened."""
    data = vault.open_json(f"coordinator:{row.id}", row.sealed)
    columns = {"id": row.id, "role": row.role, "team": row.team_id or "", "joined": row.joined}
    return convert({**data, **columns}, Coordinator)


def _seal(vault: Vault, coordinator: Coordinator) -> bytes:
    kept = asdict(coordinator)
    for known in ("id", "role", "team", "joined"):
        del kept[known]
    if not coordinator.push:  # as it always was
        del kept["push"]
    return vault.seal_json(f"coordinator:{coordinator.id}", kept)
