"""Measures how well worrying words are noticed: `python -m benchmarks.distress [PART]`.

The sentences are invented. The patterns were written beside the parts `dev` and `own`, and the
weights were learned from all parts (files in `distress_corpus`) but those whose names end in
"-test": these are only measured. A sentence that asks for help is seen when the card
is shown.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conversations.distress.detect import worrying

CORPUS = Path(__file__).parent / "distress_corpus"
LANGUAGES = ("nl", "en", "tr", "ar")


@dataclass
class Score:
    """What a run over sentences counts, by kind."""

    asking: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    ordinary: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)

    def recall(self) -> float:
        """The share of sentences that ask for help after which the card is shown, 0-1."""
        return self.seen.total() / self.asking.total() if self.asking else 1.0

    def alarm_rate(self) -> float:
        """The share of ordinary sentences after which the card is shown, 0-1."""
        return self.alarms.total() / self.ordinary.total() if self.ordinary else 0.0


def parts() -> tuple[str, ...]:
    """The parts of the corpus, by the names of their files."""
    return tuple(sorted(path.stem for path in CORPUS.glob("*.jsonl")))


def sentences(part: str) -> list[dict[str, Any]]:
    """The sentences of a part: `{"id", "lang", "help", "kind", "text"}`."""
    text = (CORPUS / f"{part}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def measure(part: str, language: str) -> Score:
    """Read every sentence of a part in a language."""
    score = Score()
    for each in sentences(part):
        if each["lang"] != language:
            continue
        shown = worrying(each["text"], language)
        of_all, found = (
            (score.asking, score.seen) if each["help"] else (score.ordinary, score.alarms)
        )
        of_all[each["kind"]] += 1
        found[each["kind"]] += shown
    return score


def report(part: str) -> str:
    """What was measured, a line for each language and Dutch kind."""
    lines = []
    for language in LANGUAGES:
        score = measure(part, language)
        lines.append(
            f"{part} {language}: seen {score.seen.total()} of {score.asking.total()} "
            f"({score.recall():.0%}), shown needlessly {score.alarms.total()} of "
            f"{score.ordinary.total()} ({score.alarm_rate():.0%})"
        )
    dutch = measure(part, "nl")
    kinds = (f"{kind} {dutch.seen[kind]}/{dutch.asking[kind]}" for kind in sorted(dutch.asking))
    return "\n".join([*lines, f"{part} nl by kind: {', '.join(kinds)}"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", default=parts())
    for name in parser.parse_args().parts:
        print(report(name))
