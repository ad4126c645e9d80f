"""Learns the weights of the evidence for names: `python -m benchmarks.redact_train nl`.

Learns from the stories of `redact_corpus` whose names hold "dev", from the lessons beside them,
from sentences of `distress_corpus` that name hardly anybody,
and from variants of both: other names, of all origins and of none; small letters, capitals, no
signs; names where a pronoun stood. Writes `conversations/wordlist/weights-<language>.tsv`.
The same stories give the same weights.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.redact_variants import Variants
from conversations.redaction.find import WESTERN, before_names
from conversations.redaction.findings import Findings
from conversations.redaction.names import read
from conversations.redaction.rules.standing import standing
from conversations.redaction.weights import LABELS
from conversations.wordlist.lexicon import Lexicon
from conversations.wordlist.load import HOME, lexicon_of

Story = dict[str, Any]
Example = tuple[list[str], int]
CORPUS = Path(__file__).parent / "redact_corpus"
SAID = Path(__file__).parent / "distress_corpus"
EPOCHS = 6
VARIANTS = 900
LEAST = 3
"""Evidence that stands in fewer stories is not learned."""
_MARK = re.compile(r"\{\{(\w+)(?::\w+)?\|(.*?)\}\}")


def parts(language: str) -> list[str]:
    """The files that hold stories to learn from."""
    return [p.name for p in sorted(CORPUS.glob("*.jsonl")) if _learns(p.stem, language)]


def _learns(stem: str, language: str) -> bool:
    if stem in ("names", "frames"):
        return False
    of = stem.split("-")
    if of[0] == "hands":
        return of[1] == language and "test" not in of
    return stem == (f"{language}-dev" if language != "nl" else "dev")


def stories(language: str) -> list[Story]:
    """All stories and lessons to learn from."""
    told = [
        json.loads(line)
        for name in parts(language)
        for line in (CORPUS / name).read_text("utf-8").splitlines()
    ]
    lessons = CORPUS / f"lessons-{language}.txt"
    if lessons.exists():
        told += [
            lesson(line)
            for line in lessons.read_text("utf-8").splitlines()
            if line and not line.startswith("#")
        ]
    return told + list(_said(language))


def _said(language: str) -> Iterator[Story]:
    """What people say and hardly name anybody: sentences on distress that are learned from."""
    lines = (CORPUS / "said-names.txt").read_text("utf-8").splitlines()
    names = [line.split("\t") for line in lines if line.startswith(language + "\t")]
    texts: dict[str, None] = {}
    for path in sorted(SAID.glob("*.jsonl")):
        for each in map(json.loads, path.read_text("utf-8").splitlines()):
            if "test" not in path.stem and each.get("lang", "nl") == language:
                texts[each["text"]] = None
    for text in texts:
        spans = [
            {"kind": kind, "start": found.start(), "end": found.end()}
            for _, kind, name in names
            for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        ]
        yield {"text": text, "spans": sorted(spans, key=lambda span: span["start"])}


def lesson(line: str) -> Story:
    """A line with marks ("{{PER|Jan}} belde") as a story."""
    text, spans, last = "", [], 0
    line = line.replace("\\n", "\n")
    for mark in _MARK.finditer(line):
        text += line[last : mark.start()]
        spans.append({"kind": mark[1], "start": len(text), "end": len(text) + len(mark[2])})
        text += mark[2]
        last = mark.end()
    return {"text": text + line[last:], "spans": spans}


def examples(story: Story, lexicon: Lexicon, language: str) -> Iterator[Example]:
    """The evidence for every word that is weighed, with the index of its label."""
    text = story["text"].translate(WESTERN)
    found = Findings()
    before_names(standing(text), language, language, found)
    tokens, evidence = read(text, found, lexicon, language)
    gold = [_gold(token.start, token.end, story["spans"]) for token in tokens]
    for at in range(len(tokens)):
        if evidence.active[at] and gold[at] >= 0:
            one = LABELS[max(gold[at - 1], 0)] if at else "^"
            two = LABELS[max(gold[at - 2], 0)] if at > 1 else "^"
            yield evidence.of(at, one, two), gold[at]


def _gold(start: int, end: int, spans: Sequence[dict[str, Any]]) -> int:
    for span in spans:
        if start < span["end"] and span["start"] < end:
            kind = span["kind"]
            return LABELS.index(kind) if kind in LABELS else -1 if kind == "UNIQUE" else 0
    return 0


class Learner:
    """Multinomial logistic regression, an example at a time, with a rate for each weight."""

    def __init__(self) -> None:
        self.table: dict[str, list[float]] = {}
        self._seen: dict[str, list[float]] = {}

    def learn(self, features: Sequence[str], gold: int, rate: float) -> None:
        """Move the weights towards the right label."""
        size = len(LABELS)
        scores = [0.0] * size
        for feature in features:
            for at, each in enumerate(self.table.get(feature, ()), 1):
                scores[at] += each
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        whole = sum(powers)
        if powers[gold] > 0.995 * whole:
            return
        steps = [(at == gold) - powers[at] / whole for at in range(1, size)]
        for feature in features:
            worth = self.table.setdefault(feature, [0.0] * (size - 1))
            seen = self._seen.setdefault(feature, [0.3] * (size - 1))
            for at, step in enumerate(steps):
                if abs(step) > 0.002:
                    seen[at] += step * step
                    worth[at] += rate * step / math.sqrt(seen[at])


def train(
    told: Sequence[Story],
    lexicon: Lexicon,
    language: str,
    vary: Callable[[Story, random.Random], Story],
) -> dict[str, list[float]]:
    """The weights that these stories and their variants teach."""
    chance = random.Random(1)
    base = [list(examples(story, lexicon, language)) for story in told]
    rounds: list[list[Example]] = []
    seen: dict[str, set[int]] = defaultdict(set)
    for _ in range(EPOCHS):
        numbers = chance.sample(range(len(told)), min(VARIANTS, len(told)))
        varied = [(n, list(examples(vary(told[n], chance), lexicon, language))) for n in numbers]
        both = [*enumerate(base), *varied]
        for number, each in both:
            for features, _ in each:
                for feature in features:
                    if len(seen[feature]) < LEAST:
                        seen[feature].add(number)
        rounds.append([example for _, each in both for example in each])
    known = {feature for feature, numbers in seen.items() if len(numbers) >= LEAST}
    learner = Learner()
    for turn, round_ in enumerate(rounds):
        chance.shuffle(round_)
        for features, gold in round_:
            learner.learn(
                [each for each in features if each in known], gold, 0.5 / (1 + 0.4 * turn)
            )
    return learner.table


def write(language: str, table: dict[str, list[float]]) -> int:
    """Write the weights that say something, in hundredths."""
    lines = []
    for feature in sorted(table):
        worth = [round(100 * each) for each in table[feature]]
        if max(map(abs, worth)) >= 4:
            lines.append(
                "\t".join([feature.replace("\n", "\\n"), *(str(each or "") for each in worth)])
            )
    (HOME / f"weights-{language}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def main() -> None:
    """Learn the weights of one language, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", choices=("nl", "tr", "ar"))
    language = parser.parse_args().language
    table = train(stories(language), lexicon_of(language), language, Variants(language).of)
    print(write(language, table), "pieces of evidence")


if __name__ == "__main__":
    main()
