"""Filters in words: what a page can be narrowed to, and each chosen one as a chip that can be taken
off again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.coordinators.filters import address
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question, questions
from conversations.guide.library import Library
from storage.coordinators.teams import Team, full_name
from storage.stories.movements import STRETCHES
from storage.stories.reading import Filters


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the address of the same page without it."""

    label: str
    value: str
    without: str


class FilterWords:
    """What filters can be, with the words for them, in the language of a coordinator."""

    def __init__(
        self, library: Library, words: CoordinatorPhrases, every_team: Sequence[Team]
    ) -> None:
        self._t = words
        self.asked = questions(library, words.language)
        self.guides = {name: library.get(name, words.language).title for name in library.ids}
        self.languages = {
            name: library.phrases(name).get("language_name") for name in library.spoken
        }
        self.teams = {team.id: team for team in every_team}

    def team(self, team_id: str) -> str:
        """A team that is taken for no other: with its municipality."""
        return full_name(self.teams[team_id]) if team_id in self.teams else ""

    def answers(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The answers to choose from, question by question: (filter, label)."""
        return [
            (
                question.label,
                [(f"{step}:{value}", self.said(question, value)) for value in values(question)],
            )
            for step, question in self.asked.items()
        ]

    def said(self, question: Question, value: str) -> str:
        """An answer of a filter in words."""
        for between, key in (("+", "answer.and"), (",", "answer.or")):
            if between in value:
                return self._t(key).join(self.said(question, v) for v in value.split(between))
        if value in ("answered", "unanswered", "0-100"):
            key = "answer.unanswered" if value == "unanswered" else "answer.answered"
            return self._t(key)
        if question.shape == "scale":
            low, _, high = STRETCHES.get(value, value).partition("-")
            if not (low.isdecimal() and high.isdecimal()):
                return value
            middle = (int(low) + int(high)) / 2
            left, right = question.answers[0][1], question.answers[1][1]
            return left if middle < 40 else right if middle > 60 else self._t("answer.between")
        if question.shape == "triad":
            place = value.removeprefix("pole:")
            if place.isdecimal() and int(place) < len(question.answers):
                return question.answers[int(place)][1]
        return question.said(value)

    def described(self, filters: Filters) -> list[tuple[str, str, Filters]]:
        """Each filter in words: what it is about, what was chosen, and the filters without it."""
        t, f = self._t, filters
        one_week = f.first == f.last
        plain = [
            ("guide", self.guides.get(f.guide, f.guide), replace(f, guide="")),
            ("team", self.team(f.team) or f.team, replace(f, team="")),
            ("language", self.languages.get(f.language, f.language), replace(f, language="")),
            ("week", self._week(f.first) if one_week else "", replace(f, first="", last="")),
            ("first", "" if one_week else self._week(f.first), replace(f, first="")),
            ("last", "" if one_week else self._week(f.last), replace(f, last="")),
            ("state", t(f"state.{f.state}") if f.state else "", replace(f, state="")),
        ]
        found = [(t(f"filters.{name}"), value, without) for name, value, without in plain if value]
        for step, value in filters.answers.items():
            question = self.asked.meant(step)
            left = {name: each for name, each in filters.answers.items() if name != step}
            label = self._about(question, step)
            said = self.said(question, value) if question else value
            found.append((label, said, replace(filters, answers=left)))
        if filters.words:
            found.append((t("filters.words"), filters.words, replace(filters, words="")))
        return found

    def _about(self, question: Question | None, key: str) -> str:
        """What a filter is about; a question of all guides has no guide beside it."""
        if question is None:
            return key
        return question.label if "." in key else question.short

    def _week(self, week: str) -> str:
        return f"{self._t('week.short', n=int(week[6:]))}, {week[:4]}" if week else ""

    def in_a_line(self, filters: Filters) -> str:
        """The filters in one line: `Team: Oost (Zwolle); Gevoel: Blij`; empty: all stories."""
        return "; ".join(f"{label}: {value}" for label, value, _ in self.described(filters))

    def chips(self, path: str, filters: Filters, **more: str) -> list[Chip]:
        """The filters of a page, as chips. `more` stands in its address too."""
        return [
            Chip(label, value, address(path, without, **more))
            for label, value, without in self.described(filters)
        ]


def values(question: Question) -> list[str]:
    """What a filter on this question can be."""
    match question.shape:
        case "scale":
            some = list(STRETCHES.values())
        case "triad":
            some = [f"pole:{place}" for place in range(len(question.answers))]
        case _:
            some = [answer for answer, _ in question.answers]
    return [*some, "unanswered"]
