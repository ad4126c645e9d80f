"""`vertelbot guide`: guides as files, made, checked, drawn and carried elsewhere; and published."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.authoring import publishing_commands, translation_files
from bot.cli.authoring.dry_run import add_dry_run
from bot.cli.authoring.translation_files import check_language
from bot.cli.common import Commands, Failure, command, draft_option
from bot.cli.guides import check, check_options, draw_guide, draw_options
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.starter import start
from conversations.guide.builder import fields
from conversations.guide.problem_texts import LANGUAGES
from conversations.guide.schema import ID
from storage.files import write_private

if TYPE_CHECKING:
    from bot.cli.authoring.named_guide import NamedGuide

PARTIAL = 3
"""The exit code when a part does not fit, and the rest is taken."""
_FORMATS = ("xlsx", "toml", "bundle", "po")
_NO_TEXT = ("xlsx", "bundle")
_WHY = {
    "too-large": "it is too large",
    "no-bundle": "it is no guide that `vertelbot guide export --format bundle` made",
    "newer": "a newer Vertelbot made it: upgrade this one",
    "damaged": "it was damaged on the way: have it sent again",
    "no-guide": "there is no guide in it",
}


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    about = "guides: make, check, draw, export, import, publish, recall"
    top = command(commands, common, "guide", about)
    actions = top.add_subparsers(required=True, metavar="action")
    making = command(actions, common, "new", "begin a guide from one that is there", _new)
    making.add_argument("id", help="the id of the new guide: a-z, 0-9 and _")
    making.add_argument("--title", default="", help="what it is called")
    making.add_argument("--base", default="professional", help="the guide to begin from")
    draft_option(making)
    making.add_argument("--output", type=Path, metavar="FILE", help="default: ID.toml")
    checking = command(actions, common, "check", "the same as vertelbot check", check)
    check_options(checking)
    add_dry_run(actions, common)
    drawing = command(actions, common, "draw", "the same as vertelbot draw", draw_guide)
    draw_options(drawing)
    exporting = command(actions, common, "export", "a guide as a file for elsewhere", _export)
    exporting.add_argument("id", help="the id of the guide")
    exporting.add_argument("--format", choices=_FORMATS, default="bundle", help="default: bundle")
    exporting.add_argument("--language", default="en", help="of which language, with po")
    draft_option(exporting)
    exporting.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    importing = command(actions, common, "import", "read an XLSForm or a bundle", _import)
    importing.add_argument("file", type=Path)
    importing.add_argument("--id", default="", help="the id that the guide gets")
    importing.add_argument("--preview", action="store_true", help="read only; nothing is written")
    importing.add_argument("--language", choices=LANGUAGES, default="en", help="of what is said")
    importing.add_argument(
        "--to", type=Path, default=Path(), metavar="FOLDER", help="a folder of guides (default: .)"
    )
    importing.add_argument(
        "--draft", action="store_true", help="make it a draft on the dashboard, not files"
    )
    publishing_commands.replaces(importing)
    translation_files.add(actions, common)
    publishing_commands.add(actions, common)


def _new(options: argparse.Namespace) -> int:
    from bot.cli.authoring.named_guide import named_guide

    _check_id(options.id)
    try:
        base = GuideText.read(named_guide(options, options.base).written.text)
    except NotEditable:
        raise Failure(f"{options.base} cannot be told apart in steps: mend it first") from None
    text = start(base, options.id, options.title or options.id).text
    target = options.output or Path(f"{options.id}.toml")
    _write(target, text.encode())
    print(target)
    return 0


def _check_id(guide_id: str) -> None:
    if not ID.fullmatch(guide_id):
        raise Failure(f"{guide_id!r} cannot be an id: use a-z, 0-9 and _ only")


def _export(options: argparse.Namespace) -> int:
    from bot.cli.authoring.named_guide import named_guide

    made = exported(named_guide(options, options.id), options.format, options.language)
    if options.output is None and options.format in _NO_TEXT and sys.stdout.isatty():
        raise Failure(f"a file of the form {options.format} is no text: say --output FILE")
    if options.output is None:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
    else:
        _write(options.output, made)
    return 0


def exported(found: NamedGuide, form: str, language: str = "en") -> bytes:
    """A guide as a file of this form."""
    from bot.authoring.exchange.guide_bundle import write_bundle
    from bot.authoring.exchange.import_selection import as_sheet
    from conversations.authoring.translation_table import write_translation

    written = found.written
    if form == "toml":
        return written.text.encode()
    if written.parsed is None:
        raise Failure(
            f"{written.guide} cannot be told apart in steps: mend it first, or say --format toml"
        )
    data = written.parsed.data
    match form:
        case "xlsx":
            if sheet := as_sheet(written):
                return sheet
            raise Failure(
                f"{written.guide} has not the shape of a guide: mend it first (vertelbot guide "
                f"check {written.guide} --draft says what), or say --format toml"
            )
        case "po":
            check_language(language)
            return write_translation(language, fields(data), written.texts.get(language, {}))
    bundle = found.bundle()
    return write_bundle(bundle) if bundle else b""


def _import(options: argparse.Namespace) -> int:
    from bot.authoring.exchange.guide_bundle import is_bundle

    if options.id:
        _check_id(options.id)
    if options.draft and not options.preview:
        return publishing_commands.save_draft(options, options.file, options.id)
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise Failure(f"{options.file}: cannot be read ({error.strerror})") from None
    return _import_bundle(options, data) if is_bundle(data) else _import_sheet(options, data)


def _import_sheet(options: argparse.Namespace, data: bytes) -> int:
    from bot.authoring.exchange.xlsform_reader import read_xlsform
    from conversations.authoring.translation_table import kept_of, write_translation

    reading = read_xlsform(data, options.id)
    if options.json:
        told = reading.as_json(options.language)
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"{reading.verdict}: {', '.join(reading.languages)}")
        for kind, count in reading.questions.items():
            print(f"  {count:4} {kind}")
        for problem in reading.problems:
            row = f":{problem.row}" if problem.row else ""
            place = f"{problem.sheet}{row}" if problem.sheet else options.file.name
            print(f"  {place}: {problem.severity}: {problem.message(options.language)}")
    if not options.preview and reading.text:
        dutch = fields(reading.data)
        translations = {
            language: write_translation(language, dutch, kept_of(reading.data, said))
            for language, said in reading.texts.items()
        }
        _place(options.to, reading.guide_id, reading.text, translations)
    return {"fits": 0, "fits_partly": PARTIAL, "refused": 1}[reading.verdict]


def _import_bundle(options: argparse.Namespace, data: bytes) -> int:
    from bot.authoring.exchange.guide_bundle import NoBundle, read_bundle

    try:
        bundle = read_bundle(data)
    except NoBundle as error:
        raise Failure(f"{options.file}: this cannot be used: {_WHY[error.code]}") from None
    if options.id:
        try:
            bundle = bundle.renamed(options.id)
        except NotEditable:
            raise Failure(f"{options.file}: {_WHY['no-guide']}: leave --id out") from None
    found = bundle.check(language=options.language)
    if options.json:
        told = {
            "id": bundle.guide_id,
            "languages": sorted(bundle.translations),
            "overlays": sorted(bundle.overlays),
            "problems": [problem.as_json() for problem in found.problems],
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"{bundle.guide_id}: {', '.join(['nl', *sorted(bundle.translations)])}")
        for name in sorted(bundle.overlays):
            print(f"  own questions of a team: {name}")
        for problem in found.problems:
            print(f"  {problem}")
    if not options.preview:
        _place(options.to, bundle.guide_id, bundle.text, bundle.translations, bundle.overlays)
    return 0 if found.ok else PARTIAL


def _place(
    folder: Path,
    guide_id: str,
    text: str,
    translations: Mapping[str, bytes],
    overlays: Mapping[str, str] | None = None,
) -> None:
    """Write a guide where `vertelbot check FOLDER` looks for it."""
    files = {folder / "guides" / f"{guide_id}.toml": text.encode()}
    for language, content in translations.items():
        files[folder / "locales" / language / f"{guide_id}.po"] = content
    for name, overlay in (overlays or {}).items():
        files[folder / "overlays" / guide_id / f"{name}.toml"] = overlay.encode()
    taken = [str(path) for path in files if path.exists()]
    if taken:
        raise Failure(f"{taken[0]} is there already: choose another folder or --id")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
        print(path, file=sys.stderr)


def _write(path: Path, content: bytes) -> None:
    try:
        write_private(path, content, replace=False)
    except OSError as error:
        raise Failure(f"{path}: cannot be written ({error.strerror})") from None
