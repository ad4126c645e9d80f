"""The weights of the evidence for names, learned from stories with marked details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LABELS = ("-", "PER", "PLACE", "ORG", "ADDRESS")


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

    def strongest(self, features: Sequence[str], label: int) -> str:
        """The name of the evidence that says most for a label."""
        worth = {
            feature: self.table[feature][label - 1] for feature in features if feature in self.table
        }
        return max(worth, key=worth.__getitem__).partition("=")[0] if worth else ""
