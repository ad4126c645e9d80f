"""The sentences of the weekly digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel import Locale
from babel.dates import format_datetime
from babel.lists import format_list

from bot.coordinators.digest.facts import SIDES, Digest
from bot.coordinators.digest.gaps import GapChange
from bot.coordinators.digest.scales import Scale, scales
from bot.coordinators.phrases import CoordinatorPhrases
from bot.services import Services
from storage.sensemaking.changes import OverdueDecision
from storage.stories.movements import MOVEMENTS
from storage.weeks import weeks_before

NAMED = 3
"""Promises that are named in a sentence."""
SOON = 2
"""Meetings that are named among what is to be done."""
TITLE = 60
"""Letters of a title in a sentence."""
_GAPS = {1: "digest.gap.roles", 0: "digest.gap.promises", 2: "digest.gap.languages"}


class Sentences:
    """A digest, said in one language."""

    def __init__(self, digest: Digest, services: Services, words: CoordinatorPhrases) -> None:
        self.digest = digest
        self.t = words
        self._house = services
        self._scales = scales(services.shelf.library, words.language)
        url = services.settings.public_url
        self.link = f"{url}/coordinator/digest?week={digest.week}"
        self.settings_link = f"{url}/coordinator/settings"

    # -- labels

    @property
    def title(self) -> str:
        title = self.t("digest.title.week", week=self.t("week.short", n=int(self.digest.week[6:])))
        return f"{title} · {self.digest.team_name}" if self.digest.team else title

    @property
    def quarter(self) -> str:
        """Its number, as in `per week in quarter 3`."""
        return self.digest.quarter[6:]

    @property
    def whose(self) -> str:
        """The team, or all of them."""
        return self.digest.team_name if self.digest.team else self.t("digest.everyone")

    def about(self, promise: str) -> str:
        """A promise as it stands within a sentence: `of de hulp paste`."""
        return self.t(f"digest.about.{promise}")

    def promise(self, name: str) -> str:
        """A promise by itself: `Of de hulp paste`."""
        said = self.about(name)
        return said[:1].upper() + said[1:]

    def role(self, name: str) -> str:
        return self.t(f"digest.role.{name}")

    def language(self, name: str) -> str:
        """A language as it is called in the language of the digest."""
        return Locale.parse(name, sep="-").get_language_name(self.t.language) or name

    def guide(self, name: str) -> str:
        library = self._house.shelf.library
        return library.get(name, self.t.language).title if name in library.ids else name

    def number(self, count: int | None) -> str:
        return self.t("digest.hidden", k=self.digest.k) if count is None else self.t.number(count)

    @property
    def past_title(self) -> str:
        """What `past` shows: the share of the quarter's stories, or what of it can be shown."""
        key = "digest.quarter" if self.digest.whole else "digest.quarter.team"
        return self.t(key, n=self.quarter)

    def past(self, dimension: str, value: str) -> str:
        """The quarter before, as it stands beside the week."""
        share = self.digest.past_share(dimension, value)
        if share is not None:
            return self.percent(share)
        return self.number(self.digest.past(dimension, value))

    def percent(self, share: float) -> str:
        return self.t("digest.percent", n=self.t.number(round(100 * share)))

    # -- sentences

    def stories(self) -> str:
        """How many, and how many the week before."""
        digest, k = self.digest, self.digest.k
        if digest.withheld:
            return self.t("digest.withheld")
        now, past = digest.number("story"), digest.weeks.get(weeks_before(digest.week, 1))
        many = (
            self.t("digest.stories.few", k=k) if now is None else self.t.many("digest.stories", now)
        )
        if past is None:
            return f"{many} {self.t('digest.before.few', k=k)}"
        return f"{many} {self.t('digest.before', n=self.t.number(past))}"

    def guides(self) -> str:
        pairs = [(self.guide(name), n) for name, n in self.digest.values("guide")]
        return self.t("digest.guides", list=self._pairs(pairs)) if pairs else ""

    def channels(self) -> str:
        pairs = [(self._channel(name), n) for name, n in self.digest.values("channel")]
        return self.t("digest.channels", list=self._pairs(pairs)) if pairs else ""

    def prompts(self) -> str:
        sent = self.digest.number("prompt", "sent")
        if sent is None:
            return ""
        answered, teams = self.digest.number("prompt", "answered"), self.digest.asked_teams
        many = self.t.number(sent)
        if teams > 1:
            said = self.t("digest.prompts.teams", sent=many, teams=self.t.number(teams))
        else:
            said = self.t("digest.prompts", sent=many)
        if answered is None:
            return f"{said} {self.t('digest.prompts.hidden')}"
        return f"{said} {self.t('digest.prompts.answered', answered=self.t.number(answered))}"

    def justice(self) -> str:
        """To which share of all tellers who heard what was done it did justice."""
        found = self.digest.justice
        if found is None:
            return ""
        n, percent = self.t.number(found.answers), str(found.percent)
        return self.t(f"justice.{found.bound}", percent=percent, n=n)

    def promises(self) -> str:
        return self._promises(self.digest) or self.t("digest.promises.few")

    def together(self) -> str:
        """For a team: the week of all teams."""
        every = self.digest.together
        total = every.number("story") if every else None
        if every is None or total is None:
            return ""
        many = self.t.many("digest.stories", total)
        return f"{self.t('digest.together')} {many} {self._promises(every)}".strip()

    def changed(self) -> list[str]:
        """What was told more or less often than in the quarter before."""
        if self.digest.changes is None:
            return []
        lines = []
        for key, more in (("digest.more", True), ("digest.less", False)):
            some = [
                self.t(
                    "digest.share", label=self._label(*each.cell), n=each.now, before=each.before
                )
                for each in self.digest.changes
                if each.more is more
            ]
            if some:
                lines.append(self.t(key, n=self.quarter, list=", ".join(some)))
        return lines or [self.t("digest.same", n=self.quarter)]

    def missing(self) -> list[str]:
        """All that opened or closed with the last full quarter."""
        if not self.digest.missing.known:
            return [self.t("digest.missing.unknown")]
        alone = self.digest.said_of is self.digest
        lines = [] if alone else [self.t("digest.missing.together")]
        told = [self._gap(each) for each in self.digest.gaps_told]
        return [*lines, *(told or [self.t("digest.gap.none", n=self.quarter)])]

    def gap(self) -> str:
        """The gap of this week, and whom to ask."""
        change = self.digest.gap
        said = [self._gap(change) if change else "", self.ask()]
        found = " ".join(each for each in said if each)
        if not found or self.digest.said_of is self.digest:
            return found
        return _of(self.t("digest.everyone"), found)

    def ask(self) -> str:
        """Whom to ask next, and about what."""
        if self.digest.ask is None:
            return ""
        promise, role, language = self.digest.ask
        asked, about = self.t(f"digest.ask.{role}"), self.t(f"digest.asks.{promise}")
        if language == self._home:
            return self.t("digest.ask", who=asked, about=about)
        return self.t("digest.ask.in", who=asked, about=about, language=self.language(language))

    def todo(self) -> list[str]:
        """What is to be done, the most urgent first."""
        digest, lines = self.digest, []
        if digest.serious and digest.due:
            lines.append(self.t("digest.serious.due", day=self.t.date(digest.due)))
        elif digest.serious:
            lines.append(self.t("digest.serious"))
        if digest.waiting:
            lines.append(self.t("digest.waiting"))
        if digest.meetings:
            named = [f"{_short(e.title)} ({self.when(e.start)})" for e in digest.meetings[:SOON]]
            lines.append(self.t("digest.hang", list=", ".join(named)))
        lines += map(self._decided, digest.decisions[:SOON])
        if digest.limits:
            link = f"{self._house.settings.public_url}/coordinator/limits"
            lines.append(self.t("digest.limits", n=digest.limits[6:], link=link))
        return lines

    def _decided(self, decision: OverdueDecision) -> str:
        """A decision that waits for a change: a message holds no word of it, only the way."""
        url = self._house.settings.public_url
        day = self.t.date(decision.made_at.date().isoformat())
        link = f"{url}/coordinator/sessions/{decision.session_id}/record"
        return self.t("digest.decision", day=day, link=link)

    def when(self, moment: datetime) -> str:
        return format_datetime(moment, "EEE d MMM HH:mm", locale=self.t.language)

    def first(self) -> str:
        """What is to be done, as the first paragraph."""
        return "\n".join([self.t("digest.todo"), *(f"• {each}" for each in self.todo())])

    def told(self) -> list[str]:
        """What was told: of a team first its own, then that of all together."""
        digest = self.digest
        running = [] if digest.final else [self.t("digest.running")]
        own = f"{self.stories()} {self._promises(digest)}".strip()
        lines = [*running, _of(self.whose, own) if digest.team else own]
        lines += [self.together(), *self.changed(), self.prompts(), self.justice()]
        return [line for line in lines if line]

    def paragraphs(self) -> list[str]:
        """The whole message: what to do, what was told, one gap. The rest is behind the link."""
        first = [self.first()] if self.todo() else []
        return [each for each in (*first, *self.told(), self.gap()) if each]

    def gate_note(self) -> str:
        """What the numbers are, and whether they can still change."""
        lasts = "digest.frozen" if self.digest.final else "digest.not_final"
        return " ".join(
            [self.t("digest.counted"), self.t("digest.gate", k=self.digest.k), self.t(lasts)]
        )

    def movements(self) -> list[Scale]:
        """The four movements, with their poles."""
        return [self._scales[name] for name in MOVEMENTS]

    def _label(self, dimension: str, value: str) -> str:
        """An answer that can be compared, as it is called."""
        step = dimension.removeprefix("answer:")
        return self._scales[step].pole(value) if value in SIDES else self.about(value)

    @property
    def _home(self) -> str:
        """The language in which people are asked when nothing is said about it."""
        return self._house.shelf.library.spoken[0]

    def _gap(self, change: GapChange) -> str:
        said = (self.about, self._people, self.language)[change.place]
        names = [said(name) for name in change.names]
        key = _GAPS[change.place] + (".closed" if change.closed else "")
        if change.place == 0:  # what promises are about has commas of its own
            return self.t(key, n=self.quarter, list="; ".join(names))
        return self.t(key, n=self.quarter, list=format_list(names, locale=self.t.language))

    def _people(self, role: str) -> str:
        return self.t(f"digest.role.{role}")

    def _promises(self, digest: Digest) -> str:
        """The promises that were told of most."""
        found = digest.values("answer:promise")[:NAMED]
        named = [f"{self.about(name)} ({self.t.number(count)})" for name, count in found]
        return self.t("digest.promises.line", list="; ".join(named)) if named else ""

    def _pairs(self, pairs: Sequence[tuple[str, int]]) -> str:
        return ", ".join(f"{name} ({self.t.number(count)})" for name, count in pairs)

    def _channel(self, name: str) -> str:
        return self.t(f"channel.{name}") if self.t.has(f"channel.{name}") else name


def _short(title: str) -> str:
    return title if len(title) <= TITLE else title[: TITLE - 1].rstrip() + "…"


def _of(whose: str, said: str) -> str:
    return f"{whose}: {said[:1].lower()}{said[1:]}"
