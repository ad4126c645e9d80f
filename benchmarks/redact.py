"""Measures how well identifying details are found: `python -m benchmarks.redact [PART]`.

The stories are invented; Turkish and Arabic have parts of their own (`tr-test`). The rules were
written beside the parts `dev`; the parts `test` are only measured. A detail is hidden when every
character of it lies within a span.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conversations.redact import Span, find

CORPUS = Path(__file__).parent / "redact_corpus"
DUTCH = ("dev", "test")
ABROAD = ("tr-dev", "tr-test", "ar-dev", "ar-test")
DIRECT = frozenset(
    ("PER", "ADDRESS", "POSTCODE", "PHONE", "EMAIL", "URL", "HANDLE", "IBAN", "BSN", "BIRTHDATE")
)
ORIGINS = {
    "af": "Afghan", "cn": "Chinese", "cw": "Caribbean", "er": "Eritrean", "es": "Spanish",
    "fy": "Frisian", "gh": "Ghanaian", "ir": "Iranian", "ma": "Moroccan", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "so": "Somali", "sr": "Surinamese", "sy": "Syrian",
    "tr": "Turkish", "ua": "Ukrainian", "vn": "Vietnamese",
}  # fmt: skip


@dataclass
class Score:
    """What a run over stories counts. Counters are by kind or origin."""

    gold: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    proposed: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    origin: Counter[str] = field(default_factory=Counter)
    origin_hidden: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    alarms: int = 0
    seconds: list[float] = field(default_factory=list)

    def direct(self) -> float:
        """The share of direct identifiers that is hidden, 0-1."""
        return _share(_of(self.hidden, DIRECT), _of(self.gold, DIRECT))

    def alarm_rate(self) -> float:
        """The share of clean stories in which anything is proposed, 0-1."""
        return _share(self.alarms, self.clean)


def stories(part: str) -> list[dict[str, Any]]:
    """The stories of a part of the corpus: one of `DUTCH` or `ABROAD`."""
    lines = (CORPUS / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def measure(told: Iterable[dict[str, Any]]) -> Score:
    """Run the finder over stories and count."""
    score = Score()
    for language in ("nl", "tr"):
        find("Vooraf, zodat het laden niet meetelt. Fatima (فاطمة) belde 06-12345678.", language)
    for story in told:
        began = time.perf_counter()
        spans = find(story["text"], story.get("lang", "nl"))
        score.seconds.append(time.perf_counter() - began)
        _count(score, story, spans)
    return score


def _count(score: Score, story: dict[str, Any], spans: tuple[Span, ...]) -> None:
    score.clean += story["clean"]
    score.alarms += bool(story["clean"] and spans)
    covered = {at for span in spans for at in range(span.start, span.end)}
    for gold in story["spans"]:
        hidden = all(at in covered for at in range(gold["start"], gold["end"]))
        score.gold[gold["kind"]] += 1
        score.hidden[gold["kind"]] += hidden
        if origin := gold.get("origin"):
            score.origin[origin] += 1
            score.origin_hidden[origin] += hidden
    for span in spans:
        score.proposed[span.kind] += 1
        score.right[span.kind] += any(
            span.start < gold["end"] and gold["start"] < span.end for gold in story["spans"]
        )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _of(counter: Counter[str], kinds: Iterable[str]) -> int:
    return sum(counter[kind] for kind in kinds)


def _row(name: str, part: int, whole: int) -> str:
    return f"{part:4} of {whole:4}  {100 * _share(part, whole):5.1f} %  {name}"


def report(part: str, score: Score) -> str:
    """The table of one part, as text."""
    times = sorted(score.seconds)
    lines = [f"== {part}: {len(times)} stories", "hidden (recall), by kind"]
    lines += [_row(kind, score.hidden[kind], score.gold[kind]) for kind in sorted(score.gold)]
    lines += ["right (precision), by kind"]
    lines += [
        _row(kind, score.right[kind], score.proposed[kind]) for kind in sorted(score.proposed)
    ]
    lines += ["names hidden, by origin"]
    lines += [
        _row(ORIGINS[origin], score.origin_hidden[origin], score.origin[origin])
        for origin in sorted(score.origin, key=ORIGINS.__getitem__)
    ]
    lines += [
        "together",
        _row("direct identifiers hidden", _of(score.hidden, DIRECT), _of(score.gold, DIRECT)),
        _row("all details hidden", score.hidden.total(), score.gold.total()),
        _row("proposals that are right", score.right.total(), score.proposed.total()),
        _row("clean stories with an alarm", score.alarms, score.clean),
        f"{1000 * times[len(times) // 2]:.2f} ms a story, {1000 * times[-1]:.2f} ms at most, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB for the process",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=(*DUTCH, *ABROAD))
    asked = parser.parse_args().part
    for part in (asked,) if asked else (*DUTCH, *ABROAD):
        print(report(part, measure(stories(part))))


if __name__ == "__main__":
    main()
