"""Two changes that were made of one save of a guide, put together: what one of them changed is
taken, step by step and part by part; what both changed, each into something else, is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from conversations.authoring.guide_text import GuideText, NotEditable, StepBlock
from conversations.authoring.guide_toml import step_toml
from conversations.authoring.starter import id_of

Side = Literal["mine", "theirs"]
Data = Mapping[str, Any]
LISTS = ("options", "poles")
ORDER = "order"
"""The part of the guide that is the order of its steps."""


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed. `step` is empty for the guide itself. `part` is a key of it;
    `option.<id>` for an answer, and `option.<id>.<key>` for a part of that; empty for the step as a
    whole. None where it is gone."""

    step: str
    part: str
    mine: object
    theirs: object

    @property
    def name(self) -> str:
        return f"{self.step}/{self.part}"


@dataclass(frozen=True, slots=True)
class MergedDraft:
    """Both changes together. What is in `clashes` is theirs in it, until somebody chooses."""

    text: GuideText
    clashes: tuple[Clash, ...]


def merge_drafts(
    base: GuideText,
    mine: GuideText,
    theirs: GuideText,
    chosen: Sequence[tuple[Clash, Side]] = (),
) -> MergedDraft:
    """`mine` and `theirs` were both made of `base`. A choice counts for the clash as it was shown,
    and for no other. Raises NotEditable when the steps of one cannot be told apart by their id."""
    for text in (base, mine, theirs):
        if len(set(text.ids)) != len(text.ids):
            raise NotEditable("two steps have one id")
    mine = _kept_apart(base, mine, theirs)
    merge = _Merge([*chosen])
    steps = merge.items("", "", _by_id(base), _by_id(mine), _by_id(theirs))
    order = merge.order("", ORDER, (base.ids, mine.ids, theirs.ids), steps.keys())
    blocks = [_block(each, steps[each], base, mine, theirs) for each in order]
    head = merge.head(base, mine, theirs)
    made = GuideText.read(GuideText(head, tuple(blocks)).text)
    return MergedDraft(made, tuple(merge.clashes))


@dataclass
class _Merge:
    """Merges tables, and collects what it cannot decide."""

    chosen: list[tuple[Clash, Side]]
    clashes: list[Clash] = field(default_factory=list)

    def value(self, step: str, part: str, base: object, mine: object, theirs: object) -> object:
        """One thing that has no parts."""
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        clash = Clash(step, part, mine, theirs)
        for known, side in self.chosen:
            if known == clash:
                return mine if side == "mine" else theirs
        self.clashes.append(clash)
        return theirs

    def table(self, step: str, part: str, base: Data, mine: Data, theirs: Data) -> dict[str, Any]:
        """A step, or one of its answers, key by key."""
        found: dict[str, Any] = {}
        prefix = f"{part}." if part else ""
        for key in {**theirs, **mine}:
            three = base.get(key), mine.get(key), theirs.get(key)
            if part or key not in LISTS or not all(map(_apart, three)):
                value = self.value(step, f"{prefix}{key}", *three)
            else:
                value = self.listed(step, key, *map(_listed, three))
                if not value and None in three[1:]:
                    value = None
            if value is not None:
                found[key] = value
        return found

    def listed(
        self,
        step: str,
        key: str,
        base: Sequence[Data],
        mine: Sequence[Data],
        theirs: Sequence[Data],
    ) -> list[dict[str, Any]]:
        """The answers (or poles) of a step."""
        three = [{str(item["id"]): item for item in each} for each in (base, mine, theirs)]
        found = self.items(step, key.removesuffix("s"), *three)
        order = self.order(step, key, ([*three[0]], [*three[1]], [*three[2]]), found.keys())
        return [found[each] for each in order]

    def items(
        self,
        step: str,
        part: str,
        base: Mapping[str, Data],
        mine: Mapping[str, Data],
        theirs: Mapping[str, Data],
    ) -> dict[str, dict[str, Any]]:
        """Steps, or the answers of one, by id: each is changed by parts, or it comes or goes as a
        whole."""
        found: dict[str, dict[str, Any]] = {}
        for name in {**theirs, **mine}:
            old, here, there = base.get(name), mine.get(name), theirs.get(name)
            at = (step, f"{part}.{name}") if part else (name, "")
            if here is not None and there is not None:
                found[name] = self.table(*at, old or {}, here, there)
                continue
            value = self.value(*at, old, here, there)
            if isinstance(value, Mapping):
                found[name] = dict(value)
        return found

    def order(
        self,
        step: str,
        part: str,
        three: tuple[Sequence[str], Sequence[str], Sequence[str]],
        kept: Collection[str],
    ) -> list[str]:
        """In which order those that are kept stand."""
        base, mine, theirs = ([each for each in some if each in kept] for some in three)
        shared = {*base} & {*mine} & {*theirs}
        was, here, there = (
            tuple(each for each in some if each in shared) for some in (base, mine, theirs)
        )
        if self.value(step, part, was, here, there) == there:
            return _woven(theirs, mine)
        return _woven(mine, theirs)

    def head(self, base: GuideText, mine: GuideText, theirs: GuideText) -> str:
        """What stands above the steps."""
        if mine.head in (base.head, theirs.head):
            return theirs.head
        if theirs.head == base.head:
            return mine.head
        three = [_above(each) for each in (base, mine, theirs)]
        made = self.table("", "", *three)
        changed = {key: value for key, value in made.items() if value != three[2].get(key)}
        return theirs.with_head(changed).head


def _kept_apart(base: GuideText, mine: GuideText, theirs: GuideText) -> GuideText:
    """Two new steps that got one id are two steps, unless they ask the same."""
    taken = {*base.ids, *mine.ids, *theirs.ids}
    for name in [each for each in mine.ids if each in theirs.ids and each not in base.ids]:
        here, there = mine.step(name) or {}, theirs.step(name) or {}
        if here.get("say") != there.get("say"):
            new = id_of(name, taken)
            taken.add(new)
            mine = mine.with_id(name, new)
    return mine


def _woven(first: Sequence[str], other: Sequence[str]) -> list[str]:
    """`first`, with what only the other has behind what it stands behind there."""
    found = list(first)
    for place, name in enumerate(other):
        if name not in found:
            before = [found.index(each) for each in other[:place] if each in found]
            found.insert(before[-1] + 1 if before else 0, name)
    return found


def _block(name: str, step: Data, base: GuideText, mine: GuideText, theirs: GuideText) -> StepBlock:
    """The step as it was written, where it is as one of them wrote it."""
    old, here, there = (_found(each, name) for each in (base, mine, theirs))
    known = there or here
    if here and there and here.above != there.above and old and old.above == there.above:
        known = StepBlock(here.above, there.text, there.data)
    for each in (there, here):
        if each and known and dict(each.data) == dict(step):
            return StepBlock(known.above, each.text, each.data)
    return StepBlock(known.above if known else "\n", step_toml(step), step)


def _found(text: GuideText, name: str) -> StepBlock | None:
    return next((block for block in text.steps if block.id == name), None)


def _by_id(text: GuideText) -> dict[str, Data]:
    return {block.id: block.data for block in text.steps}


def _above(text: GuideText) -> dict[str, Any]:
    return {key: value for key, value in text.data.items() if key != "step"}


def _listed(value: object) -> Sequence[Data]:
    return value if isinstance(value, list) else ()


def _apart(value: object) -> bool:
    """Whether these are answers that can be told apart, or none at all."""
    if value is None:
        return True
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return False
    ids = [each.get("id") for each in value]
    return all(isinstance(each, str) for each in ids) and len({*ids}) == len(ids)
