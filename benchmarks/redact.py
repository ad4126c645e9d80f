"""Measures how well identifying details are found: `python -m benchmarks.redact [PART]`.

Every file of `redact_corpus` with stories is a part, by its name. What the weights were learned
from has "dev" in its name; what was never looked at while rules changed has "test". The parts
`hands` are by people who have not seen the rules. A detail is hidden when every character of it
lies within a span. `frames` with `names` ask for every origin of names in mid-sentence, and in
small letters.
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

from conversations.redaction.find import Span, find

CORPUS = Path(__file__).parent / "redact_corpus"
DIRECT = frozenset(
    (
        *("PER", "ADDRESS", "POSTCODE", "PHONE", "EMAIL", "URL", "HANDLE", "IBAN", "BSN"),
        *("BIRTHDATE", "PLATE", "ID"),
    )
)
_TRIES = 3
"""How many frames each name is put into."""
ORIGINS = {
    "af": "Afghan", "bg": "Bulgarian", "cn": "Chinese", "cw": "Caribbean", "er": "Eritrean",
    "es": "Spanish",
    "fy": "Frisian", "gh": "Ghanaian", "id": "Indonesian", "iq": "Iraqi", "ir": "Iranian",
    "ma": "Moroccan", "nl": "Dutch",
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
    clean: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def direct(self) -> float:
        """The share of direct identifiers that is hidden, 0-1."""
        return _share(_of(self.hidden, DIRECT), _of(self.gold, DIRECT))

    def alarm_rate(self, which: str = "") -> float:
        """The share of clean stories ("plain", "hard", or all) with a proposal, 0-1."""
        if which:
            return _share(self.alarms[which], self.clean[which])
        return _share(self.alarms.total(), self.clean.total())


def parts() -> tuple[str, ...]:
    """The names of the parts that hold stories."""
    names = sorted(path.stem for path in CORPUS.glob("*.jsonl"))
    return tuple(name for name in names if not name.startswith(("frames", "names")))


def stories(part: str) -> list[dict[str, Any]]:
    """The stories of a part of the corpus: one of `parts()`."""
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
    if story["clean"]:
        which = "hard" if story["hard"] else "plain"
        score.clean[which] += 1
        score.alarms[which] += bool(spans)
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
        _row(ORIGINS.get(origin, origin), score.origin_hidden[origin], score.origin[origin])
        for origin in sorted(score.origin, key=lambda origin: ORIGINS.get(origin, origin))
    ]
    lines += [
        "together",
        _row("direct identifiers hidden", _of(score.hidden, DIRECT), _of(score.gold, DIRECT)),
        _row("all details hidden", score.hidden.total(), score.gold.total()),
        _row("proposals that are right", score.right.total(), score.proposed.total()),
        *(
            _row(f"clean stories with an alarm, {which}", score.alarms[which], score.clean[which])
            for which in ("plain", "hard")
        ),
        f"{1000 * times[len(times) // 2]:.2f} ms a story, {1000 * times[-1]:.2f} ms at most, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB for the process",
    ]
    return "\n".join(lines)


def frames(half: str, case: str, tries: int = _TRIES) -> dict[str, float]:
    """For each origin the share of names that is hidden whole in sentence frames: in
    mid-sentence ("mid") or in small letters behind what announces them ("lower")."""
    framed = [each["frame"] for each in stories(f"frames-{half}") if each["case"] == case]
    hidden: dict[str, list[bool]] = {}
    for named in stories(f"names-{half}"):
        name = named["name"].lower() if case == "lower" else named["name"]
        tried = hidden.setdefault(named["origin"], [])
        for turn in range(tries):
            frame = framed[(len(tried) + turn) % len(framed)]
            start = frame.index("{name}")
            spans = find(frame.replace("{name}", name), "nl")
            covered = {at for span in spans for at in range(span.start, span.end)}
            tried.append(covered.issuperset(range(start, start + len(name))))
    return {origin: sum(tried) / len(tried) for origin, tried in sorted(hidden.items())}


def report_frames(half: str) -> str:
    """The table of names in sentence frames, as text."""
    lines = [f"== frames-{half}: names hidden in sentence frames, by origin"]
    mid, lower = frames(half, "mid"), frames(half, "lower")
    worst_first = sorted(mid, key=lambda origin: min(mid[origin], lower[origin]))
    lines += [
        f"{100 * mid[origin]:5.1f} % mid-sentence  {100 * lower[origin]:5.1f} % small letters  "
        f"{ORIGINS.get(origin, origin)}"
        for origin in worst_first
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    halves = [half for half in ("dev", "test") if (CORPUS / f"frames-{half}.jsonl").exists()]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "part", nargs="?", choices=(*parts(), *(f"frames-{half}" for half in halves))
    )
    asked = parser.parse_args().part
    for part in (asked,) if asked else parts():
        if not part.startswith("frames"):
            print(report(part, measure(stories(part))))
    for half in halves:
        if asked in (None, f"frames-{half}"):
            print(report_frames(half))


if __name__ == "__main__":
    main()
