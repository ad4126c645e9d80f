"""`vertelbot check`, `draw` and `redact`: what needs no store."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from bot.cli.common import Commands, Failure, command
from conversations.load import load_guides


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    check = command(commands, common, "check", "prove the promises of every guide", _check)
    check.add_argument("folder", nargs="?", type=Path, help="guides/ and locales/ (default: ours)")
    check.add_argument("--json", action="store_true", help="print the report as JSON")
    drawing = command(commands, common, "draw", "a guide as a Mermaid diagram", _draw)
    drawing.add_argument("guide", help="the id of the guide")
    drawing.add_argument("--language", default="nl", help="the language of its words")


def _check(options: argparse.Namespace) -> int:
    from conversations.check import check_report

    report = check_report(options.folder, time.perf_counter)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for guide in report["guides"]:
            print(
                f"{guide['id']:22} {', '.join(guide['languages']):10} "
                f"{guide['states']:7} states {guide['transitions']:9} transitions "
                f"{guide['seconds']:6.2f} s"
            )
            _problems(guide["problems"])
        _problems(report["problems"])
        print("All promises hold." if report["ok"] else "Not all promises hold.")
    return 0 if report["ok"] else 1


def _problems(problems: list[dict[str, Any]]) -> None:
    for problem in problems:
        place = f"{problem['file']}:{problem['line']}"
        step = f" {problem['step']}" if problem["step"] else ""
        print(f"  {place}{step}: {problem['message']} {problem['mend']}")


def _draw(options: argparse.Namespace) -> int:
    from conversations.draw import draw

    library = load_guides()
    if options.guide not in library.ids:
        raise Failure(f"{options.guide} is no guide: choose from {', '.join(library.ids)}")
    sys.stdout.write(draw(library.get(options.guide, options.language)))
    return 0
