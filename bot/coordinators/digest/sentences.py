"""The sentences of the weekly digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel import Locale
from babel.dates import format_datetime

from bot.coordinators.digest.facts import MOVEMENTS, SIDES, Digest
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question, questions
from bot.services import Services
from storage.weeks import weeks_before

NAMED = 3
"""Promises that are named in a sentence."""
QUARTER_WEEKS = 13


class Sentences:
    """A digest, said in one language."""

    def __init__(self, digest: Digest, services: Services, words: CoordinatorPhrases) -> None:
        self.digest = digest
        self.t = words
        self._house = services
        self._asked = questions(services.shelf.library, words.language)
        self.link = f"{services.settings.public_url}/coordinator/digest?week={digest.week}"

    # -- labels

    @property
    def title(self) -> str:
        title = self.t("digest.title.week", week=self.t("week.short", n=int(self.digest.week[6:])))
        return f"{title} · {self.digest.team_name}" if self.digest.team else title

    @property
    def quarter(self) -> str:
        """Its number, as in `per week in quarter 3`."""
        return self.digest.quarter[6:]

    def promise(self, name: str) -> str:
        return self._asked["promise"].said(name)

    def movement(self, name: str) -> Question:
        return self._asked[name]

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
        """What `past` shows: of all teams the average week of the quarter, of a team its total."""
        key = "digest.quarter.team" if self.digest.team else "digest.quarter"
        return self.t(key, n=self.quarter)

    def past(self, dimension: str, value: str) -> str:
        """A number of the quarter before, as it stands beside that of the week."""
        total = self.digest.past(dimension, value)
        if total is None or self.digest.team:
            return self.number(total)
        return self.t.number(total / QUARTER_WEEKS)

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
        answered = self.digest.number("prompt", "answered")
        said = self.t("digest.prompts", sent=self.t.number(sent))
        if answered is None:
            return f"{said} {self.t('digest.prompts.hidden')}"
        return f"{said} {self.t('digest.prompts.answered', answered=self.t.number(answered))}"

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
        """What was heard too little."""
        silence = self.digest.missing
        if not silence.heard:
            return [self.t("digest.missing.unknown")]
        alone = silence is self.digest.silence
        lines = [] if alone else [self.t("digest.missing.together")]
        for place, key, said in (
            (1, "digest.missing.roles", self.role),
            (0, "digest.missing.promises", self.promise),
            (2, "digest.missing.languages", self.language),
        ):
            names = [said(name) for name in silence.silent(place)]
            if names:
                lines.append(self.t(key, n=self.quarter, list=", ".join(names)))
        return lines

    def ask(self) -> str:
        """Whom to ask next, and about what."""
        if self.digest.ask is None:
            return ""
        promise, role, language = self.digest.ask
        return self.t(
            "digest.ask",
            role=self.role(role),
            language=self.language(language),
            promise=self.promise(promise),
        )

    def meetings(self) -> str:
        named = [f"{each.title} ({self.when(each.start)})" for each in self.digest.meetings]
        return self.t("digest.meetings", list=", ".join(named)) if named else ""

    def when(self, moment: datetime) -> str:
        return format_datetime(moment, "EEE d MMM HH:mm", locale=self.t.language)

    def waiting(self) -> list[str]:
        digest = self.digest
        return [
            self.t(key)
            for key, so in (("digest.serious", digest.serious), ("digest.waiting", digest.waiting))
            if so
        ]

    def top(self) -> list[str]:
        """What comes first: how many stories, and what waits."""
        running = [] if self.digest.final else [self.t("digest.running")]
        return [*running, self.stories(), *self.waiting()]

    def rest(self) -> list[str]:
        """All the rest, the most important first."""
        lines = (
            self.promises(),
            self.together(),
            *self.changed(),
            *self.missing(),
            self.ask(),
            self.prompts(),
            self.meetings(),
            self.guides(),
            self.channels(),
        )
        return [line for line in lines if line]

    def paragraphs(self) -> list[str]:
        return [*self.top(), *self.rest()]

    def movements(self) -> list[tuple[Question, list[str], list[str]]]:
        """The four movements: the question, its three parts this week, and the quarter before."""
        return [
            (
                self.movement(name),
                [self.number(self.digest.number(f"answer:{name}", side)) for side in SIDES],
                [self.past(f"answer:{name}", side) for side in SIDES],
            )
            for name in MOVEMENTS
        ]

    def _label(self, dimension: str, value: str) -> str:
        """An answer that can be compared, as it is called."""
        question = self._asked[dimension.removeprefix("answer:")]
        if value in SIDES:
            return question.answers[0 if value == "left" else 1][1]
        return question.said(value)

    def _promises(self, digest: Digest) -> str:
        """The promises that were told of most."""
        found = digest.values("answer:promise")[:NAMED]
        pairs = [(self.promise(name), count) for name, count in found]
        return self.t("digest.promises.line", list=self._pairs(pairs)) if pairs else ""

    def _pairs(self, pairs: Sequence[tuple[str, int]]) -> str:
        return ", ".join(f"{name} ({self.t.number(count)})" for name, count in pairs)

    def _channel(self, name: str) -> str:
        return self.t(f"channel.{name}") if self.t.has(f"channel.{name}") else name
