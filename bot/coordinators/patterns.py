"""Patterns: one question, or two against each other, over stories; as picture and as table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
OTHERS = "others"

Picture = BarPicture | HistogramPicture | ScatterPicture | TriadPicture


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that leads to the stories behind it (none: nowhere). `share` is in percent."""

    count: int
    link: str = ""
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a page shows of it. `pictures` are drawn; a contingency table is a table only."""

    kind: str
    title: str
    n: int
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    pictures: Sequence[Picture] = field(default=())
    left_out: int = 0


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
        given = [each.answers.get(question.id) or [] for each in self.stories]
        n = sum(1 for answers in given if answers)
        counts = Counter(answer for answers in given for answer in answers)
        shown, rest = self._split(question, counts)
        rows = [
            (question.said(answer), Cell(counts[answer], self._link(question, answer)))
            for answer in shown
        ]
        if rest:
            total = sum(counts[answer] for answer in rest)
            rows.append((self._t("pattern.others", n=len(rest)), Cell(total)))
        picture = BarPicture(
            title=question.asks,
            about=question.label,
            labels=[label for label, _ in rows],
            counts=[cell.count for _, cell in rows],
            links=[cell.link for _, cell in rows],
        )
        shared = [(label, [_part(cell, n)]) for label, cell in rows]
        head = (self._t("pattern.answer"), self._t("pattern.stories"))
        return Pattern("bar", question.asks, n, head, shared, [picture])

    def _histogram(self, question: Question) -> Pattern:
        values = [v for each in self.stories if isinstance(v := each.answers.get(question.id), int)]
        left, right = question.answers[0][1], question.answers[1][1]
        links = [self._link(question, stretch) for stretch in BINS]
        counts = _binned(values)
        rows = [
            (self._stretch(left, right, place), [Cell(counts[place], links[place])])
            for place in range(len(BINS))
        ]
        picture = HistogramPicture(
            question.asks, question.label, left, right, [""], [values], [links]
        )
        head = (self._t("pattern.place"), self._t("pattern.stories"))
        return Pattern("histogram", question.asks, len(values), head, rows, [picture])

    def _triad(self, question: Question) -> Pattern:
        placed = [
            (each, v)
            for each in self.stories
            if isinstance(v := each.answers.get(question.id), list)
            and len(v) == 3
            and all(isinstance(share, int) for share in v)
        ]
        poles = [label for _, label in question.answers]
        heaviest = Counter(v.index(max(v)) for _, v in placed)
        rows = [
            (pole, [Cell(heaviest[place], self._link(question, f"pole:{place}"))])
            for place, pole in enumerate(poles)
        ]
        newest = placed[:MOST_POINTS]
        picture = TriadPicture(
            question.asks,
            question.label,
            poles,
            [(v[0], v[1], v[2]) for _, v in newest],
            [f"/coordinator/story/{each.id}" for each, _ in newest],
        )
        head = (self._t("pattern.heaviest"), self._t("pattern.stories"))
        left_out = len(placed) - len(newest)
        return Pattern("triad", question.asks, len(placed), head, rows, [picture], left_out)

    # -- two questions

    def _contingency(self, one: Question, other: Question) -> Pattern:
        pairs: Counter[tuple[str, str]] = Counter()
        n = 0
        for each in self.stories:
            rows, columns = each.answers.get(one.id) or [], each.answers.get(other.id) or []
            n += bool(rows and columns)
            pairs.update((row, column) for row in rows for column in columns)
        down = Counter({a: sum(c for (r, _), c in pairs.items() if r == a) for a, _ in one.answers})
        across = Counter(
            {a: sum(c for (_, r), c in pairs.items() if r == a) for a, _ in other.answers}
        )
        shown, rest = self._split(one, down)
        heads, further = self._split(other, across)
        rows_ = []
        for row in [*shown, *([OTHERS] if rest else [])]:
            members = rest if row == OTHERS else [row]
            total = sum(down[member] for member in members)
            cells = []
            for column in [*heads, *([OTHERS] if further else [])]:
                among = further if column == OTHERS else [column]
                count = sum(pairs[r, c] for r in members for c in among)
                plain = OTHERS not in (row, column)
                link = behind(self._filters, {one.id: row, other.id: column}) if plain else ""
                cells.append(_part(Cell(count, link), total))
            rows_.append((self._name(one, row, rest), cells))
        columns_ = [*heads, *([OTHERS] if further else [])]
        head = ["", *(self._name(other, column, further) for column in columns_)]
        return Pattern("contingency", f"{one.label} × {other.label}", n, head, rows_)

    def _by_answer(self, scale: Question, choice: Question) -> Pattern:
        places: dict[str, list[int]] = {answer: [] for answer, _ in choice.answers}
        n = 0
        for each in self.stories:
            value, answers = each.answers.get(scale.id), each.answers.get(choice.id) or []
            if isinstance(value, int) and answers:
                n += 1
                for answer in answers:
                    places.setdefault(answer, []).append(value)
        shown, _ = self._split(choice, Counter({a: len(v) for a, v in places.items()}))
        left, right = scale.answers[0][1], scale.answers[1][1]
        links = [
            [behind(self._filters, {scale.id: stretch, choice.id: answer}) for stretch in BINS]
            for answer in shown
        ]
        rows = [
            (choice.said(answer), [Cell(len(places[answer]), self._link(choice, answer)),
                                   Cell(round(median(places[answer])))])
            for answer in shown
        ]  # fmt: skip
        picture = HistogramPicture(
            title=f"{scale.label} × {choice.label}",
            about=scale.asks,
            left=left,
            right=right,
            groups=[choice.said(answer) for answer in shown],
            values=[places[answer] for answer in shown],
            links=links,
        )
        head = (choice.label, self._t("pattern.stories"), self._t("pattern.middle"))
        pictures = [picture] if shown else []
        return Pattern("groups", f"{scale.label} × {choice.label}", n, head, rows, pictures)

    def _scatter(self, one: Question, other: Question) -> Pattern:
        placed = [
            (each.id, a, b)
            for each in self.stories
            if isinstance(a := each.answers.get(one.id), int)
            and isinstance(b := each.answers.get(other.id), int)
        ]
        newest = placed[:MOST_POINTS]
        ends = [(q.label, q.answers[0][1], q.answers[1][1]) for q in (one, other)]
        picture = ScatterPicture(
            title=f"{one.label} × {other.label}",
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
                low, high = (int(end) for end in stretch_a.split("-"))
                bottom, top = (int(end) for end in stretch_b.split("-"))
                count = sum(low <= a <= high and bottom <= b <= top for _, a, b in placed)
                link = behind(self._filters, {one.id: stretch_a, other.id: stretch_b})
                cells.append(Cell(count, link))
            rows.append((up, cells))
        head = ("", ends[0][1], ends[0][2])
        left_out = len(placed) - len(newest)
        title = f"{one.label} × {other.label}"
        return Pattern("scatter", title, len(placed), head, rows, [picture], left_out)

    # -- inside

    def _split(self, question: Question, counts: Counter[str]) -> tuple[list[str], list[str]]:
        """The answers that stand alone, in the order of the guide, and the rare ones together."""
        given = [answer for answer, _ in question.answers if counts[answer]]
        rare = [answer for answer in given if self._merge and counts[answer] < RARE]
        if len(rare) < 2:
            return given, []
        return [answer for answer in given if answer not in rare], rare

    def _name(self, question: Question, answer: str, rest: Sequence[str]) -> str:
        if answer == OTHERS:
            return self._t("pattern.others", n=len(rest))
        return question.said(answer)

    def _link(self, question: Question, answer: str) -> str:
        return behind(self._filters, {question.id: answer})

    def _stretch(self, left: str, right: str, place: int) -> str:
        return {0: left, len(BINS) - 1: right}.get(place, BINS[place].replace("-", "–"))


def _part(cell: Cell, total: int) -> Cell:
    return Cell(cell.count, cell.link, round(100 * cell.count / total) if total else None)


def _binned(values: Sequence[int]) -> list[int]:
    counts = [0] * len(BINS)
    for value in values:
        counts[min(value // 10, len(BINS) - 1)] += 1
    return counts
