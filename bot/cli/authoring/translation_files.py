"""`vertelbot guide translations` and PO files that come back: what is translated, what waits."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from bot.cli.common import Commands, Failure, command, draft_option, show
from conversations.authoring.translation_table import (
    Kept,
    TranslationRow,
    fixed_rows,
    merge_translation,
    translation_rows,
    write_translation,
)
from conversations.guide.builder import fields
from conversations.guide.library import DUTCH
from conversations.guide.loading import load_guides
from conversations.guide.parsing import unreadable_po
from conversations.guide.po import NotPo
from storage.files import write_private

PARTIAL = 3
"""The exit code when some texts wait for a choice."""


def add(actions: Commands, common: argparse.ArgumentParser) -> None:
    about = "the texts of a guide in a language, beside their Dutch"
    listing = command(actions, common, "translations", about, _list)
    _options(listing)
    listing.add_argument("--fixed", action="store_true", help="the sentences of the bot as well")
    merging = command(actions, common, "translate", "take in a PO file of a guide", _merge)
    _options(merging)
    merging.add_argument("file", type=Path, help="the PO file that came back")
    merging.add_argument("--replace", action="store_true", help="also what was translated here")
    merging.add_argument("--output", type=Path, metavar="FILE", help="write what it becomes")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="the id of the guide")
    parser.add_argument("--language", required=True, help="the language: en, tr, ar, …")
    draft_option(parser)


def _list(options: argparse.Namespace) -> int:
    dutch, kept = _source(options)
    rows = translation_rows(dutch, kept)
    rows += fixed_rows(load_guides(), options.language) if options.fixed else []
    show(list(map(_shown, rows)), as_json=options.json, empty="there are no texts")
    return 0


def _shown(row: TranslationRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "state": row.state,
        "dutch": row.dutch,
        "shown": row.shown,
        "borrowed": row.borrowed,
    }


def _merge(options: argparse.Namespace) -> int:
    dutch, kept = _source(options)
    try:
        content = options.file.read_bytes()
        over = dutch if options.replace else ()
        merged = merge_translation(content, dutch, kept, over, options.language)
    except OSError as error:
        raise Failure(f"{options.file}: cannot be read ({error.strerror})") from None
    except NotPo as error:
        raise Failure(str(unreadable_po(str(options.file), error))) from None
    if options.output:
        made = write_translation(options.language, dutch, merged.kept)
        try:
            write_private(options.output, made, replace=False)
        except OSError as error:
            raise Failure(f"{options.output}: cannot be written ({error.strerror})") from None
    told = {
        "added": list(merged.added),
        "waiting": [
            {"key": key, "here": here, "there": there}
            for key, (here, there) in merged.waiting.items()
        ],
        "unknown": list(merged.unknown),
        "doubted": list(merged.doubted),
    }
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"{len(merged.added)} taken in, {len(merged.waiting)} differ, say --replace for them")
        for key, (here, there) in merged.waiting.items():
            print(f"  {key}: here “{here}”, there “{there}”")
        for key in merged.unknown:
            print(f"  {key}: the guide has no such text")
        for key in merged.doubted:
            print(f"  {key}: its translator doubts it (fuzzy): have it read")
        if options.output is None and merged.added:
            print("nothing was written: say --output FILE, or import it on the dashboard")
    return PARTIAL if merged.waiting else 0


def _source(options: argparse.Namespace) -> tuple[dict[str, str], Kept]:
    """The Dutch of a guide and what there is in the language."""
    from bot.cli.authoring.named_guide import named_guide

    check_language(options.language)
    written = named_guide(options, options.id).written
    if written.parsed is None:
        raise Failure(f"{written.guide} cannot be told apart in steps: mend it first")
    return fields(written.parsed.data), written.texts.get(options.language, {})


def check_language(language: str) -> None:
    """Whether a guide can be translated into this. Raises Failure."""
    if language == DUTCH:
        raise Failure("nl is what a guide is written in: name the language of a translation")
    if not re.fullmatch("[a-z]{2,3}", language):
        raise Failure(f"{language} is no language: write its code, as en, tr or ar")
