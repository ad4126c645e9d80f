"""`vertelbot check`, `draw` and `redact`: what needs no store, unless a guide of one is named."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from bot.cli.common import Commands, Failure, command, draft_option
from bot.clock import Clock
from conversations.guide.loading import help_lines
from conversations.guide.problem_texts import LANGUAGES
from conversations.guide.schema import ID
from conversations.redaction import READ_LANGUAGES

HELP_CHECKED_WITHIN = timedelta(days=180)


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    checking = command(commands, common, "check", "prove the promises of every guide", check)
    check_options(checking)
    drawing = command(commands, common, "draw", "a guide as a Mermaid diagram", draw_guide)
    draw_options(drawing)
    hiding = command(commands, common, "redact", "find what identifies people in a text", _redact)
    hiding.description = (
        "find what identifies people in a text; with --json it reads lines "
        '{"id", "text"} and prints lines {"id", "spans": [{"start", "end", "kind"}]}'
    )
    hiding.add_argument(
        "--language", choices=READ_LANGUAGES, default="nl", help="the language of the text"
    )


def check_options(check: argparse.ArgumentParser) -> None:
    """What `check` and `guide check` are told: they are one command."""
    check.add_argument(
        "place",
        nargs="?",
        type=Path,
        metavar="FOLDER|FILE|ID",
        help="a folder with guides/ and locales/, one guide, or the id of one (default: all of "
        "ours)",
    )
    draft_option(check)
    check.add_argument(
        "--language", choices=LANGUAGES, default="en", help="the language of what is said"
    )


def check(options: argparse.Namespace) -> int:
    """Prove the promises of a folder of guides, or of one."""
    report = _checked(options)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for guide in report["guides"]:
            print(
                f"{guide['id']:22} {', '.join(guide['languages']):10} "
                f"{guide['states']:7} states {guide['transitions']:9} transitions "
                f"{guide['seconds']:6.2f} s"
            )
            for language, asked in guide["burden"].items():
                print(
                    f"  {language:4} {asked['words']:4} words {asked['taps']:3} taps "
                    f"{asked['screens']:3} screens {asked['minutes']:5.2f} minutes"
                )
            _problems(guide["problems"])
            _problems(guide["advice"], "advice: ")
        _problems(report["problems"])
        print("All promises hold." if report["ok"] else "Not all promises hold.")
    if warning := help_warning(help_lines()["checked_on"], Clock.from_environment().now().date()):
        print(f"warning: {warning}", file=sys.stderr)
    return 0 if report["ok"] else 1


def _checked(options: argparse.Namespace) -> dict[str, Any]:
    """What was found: in a folder, a file, or the guide of this name."""
    from conversations.checks.report import check_report, report_of

    place: Path | None = options.place
    if options.draft and place is None:
        raise Failure("say the id of the draft: vertelbot guide check ID --draft")
    if place and (options.draft or (not place.exists() and ID.fullmatch(str(place)))):
        from bot.cli.authoring.named_guide import named_guide

        found = named_guide(options, str(place))
        return report_of(str(place), found.check, time.perf_counter, options.language)
    if place and not place.exists():
        raise Failure(f"{place}: there is no such file or folder")
    try:
        return check_report(place, time.perf_counter, options.language)
    except OSError as error:
        raise Failure(f"{place}: cannot be read ({error.strerror})") from None


def help_warning(checked_on: str, today: date) -> str:
    """What to say about the help numbers when nobody checked them lately; empty when they are
    fine. The day is written as 2026-12-01; empty means never."""
    try:
        age = today - date.fromisoformat(checked_on)
    except ValueError:
        age = None
    if age is not None and age <= HELP_CHECKED_WITHIN:
        return ""
    since = f"were last checked {age.days} days ago" if age else "were never checked"
    return (
        f"the help numbers {since}: call each of them, then write the day as checked_on in "
        "conversations/help.toml"
    )


def _problems(problems: list[dict[str, Any]], kind: str = "") -> None:
    for problem in problems:
        place = f"{problem['file']}:{problem['line']}"
        step = f" {problem['step']}" if problem["step"] else ""
        print(f"  {place}{step}: {kind}{problem['message']} {problem['mend']}")


def draw_options(drawing: argparse.ArgumentParser) -> None:
    """What `draw` and `guide draw` are told."""
    drawing.add_argument("guide", help="the id of the guide")
    drawing.add_argument("--language", default="nl", help="the language of its words")
    draft_option(drawing)


def draw_guide(options: argparse.Namespace) -> int:
    """Print a guide as a diagram."""
    from bot.cli.authoring.named_guide import named_guide
    from conversations.checks.draw import draw

    guide = named_guide(options, options.guide).in_language(options.language)
    sys.stdout.write(draw(guide))
    return 0


def _redact(options: argparse.Namespace) -> int:
    from conversations.redaction.find import find, redact_lines, replace

    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if options.json:
        try:
            for line in redact_lines(sys.stdin):
                print(line, flush=True)
        except ValueError as error:
            raise Failure(str(error)) from None
    else:
        text = sys.stdin.read()
        sys.stdout.write(replace(text, find(text, options.language)))
    return 0
