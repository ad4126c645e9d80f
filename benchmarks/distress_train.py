"""Learns the weights for words that ask for help: `python -m benchmarks.distress_train [LANGUAGE]`.

Learns from the sentences of `distress_corpus` (all files but those that end in "-test"), from the
lessons beside them, and from ordinary stories of `redact_corpus`, of which none asks for help.
Writes `conversations/distress/weights-<language>.tsv`. With `--check` it only says how well it does
on sentences of hands that it did not learn from. The same sentences give the same weights.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from babel.messages.pofile import read_po
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.distress import CORPUS, LANGUAGES, parts, sentences
from conversations.distress.classifier import (
    HOME,
    MARGIN,
    MARK,
    SCALE,
    features_of,
    parts_of,
    words_of,
)
from conversations.distress.detect import marks_of

Floats = NDArray[np.float64]
STORIES = Path(__file__).parent / "redact_corpus"
TOLD = {
    "nl": (
        "dev",
        "hands-nl-p-dev",
        "hands-nl-r-dev",
        "hands-nl-p-2-dev",
        "hands-nl-r-2-dev",
        "hands-nl-s-dev",
        "hands-nl-s-2-dev",
        "hands-nl-u-dev",
    ),
    "en": (),
    "tr": (
        *("tr-dev", "tr-test", "hands-tr-dev", "hands-tr-2-dev", "hands-tr-s-dev"),
        *("hands-tr-s-2-dev", "hands-tr-u-dev", "hands-tr-v-dev"),
    ),
    "ar": (
        *("ar-dev", "ar-test", "hands-ar-dev", "hands-ar-2-dev", "hands-ar-s-dev"),
        *("hands-ar-s-2-dev", "hands-ar-u-dev", "hands-ar-v-dev"),
    ),
}
EACH = 24
"""How many sentences are made of one lesson, at most."""
LESSON = 3.0
"""How much one lesson counts, however many sentences are made of it."""
STORY = 0.6
BESIDE = 0.15
"""How much a sentence counts beside which an ordinary one stands."""
PENALTY = 2.0
LEAST = 2
"""What stands in fewer texts is not learned."""
KEPT = 9000
"""How many weights are kept: the heaviest, each by how often it counts."""
FOLDS = 5
ALARMS = {"nl": 0.14, "en": 0.08, "tr": 0.12, "ar": 0.12}
"""The share of ordinary sentences after which the card may be shown while they are left out: less
where sentences are few, since new ones are judged worse than those that lessons stood beside."""
STORIES_ALARMED = 0.09
"""The share of ordinary stories that are left out after which the card may be shown."""
HANDS = (("hands-nl-en-train", "hands-tr-ar-train"), ("dev", "test"))
"""Files that are left out together, since the same hands wrote them."""
NEW = ("hands-nl-en-train", "hands-tr-ar-train", "test")
"""Files whose sentences the patterns were not made beside."""
_QUOTED = re.compile(r'"([^"\n]{4,})"')
TRANSCRIPTS = Path(__file__).parents[1] / "tests" / "conversations" / "transcripts"
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Example:
    """A text to learn from, as what it is weighed by."""

    part: str
    asks: bool
    worth: float
    features: Sequence[str]
    marks: frozenset[str]
    text: str
    source: str = ""


def example(
    part: str, text: str, language: str, asks: bool, worth: float = 1.0, source: str = ""
) -> Example:
    """A text as an example."""
    marks = marks_of(text, language)
    return Example(part, asks, worth, features_of(words_of(text)).names(), marks, text, source)


def parts_to_learn() -> list[str]:
    """The files of sentences to learn from."""
    return [part for part in parts() if not part.endswith("-test")]


def read(language: str) -> list[Example]:
    """The sentences of the corpus to learn from."""
    return [
        example(part, each["text"], language, each["help"])
        for part in parts_to_learn()
        for each in sentences(part)
        if each["lang"] == language
    ]


def between(language: str) -> Iterator[Example]:
    """Sentences that ask for help with an ordinary sentence before or after them, as they stand in
    a story."""
    told = [each for text in texts(language) for each in parts_of(text) if len(each) < 120]
    chance = random.Random(2)
    for part in parts_to_learn() if told else ():
        for each in sentences(part):
            if each["lang"] == language and each["help"]:
                text = each["text"] if each["text"][-1] in ".!?…؟" else f"{each['text']}."
                one, other = chance.sample(told, 2)
                for both in (f"{one} {text}", f"{text} {other}"):
                    yield example(part, both, language, True, BESIDE, each["text"])


def texts(language: str) -> list[str]:
    """The ordinary stories of a language."""
    asking = set((STORIES / "stories-that-ask.txt").read_text("utf-8").splitlines())
    told = (
        json.loads(line)
        for name in TOLD[language]
        for line in (STORIES / f"{name}.jsonl").read_text("utf-8").splitlines()
    )
    return [each["text"] for each in told if each["id"] not in asking]


def ordinary(language: str) -> Iterator[Example]:
    """The parts of ordinary stories."""
    for text in texts(language):
        for part in parts_of(text):
            yield example("stories", part, language, False, STORY, text)


def spoken(language: str) -> Iterator[Example]:
    """What Vertelbot itself says, and what is on its buttons: people answer in the same words."""
    said_by_us: set[str] = set()
    for path in sorted((HOME.parent / "locales" / language).rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                texts_of = (message.string, message.id if language == "nl" else "")
                said_by_us |= {each for each in texts_of if isinstance(each, str)}
    for path in sorted((HOME.parent / "guides").glob("*.toml")) if language == "nl" else ():
        said_by_us |= set(_QUOTED.findall(path.read_text("utf-8")))
    for path in sorted(TRANSCRIPTS.glob("*.txt")) if language in ("nl", "en") else ():
        lines = [each for each in path.read_text("utf-8").splitlines() if "leven" not in each]
        said_by_us |= {each.lstrip("> ") for each in lines if each.startswith("> ")}
    for text in sorted(said_by_us):
        for part in parts_of(text):
            yield example("spoken", part, language, False, STORY)


def lessons(language: str) -> Iterator[Example]:
    """Sentences made of the lessons: "+ I want to (go|die)" is two that ask for help."""
    chance = random.Random(1)
    for line in (CORPUS / f"lessons-{language}.txt").read_text("utf-8").splitlines():
        if line.startswith(("+", "-")):
            made = sorted({said(line[2:], chance) for _ in range(3 * EACH)})
            chosen = chance.sample(made, min(EACH, len(made)))
            for text in chosen:
                yield example("lessons", text, language, line[0] == "+", LESSON / len(chosen))


def said(lesson: str, chance: random.Random) -> str:
    """One of the sentences of a lesson."""
    return " ".join(_CHOICE.sub(lambda each: chance.choice(each[1].split("|")), lesson).split())


@dataclass
class Model:
    """Weights while they are learned."""

    places: dict[str, int]
    values: Floats

    def scores(self, examples: Sequence[Example]) -> Floats:
        """What examples weigh."""
        return np.asarray(matrix(examples, self.places) @ self.values[:-1] + self.values[-1])


def matrix(examples: Sequence[Example], places: dict[str, int]) -> Any:
    """Examples as rows, as they are weighed in `Classifier.score`."""
    ends, columns, values = [0], [], []
    for each in examples:
        size = SCALE / max(len(each.features), 1) ** 0.5
        for names, worth in ((each.features, size), (sorted(each.marks), MARK)):
            known = [places[name] for name in names if name in places]
            columns += known
            values += [worth] * len(known)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(examples), len(places)))


def fit(examples: Sequence[Example], names: Sequence[str]) -> Model:
    """Logistic regression with a penalty on every weight."""
    places = {name: place for place, name in enumerate(names)}
    rows = matrix(examples, places)
    signs = np.array([1.0 if each.asks else -1.0 for each in examples])
    worth = np.array([each.worth for each in examples])

    def loss(values: Floats) -> tuple[float, Floats]:
        scores = signs * (rows @ values[:-1] + values[-1])
        wrong = -worth * signs / (1 + np.exp(np.clip(scores, -500, 500)))
        total = (worth * np.logaddexp(0, -scores)).sum()
        total += PENALTY / 2 * (values[:-1] ** 2).sum()
        return float(total), np.append(rows.T @ wrong + PENALTY * values[:-1], wrong.sum())

    start = np.zeros(len(names) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return Model(places, found.x)


def learn(examples: Sequence[Example]) -> Model:
    """Learn from all that stands in more than one text, then once more from the heaviest of it."""
    seen = Counter(name for each in examples for name in (*each.features, *each.marks))
    first = fit(examples, sorted(name for name, times in seen.items() if times >= LEAST))
    heavy = {
        name: abs(first.values[place]) * seen[name] ** 0.5 for name, place in first.places.items()
    }
    marks = [name for name in heavy if name[:2] in ("k:", "e:")]
    words = sorted((n for n in heavy if n not in marks), key=lambda n: (-heavy[n], n))[:KEPT]
    return fit(examples, sorted([*words, *marks]))


def check(language: str, told: Sequence[Example], always: Sequence[Example]) -> float:
    """Say how well hands are judged that were not learned from, then a fifth of the sentences at a
    time; gives the weight above which few enough ordinary sentences of those lie."""
    new = [each for each in told if each.part in NEW and each.worth == 1.0]
    for hands in HANDS:
        left_out = [each for each in new if each.part in hands]
        found = judged(language, left_out, [e for e in told if e.part not in hands], always)
        print(
            language, hands, *(_at(found, [e.asks for e in left_out], share) for share in _SHARES)
        )
    scores: list[float] = []
    asks: list[bool] = []
    calm: list[float] = []
    stories = random.Random(4).sample(texts(language), len(texts(language)))
    order = random.Random(3).sample(new, len(new))
    for turn in range(FOLDS):
        left_out = order[turn::FOLDS]
        texts_out = {each.text for each in left_out}
        others = [
            each for each in told if each.text not in texts_out and each.source not in texts_out
        ]
        out = stories[turn::FOLDS]
        known = [each for each in always if each.source not in set(out)]
        told_out = [example("", text, language, False) for text in out]
        found = judged(language, [*left_out, *told_out], others, known)
        scores += list(found[: len(left_out)])
        calm += list(found[len(left_out) :])
        asks += [each.asks for each in left_out]
    print(language, "by fifths", *(_at(np.array(scores), asks, share) for share in _SHARES))
    limit = _limit(np.array(scores), asks, ALARMS[language])
    if calm:
        shown = sum(each > limit for each in calm) / len(calm)
        limit = max(limit, _limit(np.array(calm), [False] * len(calm), STORIES_ALARMED))
        seen = [each > limit for each, ask in zip(scores, asks, strict=True) if ask]
        print(language, f"stories: {shown:.0%} alarmed; at {STORIES_ALARMED:.0%} of them", end=" ")
        print(f"{sum(seen) / len(seen):.0%} of the sentences seen")
    return limit


def judged(
    language: str, left_out: Sequence[Example], told: Sequence[Example], always: Sequence[Example]
) -> Floats:
    """What texts weigh that were not learned from: as much as their heaviest part."""
    model = learn([*told, *always])
    weights = []
    for each in left_out:
        parts_out = [example("", part, language, each.asks) for part in parts_of(each.text)]
        least = MARGIN * math.log2(len(parts_out))
        weights.append(float(model.scores(parts_out).max()) - least)
    return np.array(weights)


_SHARES = (0.03, 0.05, 0.06, 0.075, 0.09, 0.12)


def _limit(scores: Floats, asks: Sequence[bool], share: float) -> float:
    calm = sorted(
        (score for score, each in zip(scores, asks, strict=True) if not each), reverse=True
    )
    return float(calm[int(share * len(calm))])


def _at(scores: Floats, asks: Sequence[bool], share: float) -> str:
    limit = _limit(scores, asks, share)
    wanted = [score > limit for score, each in zip(scores, asks, strict=True) if each]
    return f"{share:.1%}: {sum(wanted) / len(wanted):.0%}"


def write(language: str, model: Model, limit: float, common: Sequence[str]) -> int:
    """Write the weights that say something, in hundredths, so that zero is the limit."""
    rows = [f"common\t{' '.join(common)}", f"bias\t{model.values[-1] - limit:.2f}"]
    for name, place in sorted(model.places.items()):
        worth = round(100 * model.values[place])
        if worth:
            rows.append(f"{name}\t{worth}")
    (HOME / f"weights-{language}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return len(rows) - 2


def usual(told: Sequence[Example]) -> list[str]:
    """The words that stand in most sentences of a language."""
    seen = Counter(name[2:] for each in told for name in each.features if name[:2] == "w:")
    return sorted(sorted(seen, key=lambda word: (-seen[word], word))[:80])


def main() -> None:
    """Learn the weights of one language, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args()
    for language in chosen.languages:
        told = [*read(language), *between(language)]
        always = [*lessons(language), *ordinary(language), *spoken(language)]
        limit = check(language, told, always)
        if not chosen.check:
            model = learn([*told, *always])
            print(language, write(language, model, limit, usual(told)), "weights")


if __name__ == "__main__":
    main()
