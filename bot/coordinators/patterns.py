"""Patterns: one question, or two against each other, over stories; as picture and as table.

All numbers are of stories, never of mentions, and every one leads to exactly the stories that it
counted. The parts of a question with one answer add up to the stories that answered it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bot.coordinators.charts.picture_data import (
    BarPicture,
    HistogramPicture,
    ScatterPicture,
    TriadPicture,
)
from bot.coordinators.filters import behind
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question
from storage.stories.reading import Answered, Filters

MOST_POINTS = 1_000
RARE = 5
BINS = [f"{low}-{low + 9 if low < 90 else 100}" for low in range(0, 100, 10)]

Picture = BarPicture | HistogramPicture | ScatterPicture | TriadPicture


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that leads to the stories behind it (none: nowhere). `share` is in percent."""

    count: int
    link: str = ""
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a page shows of it. `pictures` are drawn; a contingency table is a table only. `shares`
    says what a percentage is a part of."""

    kind: str
    title: str
    n: int
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    pictures: Sequence[Picture] = field(default=())
    left_out: int = 0
    link: str = ""
    shares: str = ""


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """An answer, or the rare ones together: how it is called, how a filter asks for it, and the
    stories that gave it."""

    label: str
    value: str
    stories: frozenset[int]


class PatternView:
    """Makes patterns of stories that someone may read, with links that keep the filters."""

    def __init__(
        self,
        stories: Sequence[Answered],
        filters: Filters,
        words: CoordinatorPhrases,
        *,
        merge: bool,
    ) -> None:
        self.stories = stories
        self._filters = filters
        self._t = words
        self._merge = merge

    def one(self, question: Question) -> Pattern:
        """A single question: bars, a histogram or a triad."""
        match question.shape:
            case "scale":
                return self._histogram(question)
            case "triad":
                return self._triad(question)
        return self._bars(question)

    def two(self, one: Question, other: Question) -> Pattern | None:
        """Two questions: a contingency table, histograms by answer, or a scatterplot. None for a
        triad, which only stands alone."""
        shapes = (one.shape, other.shape)
        if "triad" in shapes:
            return None
        if shapes == ("scale", "scale"):
            return self._scatter(one, other)
        if one.shape == "scale":
            return self._by_answer(one, other)
        if other.shape == "scale":
            return self._by_answer(other, one)
        return self._contingency(one, other)

    # -- one question

    def _bars(self, question: Question) -> Pattern:
        given = self._given(question)
        parts, n = self._parts(question, given), len(given)
        rows = [
            (part.label, Cell(len(part.stories), self._link({question.key: part.value})))
            for part in parts
        ]
        picture = BarPicture(
            title=question.asks,
            about=question.label,
            labels=[label for label, _ in rows],
            counts=[cell.count for _, cell in rows],
            links=[cell.link for _, cell in rows],
        )
        shared = [(label, [_part(cell, n)]) for label, cell in rows]
        head = (self._t("pattern.answer"), self._t("pattern.stories"))
        shares = self._t("pattern.shares") if question.shape == "choices" else ""
        return Pattern(
            "bar", question.asks, n, head, shared, [picture],
            link=self._link({question.key: "answered"}), shares=shares,
        )  # fmt: skip

    def _histogram(self, question: Question) -> Pattern:
        values = list(self._placed(question).values())
        left, right = question.answers[0][1], question.answers[1][1]
        links = [self._link({question.key: stretch}) for stretch in BINS]
        counts = _binned(values)
        rows = [
            (self._stretch(left, right, place), [Cell(counts[place], links[place])])
            for place in range(len(BINS))
        ]
        picture = HistogramPicture(
            question.asks, question.label, left, right, [""], [values], [links]
        )
        head = (self._t("pattern.place"), self._t("pattern.stories"))
        link = self._link({question.key: "0-100"})
        return Pattern("histogram", question.asks, len(values), head, rows, [picture], link=link)

    def _triad(self, question: Question) -> Pattern:
        placed = [
            (each, shares)
            for each in self.stories
            if (shares := question.shares(each.guide, each.answers))
        ]
        poles = [label for _, label in question.answers]
        heaviest = Counter(v.index(max(v)) for _, v in placed)
        rows = [
            (pole, [Cell(heaviest[place], self._link({question.key: f"pole:{place}"}))])
            for place, pole in enumerate(poles)
        ]
        newest = placed[:MOST_POINTS]
        picture = TriadPicture(
            question.asks,
            question.label,
            poles,
            [shares for _, shares in newest],
            [f"/coordinator/story/{each.id}" for each, _ in newest],
        )
        head = (self._t("pattern.heaviest"), self._t("pattern.stories"))
        left_out = len(placed) - len(newest)
        link = self._link({question.key: "answered"})
        return Pattern("triad", question.asks, len(placed), head, rows, [picture], left_out, link)

    # -- two questions

    def _contingency(self, one: Question, other: Question) -> Pattern:
        """Of the stories that gave the answer of a row, the share that gave that of a column."""
        down, across = self._given(one), self._given(other)
        both = down.keys() & across.keys()
        rows_ = self._parts(one, {story: down[story] for story in both})
        columns = self._parts(other, {story: across[story] for story in both})
        rows = []
        for row in rows_:
            cells = []
            for column in columns:
                link = self._link({one.key: row.value, other.key: column.value})
                count = len(row.stories & column.stories)
                cells.append(_part(Cell(count, link), len(row.stories)))
            total = self._link({one.key: row.value, other.key: "answered"})
            rows.append((row.label, [*cells, Cell(len(row.stories), total)]))
        head = ["", *(column.label for column in columns), self._t("pattern.total")]
        several = other.shape == "choices"
        return Pattern(
            "contingency", self._title(one, other), len(both), head, rows,
            link=self._link({one.key: "answered", other.key: "answered"}),
            shares=self._t("pattern.shares.row.several" if several else "pattern.shares.row"),
        )  # fmt: skip

    def _by_answer(self, scale: Question, choice: Question) -> Pattern:
        places, given = self._placed(scale), self._given(choice)
        both = places.keys() & given.keys()
        parts = self._parts(choice, {story: given[story] for story in both})
        values = [[places[story] for story in sorted(part.stories)] for part in parts]
        left, right = scale.answers[0][1], scale.answers[1][1]
        links = [
            [self._link({scale.key: stretch, choice.key: part.value}) for stretch in BINS]
            for part in parts
        ]
        rows = [
            (part.label, [Cell(len(part.stories),
                               self._link({scale.key: "0-100", choice.key: part.value})),
                          Cell(round(median(mine)))])
            for part, mine in zip(parts, values, strict=True)
        ]  # fmt: skip
        picture = HistogramPicture(
            title=self._title(scale, choice),
            about=scale.asks,
            left=left,
            right=right,
            groups=[part.label for part in parts],
            values=values,
            links=links,
        )
        head = (choice.label, self._t("pattern.stories"), self._t("pattern.middle"))
        pictures = [picture] if parts else []
        link = self._link({scale.key: "0-100", choice.key: "answered"})
        return Pattern(
            "groups", self._title(scale, choice), len(both), head, rows, pictures, link=link
        )

    def _scatter(self, one: Question, other: Question) -> Pattern:
        first, second = self._placed(one), self._placed(other)
        placed = [
            (self.stories[at].id, first[at], second[at])
            for at in sorted(first.keys() & second.keys())
        ]
        newest = placed[:MOST_POINTS]
        ends = [(q.label, q.answers[0][1], q.answers[1][1]) for q in (one, other)]
        title = self._title(one, other)
        picture = ScatterPicture(
            title=title,
            about=one.asks,
            across=ends[0],
            up=ends[1],
            points=[(a, b) for _, a, b in newest],
            links=[f"/coordinator/story/{id_}" for id_, _, _ in newest],
        )
        rows = []
        for up, stretch_b in ((ends[1][2], "50-100"), (ends[1][1], "0-49")):
            cells = []
            for stretch_a in ("0-49", "50-100"):
                count = sum(_within(a, stretch_a) and _within(b, stretch_b) for _, a, b in placed)
                cells.append(Cell(count, self._link({one.key: stretch_a, other.key: stretch_b})))
            rows.append((up, cells))
        head = ("", ends[0][1], ends[0][2])
        left_out = len(placed) - len(newest)
        link = self._link({one.key: "0-100", other.key: "0-100"})
        return Pattern("scatter", title, len(placed), head, rows, [picture], left_out, link)

    # -- inside

    def _given(self, question: Question) -> dict[int, list[str]]:
        """The answers to a choice, of the stories that gave any."""
        found = {
            at: question.given(each.guide, each.answers) for at, each in enumerate(self.stories)
        }
        return {at: answers for at, answers in found.items() if answers}

    def _placed(self, question: Question) -> dict[int, int]:
        """The places on a scale, of the stories that have one."""
        return {
            at: place
            for at, each in enumerate(self.stories)
            if (place := question.place(each.guide, each.answers)) is not None
        }

    def _parts(self, question: Question, given: Mapping[int, Iterable[str]]) -> list[AnswerGroup]:
        """The answers that stand alone, in the order of the guide; then all others together: the
        rare ones, and those that no version of the guide knows."""
        by_answer: defaultdict[str, set[int]] = defaultdict(set)
        for story, answers in given.items():
            for answer in answers:
                by_answer[answer].add(story)
        known = [answer for answer, _ in question.answers if by_answer[answer]]
        strange = sorted(answer for answer in by_answer.keys() - set(known) if by_answer[answer])
        rare = [answer for answer in known if self._merge and len(by_answer[answer]) < RARE]
        rest = [*rare, *strange] if len(rare) + len(strange) > 1 else strange
        alone = [answer for answer in known if answer not in rest]
        parts = [
            AnswerGroup(question.said(answer), answer, frozenset(by_answer[answer]))
            for answer in alone
        ]
        if rest:
            stories = frozenset().union(*(by_answer[answer] for answer in rest))
            label = self._t("pattern.others", n=len(rest))
            parts.append(AnswerGroup(label, ",".join(rest), stories))
        return parts

    def _link(self, answers: Mapping[str, str]) -> str:
        return behind(self._filters, answers)

    def _title(self, one: Question, other: Question) -> str:
        return f"{one.label} × {other.label}"

    def _stretch(self, left: str, right: str, place: int) -> str:
        return {0: left, len(BINS) - 1: right}.get(place, BINS[place].replace("-", "–"))


def _part(cell: Cell, total: int) -> Cell:
    return Cell(cell.count, cell.link, round(100 * cell.count / total) if total else None)


def _within(value: int, stretch: str) -> bool:
    low, high = (int(end) for end in stretch.split("-"))
    return low <= value <= high


def _binned(values: Sequence[int]) -> list[int]:
    counts = [0] * len(BINS)
    for value in values:
        counts[min(value // 10, len(BINS) - 1)] += 1
    return counts
