"""Whether the dry run forecasts right: 1,000 simulated projects for each of four plans, beside what
was forecast of them. `python -m benchmarks.dry_run`; exit code 1 when a forecast is more than
3 points off."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from random import Random

from conversations.authoring.dry_run import SKIPS, Forecast, Walked, forecast, walk
from conversations.checks.walk.probes import FACTS
from conversations.guide.loading import load_guides

PLANS = (
    ("follow_up", 30, 3),
    ("follow_up", 60, 10),
    ("resident", 80, 12),
    ("professional", 120, 8),
)
PROJECTS = 1000
SMALL = 5
CLOSE = 3.0
WALKS = 60


def main() -> None:
    worst = 0.0
    for guide_id, stories, teams in PLANS:
        began = time.process_time()
        guide, lot = load_guides().get(guide_id, "nl"), Random(f"{guide_id} {stories}")
        fills = any(step.fill == "team" for step in guide.steps.values())
        facts = FACTS if fills else {**FACTS, "team_id": "oost"}
        found = forecast(guide, facts, stories=stories, teams=teams, small=SMALL, chance=lot.random)
        others = [walk(guide, facts, lot.random, {}) for _ in range(WALKS)]
        lines = [
            ("finish", found.finished, 100 * _finishing(found, others, lot)),
            *_seen(found, lot),
            *_gated(found, lot),
        ]
        print(f"{guide_id}, {stories} stories, {teams} teams, {PROJECTS} projects:")
        for name, forecasted, simulated in lines:
            off = abs(forecasted - simulated)
            worst = max(worst, off)
            print(
                f"  {name:34} forecast {forecasted:5.1f}  simulated {simulated:5.1f}  off {off:.1f}"
            )
        print(f"  {time.process_time() - began:.1f} s of processor")
    print(f"the worst is {worst:.1f} points off")
    sys.exit(worst > CLOSE)


def _finishing(found: Forecast, walks: list[Walked], lot: Random) -> float:
    """How many of those who begin come to the end, leaving by lot at each question."""
    begun = finished = 0
    for _ in range(PROJECTS):
        for _ in range(found.tellers):
            went = lot.choice(walks)
            begun += 1
            steps = (*went.reaches[1:], went.finishes)
            finished += all(
                lot.random() * before < after
                for before, after in zip(went.reaches, steps, strict=True)
            )
    return finished / begun


def _seen(found: Forecast, lot: Random) -> Iterator[tuple[str, float, float]]:
    """How often a difference that is there is seen, by the test that the pages use."""
    each = found.answered // 2
    for difference in found.differences:
        seen = 0
        for _ in range(PROJECTS):
            one, two = (
                sum(lot.random() < 0.5 + sign * difference.points / 200 for _ in range(each))
                for sign in (-1, 1)
            )
            pooled = (one + two) / (2 * each)
            spread = (2 * pooled * (1 - pooled) / each) ** 0.5
            seen += bool(spread) and abs(two - one) / each > 1.96 * spread
        yield (
            f"a difference of {difference.points} points",
            difference.percent,
            100 * seen / PROJECTS,
        )


def _gated(found: Forecast, lot: Random) -> Iterator[tuple[str, float, float]]:
    """What the gate lets be seen of teams, and hides of the answers of each."""
    for view in found.gate:
        shown = hidden = 0
        for _ in range(PROJECTS):
            told = [0] * found.teams
            answers = [[0] * 4 for _ in range(found.teams)]
            for _ in range(view.stories):
                team = lot.randrange(found.teams)
                told[team] += 1
                if lot.random() >= SKIPS:
                    answers[team][lot.randrange(4)] += 1
            shown += sum(each >= SMALL for each in told)
            hidden += sum(each < SMALL for row in answers for each in row)
        of = PROJECTS * found.teams
        yield f"teams shown after {view.stories}", view.shown, 100 * shown / of
        yield f"answers hidden after {view.stories}", view.hidden, 100 * hidden / (4 * of)


if __name__ == "__main__":
    main()
