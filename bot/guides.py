"""The guide store: the guides of today, and the versions that open conversations began with."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Thread

from conversations.authoring.overlay import NoOverlay, Overlay, read_overlay, with_overlay
from conversations.engine.state import State
from conversations.guide.dwell_times import DWELL, DwellTimes
from conversations.guide.library import Library
from conversations.guide.model import Guide, Places
from conversations.guide.spans import Span
from conversations.guide.telling import Telling
from storage.coordinators import teams
from storage.coordinators.teams import Team
from storage.engine.database import Database
from storage.engine.transaction import Reads, Transaction
from storage.guides import guide_publications, team_overlays
from storage.guides.guide_publications import Publication
from storage.guides.team_overlays import TeamOverlay
from storage.people import guide_versions

_log = logging.getLogger(__name__)


class GuideStore:
    """Finds the guide of a conversation, with the places a teller can choose from today. `dwell`
    is how long a question must be visible before a tap counts; tests of other things lower it."""

    dwell: DwellTimes = DWELL

    def __init__(self, library: Library, overlays: Sequence[Overlay] = ()) -> None:
        self.filed_overlays = overlays
        self._overlays = {(each.guide, each.team.casefold()): each for each in overlays}
        self._of_teams: Mapping[tuple[str, str], Overlay] = {}
        self.overlay_mark = (0, 0)
        self.team_names: Mapping[str, str] = {}
        self.library = self.shipped = library
        self.closed: frozenset[str] = frozenset()
        self.recalled: frozenset[str] = frozenset()
        self.published: Mapping[str, Publication] = {}
        self.mark = (0, 0)
        self.places = Places()
        self.moved: Mapping[str, Mapping[str, str]] = {}
        self._older: dict[str, Library] = {}
        self._ready: dict[tuple[str, str], tuple[Guide, Guide]] = {}

    def follow(self, every: Sequence[Team]) -> None:
        """Offer tellers these teams; what is told to one that was merged goes to the other."""
        self.places = teams.places(every)
        self.moved = teams.moved(every)
        self.team_names = {team.id: team.name for team in every}

    def follow_published(self, every: Sequence[Publication]) -> None:
        """Let people begin what was published last and is not recalled; else what was there before,
        or what came with Vertelbot. A guide of which nothing is left is `closed`: its stories can
        be read, nobody begins it."""
        live: dict[str, Publication] = {}
        newest: dict[str, Publication] = {}
        for each in every:
            newest[each.guide] = each
            if each.recalled_at is None:
                live[each.guide] = each
        shipped = self.shipped.ids
        gone = {name: each for name, each in newest.items() if name not in (*live, *shipped)}
        versions = {
            name: self._version(each.fingerprint, each.source)
            for name, each in {**gone, **live}.items()
        }
        begun = {each.fingerprint for each in live.values()}
        begun |= {self.shipped.fingerprint(name) for name in shipped}
        recalled = {each.fingerprint for each in every if each.recalled_at is not None}
        self.published, self.closed = live, frozenset(gone)
        self.recalled = frozenset(recalled - begun)
        self.library = self.shipped.with_versions(versions)

    def follow_overlays(self, every: Sequence[TeamOverlay]) -> None:
        """Let tellers hear what teams saved on the dashboard, which holds in place of a file."""
        found: dict[tuple[str, str], Overlay] = {}
        for each in every:
            try:
                found[each.guide, each.team_id] = read_overlay(each.source)
            except NoOverlay:
                _log.warning("what a team added to %s cannot be read", each.guide)
        self._of_teams = found

    def take_news(self, news: GuideNews) -> None:
        """Hold what is new."""
        if news.overlays is not None:
            self.follow_overlays(news.overlays)
            self.overlay_mark = len(news.overlays), sum(each.revision for each in news.overlays)
        if news.published is not None:
            self.follow_published(news.published)
            recalled = sum(each.recalled_at is not None for each in news.published)
            self.mark = len(news.published), recalled

    def filed(self, guide_id: str, team: str, name: str = "") -> Overlay | None:
        """What a file adds to a guide for this team, by its id or its name."""
        names = (team.casefold(), (name or self.team_names.get(team, "")).casefold())
        return next(
            (self._overlays[guide_id, n] for n in names if (guide_id, n) in self._overlays), None
        )

    def overlay_of(self, guide_id: str, team: str) -> Overlay | None:
        """What a team adds to a guide, or leaves out of it."""
        return self._of_teams.get((guide_id, team)) or self.filed(guide_id, team)

    def overlays_over(self, guide_id: str) -> dict[str, Overlay]:
        """What is added to a guide, by the id of the team, or what its file calls it."""
        filed = {team: each for (guide, team), each in self._overlays.items() if guide == guide_id}
        saved = {team: each for (guide, team), each in self._of_teams.items() if guide == guide_id}
        return {**filed, **saved}

    def may_begin(self, guide_id: str) -> bool:
        """Whether there is such a guide, and people may begin it."""
        return guide_id in self.library.ids and guide_id not in self.closed

    def remember(self, connection: Transaction) -> None:
        """Keep the guides of today, so that a later version can go on with their conversations."""
        for guide_id in self.shipped.ids:
            fingerprint = self.shipped.fingerprint(guide_id)
            if not guide_versions.is_kept(connection, fingerprint):
                source = self.shipped.source(guide_id)  # long, so written out only for this
                guide_versions.remember(connection, guide_id, fingerprint, source)

    def today(self, guide_id: str, language: str) -> Guide:
        """A guide as it is now. Raises KeyError for an unknown one."""
        return self._found(self.library, guide_id, language)

    def for_team(self, connection: Transaction, guide_id: str, language: str, team: str) -> Guide:
        """A guide as it is now for who tells about this team: with what the team adds, where the
        guide of today allows it. That version is remembered, for its conversations go on with it.
        Raises KeyError."""
        added = self.overlay_of(guide_id, team) if team else None
        if added is None or not (added.off or added.questions):
            return self.today(guide_id, language)
        source = self.library.sources[guide_id]
        marks = {each: self.shipped.phrases(each).get("in_dutch") for each in source["texts"]}
        try:
            data, texts = with_overlay(
                source["guide"], source["texts"], added.with_team(team), marks
            )
        except NoOverlay:  # a later version of the guide has no such place
            return self.today(guide_id, language)
        fingerprint, text = self.shipped.made_of(data, texts)
        guide_versions.remember(connection, guide_id, fingerprint, text)
        return self._found(self._version(fingerprint, text), guide_id, language)

    def of(self, reads: Reads, state: State, language: str = "") -> Guide:
        """The guide a conversation began with, in its language or another one.

        Raises KeyError when that version is not known here.
        """
        library = self._library(reads, state.guide, state.fingerprint)
        return self._found(library, state.guide, language or state.language)

    def told_with(self, reads: Reads, telling: Telling, language: str) -> Guide:
        """The guide a story was told with, or that of today when its version is not known here."""
        try:
            library = self._library(reads, telling.guide, telling.fingerprint)
        except KeyError:
            library = self.library
        return self._found(library, telling.guide, language)

    def versions(self, reads: Reads, told: Iterable[tuple[str, str]], language: str) -> list[Guide]:
        """The guides of before that stories were told with, (guide, fingerprint), as far as they
        are known here."""
        found = []
        for guide_id, fingerprint in sorted(set(told)):
            with contextlib.suppress(KeyError):
                library = self._library(reads, guide_id, fingerprint)
                if library is not self.library:
                    found.append(library.get(guide_id, language))
        return found

    def _found(self, library: Library, guide_id: str, language: str) -> Guide:
        guide = library.get(guide_id, language)
        bare, ready = self._ready.get((guide.fingerprint, guide.language), (None, None))
        stale = ready is None or ready.places is not self.places or ready.dwell is not self.dwell
        if ready is None or bare is not guide or stale:
            ready = self.furnished(guide)
            self._ready[guide.fingerprint, guide.language] = guide, ready
        return ready

    def furnished(self, guide: Guide) -> Guide:
        """A guide with the places of today, what finds clues, and its dwell times."""
        return guide.with_places(self.places).with_finder(_find).with_dwell(self.dwell)

    def expect_story(self, language: str) -> None:
        """Somebody tells: read the lists of words before the first card is made, in a thread of
        its own. It takes a quarter of a second, for which everybody else would wait."""
        _reading(language)

    def _library(self, reads: Reads, guide_id: str, fingerprint: str) -> Library:
        if guide_id in self.library.ids and self.library.fingerprint(guide_id) == fingerprint:
            return self.library
        if fingerprint not in self._older:
            source = guide_versions.source(reads, fingerprint)
            if source is None:
                raise KeyError(f"the guide {guide_id} of this conversation is not known any more")
            return self._version(fingerprint, source)
        return self._older[fingerprint]

    def _version(self, fingerprint: str, source: str) -> Library:
        """The library of one version, made once."""
        if fingerprint not in self._older:
            self._older[fingerprint] = Library.from_source(source, self.shipped)
        return self._older[fingerprint]


@dataclass(frozen=True, slots=True)
class GuideNews:
    """What was published, recalled or added by a team since it was read last; None: nothing."""

    overlays: Sequence[TeamOverlay] | None
    published: Sequence[Publication] | None


def guide_news(reads: Reads, shelf: GuideStore) -> GuideNews:
    """What of it, here or by another process, this store does not know yet."""
    added = team_overlays.overlay_mark(reads) != shelf.overlay_mark
    more = guide_publications.mark(reads) != shelf.mark
    return GuideNews(
        team_overlays.every_overlay(reads) if added else None,
        guide_publications.every(reads) if more else None,
    )


async def follow_published(database: Database, shelf: GuideStore) -> None:
    """Read what was published, recalled or added by a team, when there is something new."""
    shelf.take_news(await database.read(lambda session: guide_news(session, shelf)))


def _find(text: str, language: str) -> tuple[Span, ...]:
    """What identifies someone. The list of words is read when the first story is told."""
    from conversations.redaction.find import find

    return find(text, language)


@cache
def _reading(language: str) -> Thread:
    """Reads once what finds clues, in a text that holds most kinds of them."""
    text = "Jan Jansen belde op 3 mei met 06 12345678."
    reading = Thread(target=_find, args=(text, language), name="word lists", daemon=True)
    reading.start()
    return reading
