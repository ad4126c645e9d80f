"""Two wordings of a question on the page of use: what each got, and what that means."""

from __future__ import annotations

from dataclasses import dataclass

from bot.coordinators.phrases import CoordinatorPhrases
from conversations.authoring.wording_comparison import FEWEST, Comparison, Wording, compare
from conversations.guide.model import Guide
from storage.guides.use_counts import VersionUse


@dataclass(frozen=True, slots=True)
class Compared:
    """Both wordings (key, words, counts), and the verdict in words."""

    both: tuple[tuple[str, str, Wording], ...]
    verdict: str


def compared(
    words: CoordinatorPhrases, guide: Guide, use: VersionUse, small: int
) -> Compared | None:
    """The comparison, where the guide asks one question in two wordings."""
    step = next((each for each in guide.steps.values() if each.other_say), None)
    if step is None:
        return None
    first, other = _counts(use, step.id, "a"), _counts(use, step.id, "b")
    verdict = _verdict(words, compare(first, other, small))
    return Compared((("first", step.say, first), ("other", step.other_say, other)), verdict)


def _counts(use: VersionUse, step: str, wording: str) -> Wording:
    came, answered = use.of(step, f"{wording}:came"), use.of(step, f"{wording}:answered")
    return Wording(came, min(came, answered))


def _verdict(words: CoordinatorPhrases, found: Comparison) -> str:
    match found.verdict:
        case "too_few":
            return words("wording.too_few", n=FEWEST)
        case "no_difference":
            return words("wording.no_difference", low=found.low, high=found.high)
    low, high = sorted((abs(found.low), abs(found.high)))
    return words(f"wording.{found.verdict}_wins", low=low, high=high)
