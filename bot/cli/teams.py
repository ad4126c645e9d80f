"""`vertelbot team` and `vertelbot coordinator`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.common import Commands, Failure, as_typed, command, show, with_store
from bot.settings import load
from bot.wiring.opening import OpenStore
from storage.coordinators import audit, coordinators, logins, teams
from storage.coordinators.teams import Team, TeamProblem
from storage.engine.transaction import Transaction
from storage.weeks import week_of

if TYPE_CHECKING:  # what reads tables and addresses is large: it comes with the commands that do
    from bot.spreadsheets.table_problems import RowProblem


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    team = command(commands, common, "team", "the teams people can choose from", _list_teams)
    actions = team.add_subparsers(metavar="action")
    adding = command(actions, common, "add", "add a team", _add_team)
    adding.add_argument("name")
    adding.add_argument("--municipality", required=True)
    importing = command(
        actions, common, "import", "add the teams of a table: naam, gemeente", _import_teams
    )
    importing.add_argument("file", type=Path, help="as .csv, .tsv, .txt or .xlsx")
    command(actions, common, "list", "all teams with their links", _list_teams)
    for name, (about, other, _, _) in CHANGES.items():
        changing = command(actions, common, name, about, partial(_change_team, name))
        changing.add_argument("id", help="the id of the team: see vertelbot team list")
        if other:
            changing.add_argument("other", metavar=other[0], help=other[1])
    who = command(commands, common, "coordinator", "who may read", _list_coordinators)
    doing = who.add_subparsers(metavar="action")
    adding = command(
        doing, common, "add", "add a coordinator, print a login link", _add_coordinator
    )
    adding.add_argument("name")
    adding.add_argument("--role", choices=("association", "team", "reader"), default="association")
    adding.add_argument("--team", default="", help="the id of the team, for team and reader")
    adding.add_argument("--mail", default="", help="where links and the weekly digest go")
    adding.add_argument("--phone", default="", help="without --mail: SMS for the digest")
    adding.add_argument("--language", choices=("nl", "en"), default="nl")
    reading = command(
        doing, common, "import", "add those of a table: naam, e-mail, rol, team", _import_readers
    )
    reading.add_argument("file", type=Path, help="as .csv, .tsv, .txt or .xlsx")
    command(doing, common, "list", "all coordinators", _list_coordinators)
    link = command(doing, common, "link", "print a new login link", _link)
    link.add_argument("id", help="the id of the coordinator")


def _close(connection: Transaction, team_id: str, _other: str) -> Team:
    return teams.close(connection, team_id)


def _reopen(connection: Transaction, team_id: str, _other: str) -> Team:
    return teams.reopen(connection, team_id)


CHANGES: dict[
    str, tuple[str, tuple[str, str] | None, Callable[[Transaction, str, str], Team], audit.Action]
] = {
    "rename": (
        "give a team another name; its link, its stories and its readers stay",
        ("NAME", "the new name"),
        teams.rename,
        "team_renamed",
    ),
    "merge": (
        "new stories go to another team from now on; those told before stay with their readers",
        ("INTO", "the id of the team that takes the stories"),
        teams.merge,
        "team_merged",
    ),
    "close": ("a team takes no new stories any more", None, _close, "team_closed"),
    "reopen": (
        "a closed or merged team takes its own stories again",
        None,
        _reopen,
        "team_reopened",
    ),
}


def _change_team(change: str, options: argparse.Namespace) -> int:
    """Rename, merge, close or reopen a team; it stands in the log. A Vertelbot that runs notices
    within a minute."""
    _, _, work, action = CHANGES[change]

    async def done(store: OpenStore) -> Team:
        def write(connection: Transaction) -> Team:
            made = work(connection, options.id, getattr(options, "other", ""))
            told = f"{made.id} → {made.merged_into}" if made.merged_into else made.id
            audit.note(
                connection, None, action, store.clock.now(), team=made.id,
                detail=told)  # fmt: skip
            return made

        return await store.database.write(write)

    try:
        _show_teams(options, [with_store(options, done)])
    except TeamProblem as problem:
        raise Failure(f"{problem} (see vertelbot team list)") from None
    return 0


def _add_team(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> Team:
        return await store.database.write(
            lambda connection: teams.add(connection, options.name, options.municipality)
        )

    try:
        _show_teams(options, [with_store(options, work)])
    except TeamProblem as problem:
        raise Failure(str(problem)) from None
    return 0


def _import_teams(options: argparse.Namespace) -> int:
    """Rows that cannot be added are reported; the others are. Exit code 3 when there were such, or
    when no row was taken."""
    from bot.cli.table_files import TableNotes, bytes_of
    from bot.coordinators.access_tables import add_teams, open_team_table, team_rows

    opened, told = open_team_table(bytes_of(options.file)), TableNotes()

    async def work(store: OpenStore) -> tuple[list[Team], list[RowProblem]]:
        def take(connection: Transaction) -> tuple[list[Team], list[RowProblem]]:
            rows, wrong = team_rows(opened, teams.all_teams(connection))
            return add_teams(connection, rows), wrong

        return await store.database.write(take)

    added, wrong = with_store(options, work)
    told.add(opened, wrong)
    _show_teams(options, added, "No team was added.")
    return told.shown(taken=bool(added))


def _list_teams(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> list[Team]:
        return await store.database.read(teams.open_teams)

    _show_teams(options, with_store(options, work))
    return 0


def _show_teams(
    options: argparse.Namespace, found: list[Team], empty: str = "There are no teams yet."
) -> None:
    """Of a team that was merged, where its stories go; of one that is closed, that it is."""
    url = load(options.config).public_url
    closed = any(team.closed for team in found)
    rows = [
        {
            "id": team.id,
            "name": team.name,
            "municipality": team.municipality,
            "link": f"{url}/t/{team.code}",
            **({"closed": team.closed, "merged_into": team.merged_into} if closed else {}),
        }
        for team in found
    ]
    show(rows, as_json=options.json, empty=empty)


def _add_coordinator(options: argparse.Namespace) -> int:
    from bot.bells.bell_address import WrongAddress, read_address
    from bot.validation.mail_addresses import NoAddress, parse_address

    try:
        address = parse_address(options.mail) if options.mail else ""
    except NoAddress:
        raise Failure("--mail: this is no e-mail address. Write it as name@example.nl.") from None

    try:
        number = read_address("tel", options.phone) if options.phone else ""
    except WrongAddress:
        raise Failure("--phone: this is no telephone number. Write it as +31612345678.") from None

    async def work(store: OpenStore) -> str:
        now = store.clock.now()

        def made(connection: Transaction) -> str:
            who = coordinators.add(
                connection,
                options.role,
                options.name,
                team=options.team,
                channel="mail" if address else "sms" if number else "",
                address=address or number,
                language=options.language,
                since=week_of(now),
            )
            audit.note(connection, None, "coordinator_added", now, team=who.team, detail=who.role)
            return logins.make_link(connection, who.id, now)

        return await store.database.write(made)

    try:
        token = with_store(options, work)
    except ValueError as problem:
        raise Failure(str(problem)) from None
    _print_link(options, token)
    return 0


def _import_readers(options: argparse.Namespace) -> int:
    """Exit code 3 when a row, or every row, was not taken."""
    from bot.cli.table_files import TableNotes, bytes_of
    from bot.coordinators.access_tables import add_readers, open_reader_table, reader_rows

    opened, told = open_reader_table(bytes_of(options.file)), TableNotes()

    async def work(store: OpenStore) -> tuple[int, list[RowProblem]]:
        now = store.clock.now()

        def take(connection: Transaction) -> tuple[int, list[RowProblem]]:
            every, known = teams.all_teams(connection), coordinators.listed(connection)
            rows, wrong = reader_rows(opened, every, known)
            for made in add_readers(connection, rows, week_of(now), "nl"):
                audit.note(
                    connection, None, "coordinator_added", now, team=made.team,
                    detail=made.role)  # fmt: skip
            return len(rows), wrong

        return await store.database.write(take)

    added, wrong = with_store(options, work)
    told.add(opened, wrong)
    print(as_typed(f"{added} added; vertelbot coordinator link ID prints a login link"))
    return told.shown(taken=bool(added))


def _list_coordinators(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> list[coordinators.Coordinator]:
        return await store.database.read(coordinators.listed)

    rows = [
        {"id": each.id, "role": each.role, "team": each.team, "name": each.name}
        for each in with_store(options, work)
    ]
    show(rows, as_json=options.json, empty="There are no coordinators yet.")
    return 0


def _link(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> str | None:
        now = store.clock.now()

        def made(connection: Transaction) -> str | None:
            who = coordinators.by_id(connection, options.id)
            if who is None:
                return None
            audit.note(connection, None, "coordinator_added", now, team=who.team, detail=who.role)
            return logins.make_link(connection, options.id, now)

        return await store.database.write(made)

    token = with_store(options, work)
    if token is None:
        raise Failure(f"{options.id} is no coordinator: see vertelbot coordinator list")
    _print_link(options, token)
    return 0


def _print_link(options: argparse.Namespace, token: str) -> None:
    link = f"{load(options.config).public_url}/coordinator/login/{token}"
    said = f"{link}\n(logs in once, within 15 minutes)"
    print(json.dumps({"link": link}) if options.json else said)
