"""All figures that have a goal, each beside its peer, as tables: `benchmarks/RESULTS.md`.

A peer and Vertelbot are processes that do a round in turn, so that whatever else the machine does
meets both; what stands in the tables are medians of at least five rounds, and ratios of medians.
Peers that need libraries of their own run in `.venv/bench` (`make bench` makes it). A part that
fails leaves the others, and what stood there before.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import lightness, parts
from benchmarks.parts import Row

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    part.__name__: part
    for part in (
        parts.typed,
        parts.interview,
        parts.sessions,
        parts.open_conversations,
        parts.idle,
        lightness.names,
        parts.postgres,
        lightness.postgres_beside,
        parts.replicas,
        parts.webhook,
        parts.due,
        lightness.scrape,
        parts.recovery,
        parts.starting,
        lightness.commands,
        lightness.pages,
        lightness.suite,
    )
}
HEAD = "| what | against | measured | goal | reached |\n|---|---|---|---|---|\n"
ELSEWHERE = """## Measured by commands of their own

| what | command |
|---|---|
| 10,000 prompts at Telegram's pace | `python -m benchmarks prompts` |
| the digest of 342 municipalities over a million stories | `python -m benchmarks stories` |
| a year of meetings on a moved clock | `python -m benchmarks year` |
| hours of telling, and processes that are killed meanwhile | `python -m benchmarks.night` |
| turns over the Bot API, beside a bot that only echoes | `python -m benchmarks turns` |
| finding what identifies people | `python -m benchmarks redact` |
| writing recordings out | `python -m benchmarks speech` |
| pages of coordinators by role, and who waits beside | `python -m benchmarks coordinator_pages` |
| sense-making on simulated data | `python -m benchmarks bridging`, `contradictions`, `saturation` |
| the check of a guide as one types, and its proof | `python -m benchmarks.guide_check` |
| the same while somebody writes, and who waits beside | `python -m benchmarks.guide_typing` |
| what a dry run forecasts, beside 1,000 simulated projects | `python -m benchmarks.dry_run` |
| the attacker of the gate over a large year | `python -m benchmarks.attack_year` |
| a year of use, drawn, beside what really was | `python -m benchmarks.use_year` |
| two wordings: false alarms, and how soon a difference is told | `python -m benchmarks.wordings` |
| forty people who predict at once, beside people who tell | `python -m benchmarks.predicting` |
| a pack of 24 cards | `python -m benchmarks.pack` |
| bells with a budget of new people a day: days, nobody twice | `python -m benchmarks.bells` |
| two quick taps at one spot, in every guide | `python -m benchmarks.double_taps` |
| the web chat on a slow line: weight, first words | `python -m benchmarks page_weight` |

What came of the long ones: `benchmarks/long_runs.md`; what was made lighter, and what is left:
`benchmarks/lightness.md`, and of the time of an interview `benchmarks/profile.md`.
"""


def machine() -> str:
    cores, python = os.cpu_count(), platform.python_version()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {python}"


def measured(part: Callable[[], Iterator[Row]]) -> str:
    """The section of a part. What fails says so in a row of its own."""
    began, load = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), os.getloadavg()[0]
    rows: list[Row] = []
    try:
        rows.extend(part())
    except Exception as error:
        traceback.print_exc()
        rows.append((part.__name__, "", f"not measured ({type(error).__name__})", "", ""))
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    others = f"load {load:.1f} when it began, {os.getloadavg()[0]:.1f} when it ended"
    return f"{began}, {machine()}; {others}.\n\n{HEAD}{lines}\n"


def known() -> dict[str, str]:
    """The sections that are there, by part."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    return dict(re.findall(r"^## (\w+)\n\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))


def write(sections: dict[str, str]) -> None:
    there = [f"## {name}\n\n{sections[name].rstrip()}\n" for name in PARTS if name in sections]
    RESULTS.write_text("\n".join([f"# Results\n\n{__doc__}", *there, ELSEWHERE]), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill the tables of benchmarks/RESULTS.md.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    for name in parser.parse_args().only:
        print(f"== {name}: load {os.getloadavg()[0]:.1f}", flush=True)
        write({**known(), name: measured(PARTS[name])})
        print(f"   {name} is done: load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
