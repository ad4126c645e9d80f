"""Uses: every way in which a story left the store, one row each, in a chain that shows a change.

Whatever shows a story outside the pages on which coordinators look at stories calls `write` in the
transaction in which it leaves, and shows only the stories that come back from it:

    allowed = uses.write(connection, vault, "pack", "network", pack_id, story_ids, clock.now())
    cards = [card for card in cards if card.id in allowed]

`kind` says how it left, `purpose` under which consent, and `reference` is a random id of what it
went into: of one file, pack, session. The same story, kind and reference is one use, however often
it is written. A teller takes one use back with `take_back`; then `write` leaves that story out, and
`taken_back` tells which stories a pack or session must drop (it is cheap: ask it at every view).

Whether a story may be read at all, `permissions` decides; a use is never a permission. No text and
no person stands here, so that the uses stay when the story is erased, and show that they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import insert, select, update

from storage import meta, tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import Vault
from storage.weeks import week_of

UseKind = Literal["file", "quotation", "pack", "session", "relay", "page"]
UsePurpose = Literal["team", "network", "quote", "relay"]
Link = Mapping[Any, Any]
"""A row of the table."""

STORY = core(tables.Story)
USE = core(tables.Use)
META = core(tables.Meta)

REGISTER = "uses"
"""The fact that closes the register: how many uses there are, and a keyed hash over all of them.
Without it, nobody would miss the last use of a chain, or a whole chain."""
_SPACE = 1 << 256
_MANY = 500


@dataclass(frozen=True, slots=True)
class StoryUse:
    """A use of one story, as it stands now: `withdrawn` when its teller took it back."""

    kind: UseKind
    purpose: UsePurpose
    reference: str
    week: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class UseFault:
    """What is wrong with a link: it was `changed`, or one is `missing` there. Of the register as a
    whole (a chain, or the end of one, is gone) the story is empty."""

    story: str
    number: int
    fault: Literal["changed", "missing"]


def write(
    connection: Transaction,
    kind: UseKind,
    purpose: UsePurpose,
    reference: str,
    story_ids: Iterable[str],
    now: datetime,
) -> set[str]:
    """These stories leave the store: write it, in the transaction of what lets them leave. The ids
    of those that may: all but what their tellers took back for this very reference."""
    _lock(connection)
    by_hash = {connection.vault.story_hash(story_id): story_id for story_id in story_ids}
    chains = _chains(connection, by_hash)
    allowed, fresh = set(), []
    for story, story_id in by_hash.items():
        chain = chains.get(story, [])
        event = _latest(chain, kind, purpose, reference)
        if event != "withdrawn":
            allowed.add(story_id)
        if event is None:
            made = (kind, purpose, reference, "used", week_of(now))
            fresh.append(_next(connection.vault, story, chain, made))
    _append(connection, fresh)
    return allowed


def take_back(
    connection: Transaction, story_id: str, uses: Iterable[StoryUse], now: datetime
) -> int:
    """The teller takes these uses back; how many still stood. The story itself stays, but counts as
    changed: it is in no later file."""
    connection.execute(update(STORY).where(STORY.c.id == story_id).values(id=story_id))
    _lock(connection)
    story = connection.vault.story_hash(story_id)
    chain = _chains(connection, [story]).get(story, [])
    fresh = []
    for each in uses:
        if _latest(chain, each.kind, each.purpose, each.reference) == "used":
            made = (each.kind, each.purpose, each.reference, "withdrawn", week_of(now))
            fresh.append(_next(connection.vault, story, chain, made))
            chain.append(fresh[-1])
    _append(connection, fresh)
    return len(fresh)


def of_story(reads: Reads, story_id: str) -> list[StoryUse]:
    """The uses of a story, first to last, each as it stands now."""
    story = reads.vault.story_hash(story_id)
    found: dict[tuple[Any, Any, Any], StoryUse] = {}
    for link in _chains(reads, [story]).get(story, []):
        key = (link["kind"], link["purpose"], link["reference"])
        week = found[key].week if key in found else link["week"]
        found[key] = StoryUse(*key, week, link["event"] == "withdrawn")
    return list(found.values())


def taken_back(reads: Reads, reference: str, story_ids: Iterable[str]) -> set[str]:
    """Which of these stories their tellers took back from a pack, session or file: out of every
    view of it, and on the list of cards to take out."""
    latest = _of_reference(reads, reference)
    return {each for each in story_ids if latest.get(reads.vault.story_hash(each)) == "withdrawn"}


def out_of(reads: Reads, kind: UseKind, purpose: UsePurpose) -> set[str]:
    """The keyed hashes of stories that their tellers took back from all files (or public pages) for
    a purpose: they are in no later one, and on the list of what to delete from files of before."""
    gone = (USE.c.kind == kind, USE.c.purpose == purpose, USE.c.event == "withdrawn")
    return set(reads.execute(select(USE.c.story_hash).where(*gone)).scalars())


def check(
    reads: Reads,
) -> tuple[int, list[UseFault]]:
    """How many uses there are, and where a link was changed or is missing."""
    count, total, faults = 0, 0, []
    query = select(USE).order_by(USE.c.story_hash, USE.c.number)
    for story, links in groupby(reads.execute(query).mappings(), key=itemgetter("story_hash")):
        number, before = 0, ""
        for link in links:
            count, total = count + 1, (total + int(link["link"], 16)) % _SPACE
            number += 1
            if link["number"] != number:
                faults.append(UseFault(story, number, "missing"))
            elif link["before"] != before or link["link"] != _hash(reads.vault, link):
                faults.append(UseFault(story, number, "changed"))
            number, before = link["number"], link["link"]
    if not faults and (meta.get(reads, REGISTER) or "") not in _closed(reads.vault, count, total):
        faults.append(UseFault("", count, "missing"))
    return count, faults


def _of_reference(reads: Reads, reference: str) -> dict[str, str]:
    """The last event of each story of a reference."""
    query = select(USE.c.story_hash, USE.c.event).where(USE.c.reference == reference)
    return {row[0]: row[1] for row in reads.execute(query.order_by(USE.c.number))}


def _chains(reads: Reads, hashes: Collection[str]) -> dict[str, list[Link]]:
    """The links of these stories, in order."""
    wanted, found = list(hashes), dict[str, list[Link]]()
    for start in range(0, len(wanted), _MANY):
        some = USE.c.story_hash.in_(wanted[start : start + _MANY])
        query = select(USE).where(some).order_by(USE.c.number)
        for link in reads.execute(query).mappings():
            found.setdefault(link["story_hash"], []).append(link)
    return found


def _latest(chain: Sequence[Link], kind: str, purpose: str, reference: str) -> str | None:
    """What last happened to a use: `used`, `withdrawn`, or None: there is none."""
    wanted = (kind, purpose, reference)
    for link in reversed(chain):
        if (link["kind"], link["purpose"], link["reference"]) == wanted:
            return str(link["event"])
    return None


def _next(
    vault: Vault, story: str, chain: Sequence[Link], made: tuple[str, str, str, str, str]
) -> Link:
    """The next link of a chain."""
    last: Link = chain[-1] if chain else {"number": 0, "link": ""}
    names = ("kind", "purpose", "reference", "event", "week")
    row = {
        "story_hash": story,
        "number": last["number"] + 1,
        "before": last["link"],
        **dict(zip(names, made, strict=True)),
    }
    return {**row, "link": _hash(vault, row)}


def _hash(vault: Vault, link: Link) -> str:
    """Of one link, over the one before."""
    parts = ("story_hash", "number", "kind", "purpose", "reference", "event", "week", "before")
    return vault.use_hash(*(str(link[each]) for each in parts))


def _append(connection: Transaction, fresh: Sequence[Link]) -> None:
    """Add links, and close the register again. The caller has the lock."""
    if not fresh:
        return
    count, total = _counted(meta.get(connection, REGISTER) or "")
    connection.execute(insert(USE), [dict(each) for each in fresh])
    total = (total + sum(int(each["link"], 16) for each in fresh)) % _SPACE
    meta.put(connection, REGISTER, next(_closed(connection.vault, count + len(fresh), total)))


def _counted(closed: str) -> tuple[int, int]:
    count, total, _ = closed.split(":") if closed else ("0", "0", "")
    return int(count), int(total, 16)


def _closed(vault: Vault, count: int, total: int) -> Iterator[str]:
    """What closes a register of so many uses; of none also that nothing was ever closed."""
    yield f"{count}:{total:x}:{vault.use_hash('register', str(count), f'{total:x}')}"
    if not count:
        yield ""


def _lock(connection: Transaction) -> None:
    """One writer of the register at a time, of several processes too."""
    meta.offer(connection, REGISTER, "")
    connection.execute(update(META).where(META.c.key == REGISTER).values(value=META.c.value))
