"""The weights of the evidence for names, learned from stories with marked details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LABELS = ("-", "PER", "PLACE", "ORG", "ADDRESS")
_TAUGHT = {"en": "nl"}
"""Languages that have no stories to learn from take the weights of another."""
HOME = Path(__file__).parent / "weights"


class Weights:
    """What every piece of evidence is worth for each label but the first, which stays at 0."""

    def __init__(self, table: Mapping[str, Sequence[float]]) -> None:
        self.table = table

    def scores(self, features: Sequence[str]) -> list[float]:
        """What the evidence adds up to, for each label."""
        a = b = c = d = 0.0
        get = self.table.get
        for feature in features:
            worth = get(feature)
            if worth is not None:
                a += worth[0]
                b += worth[1]
                c += worth[2]
                d += worth[3]
        return [0.0, a, b, c, d]


@cache
def weights_of(language: str) -> Weights:
    """The weights of a language, as `benchmarks.redact_train` wrote them."""
    table: dict[str, tuple[float, ...]] = {}
    for line in (
        (HOME / f"{_TAUGHT.get(language, language)}.tsv").read_text(encoding="utf-8").splitlines()
    ):
        feature, *worth = line.split("\t")
        table[feature.replace("\\n", "\n")] = tuple(int(w or 0) / 100 for w in worth)
    return Weights(table)
