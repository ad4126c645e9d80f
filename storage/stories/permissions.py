"""Permissions: who may read which story, and for what. The one place that decides it, for pages,
search, patterns, files and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, false, not_, or_, true

from storage import tables
from storage.coordinators.coordinators import Coordinator
from storage.engine.types import core

STORY = core(tables.Story)

FilePurpose = Literal["team", "network", "quote"]
FILE_PURPOSES: tuple[FilePurpose, ...] = ("team", "network", "quote")
"""What a file of stories can be for."""

ASSOCIATION = "association"
EVERYONE = "everyone"
NOBODY = "nobody"
"""Audiences, for whom stories are counted; the others are teams, by their id. `EVERYONE` is whoever
reads, of any team and role. `NOBODY`: stories of which only keeping was allowed."""


def readable_by(audience: str) -> ColumnElement[bool]:
    """The stories that all in an audience may read. Numbers for them count no others."""
    match audience:
        case "association":
            return and_(STORY.c.may_network)
        case "everyone":
            return and_(STORY.c.may_network, is_kept(), STORY.c.reviewed)
        case "nobody":
            return not_(STORY.c.may_team)
    return and_(STORY.c.may_team, STORY.c.team_id == audience)


def readers(story: Row[Any] | SimpleNamespace) -> set[str]:
    """The audiences that may read a story (its row): the same as `readable_by`, from the other
    side."""
    found = {story.team_id} if story.may_team and story.team_id else set()
    if story.may_network:
        found.add(ASSOCIATION)
        if story.reviewed and story.state == "kept":
            found.add(EVERYONE)
    return found


def may_read(who: Coordinator) -> ColumnElement[bool]:
    """The stories someone may read.

    The association reads what may go beyond the team. A team reads its own, and what others share
    once somebody looked at it. A reader sees nothing that waits for a person or is for the
    coordinator only.
    """
    return or_(*ways_to_read(who))


def ways_to_read(who: Coordinator) -> tuple[ColumnElement[bool], ...]:
    """Why someone may read a story: it is the own team's, or it is shared."""
    own, shared = readable_by(who.team), readable_by(EVERYONE)
    match who.role:
        case "association":
            return (readable_by(ASSOCIATION),)
        case "team":
            return own, shared
        case "reader":
            return and_(own, is_kept(), not_(STORY.c.coordinator_only)), shared
    return (false(),)


def ways_apart(who: Coordinator, team: str = "") -> Iterator[ColumnElement[bool]]:
    """The same ways, each without what the ones before it show: no story is in two of them, and
    each is found by an index of its own. Of one team all together: its own index finds them."""
    if team:
        yield may_read(who).is_(true())
        return
    before: list[ColumnElement[bool]] = []
    for way in reversed(ways_to_read(who)):
        yield and_(way, *(not_(each) for each in before))
        before.append(way)


def may_sit_before(sits: str, team: str) -> ColumnElement[bool]:
    """The stories that may be a card of a sense-making session: those that all who sit in it may
    read. Its own `team`: readers too; a wider group (`network`), with residents in it: what is
    shared."""
    if sits == "team":
        return and_(readable_by(team), is_kept(), not_(STORY.c.coordinator_only))
    return readable_by(EVERYONE)


def may_moderate(who: Coordinator) -> ColumnElement[bool]:
    """The stories someone may take something out of, or put on hold."""
    match who.role:
        case "association":
            return readable_by(ASSOCIATION)
        case "team":
            return readable_by(who.team)
    return false()


def may_export(who: Coordinator | None, purpose: FilePurpose) -> ColumnElement[bool]:
    """The stories that someone may take along for a purpose: none that they may not read, none that
    are held, of a team only its own. None of `who`: the operator, on the command line.

    For quotation only those with the sentence that the teller chose for it (all of the story that
    may leave), once a moderator looked. A yes to quotation is not a yes to the whole story.
    """
    if who is not None and purpose not in file_purposes(who):
        return false()
    agreed = and_(STORY.c[f"may_{purpose}"], is_kept())
    if purpose == "quote":
        agreed = and_(agreed, may_be_quoted())
    if who is None:
        return agreed
    mine = and_(agreed, may_read(who))
    return and_(mine, STORY.c.team_id == who.team) if who.role == "team" else mine


def may_be_quoted() -> ColumnElement[bool]:
    """The stories of which the sentence that it turns on may be published: its teller chose it and
    agreed, and a moderator looked at the story."""
    return and_(STORY.c.may_quote, STORY.c.has_sentence, STORY.c.reviewed, is_kept())


def may_travel() -> ColumnElement[bool]:
    """The stories whose teller lets the question in them travel: the question, never the story."""
    return and_(STORY.c.may_relay, is_kept())


def file_purposes(who: Coordinator) -> tuple[FilePurpose, ...]:
    """The purposes for which someone may take stories along."""
    match who.role:
        case "association":
            return ("network", "quote")
        case "team":
            return FILE_PURPOSES
    return ()


def is_kept() -> ColumnElement[bool]:
    """Nobody holds the story back."""
    return STORY.c.state == "kept"
