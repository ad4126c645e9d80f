"""A file of somebody as a draft: a guide with its translations, a bundle or an XLSForm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.authoring.exchange.guide_bundle import (
    GuideBundle,
    NoBundle,
    is_bundle,
    read_bundle,
    text_problems,
)
from bot.authoring.exchange.sheet_problems import SheetProblem
from bot.authoring.exchange.xlsform_reader import read_xlsform
from bot.spreadsheets.workbook import is_old_workbook, is_workbook
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.translation_table import (
    NOTHING_YET,
    Kept,
    kept_of,
    merge_translation,
)
from conversations.checks.report import translations_of
from conversations.guide.builder import fields
from conversations.guide.parsing import unreadable_po
from conversations.guide.po import NotPo
from conversations.guide.problems import Problem
from conversations.guide.schema import ID

SHEETS = (".xlsx", ".xlsm")
_OTHERS = (".csv", ".ods", ".xls", ".html", ".htm", ".doc", ".docx", ".odt", ".pdf", ".json", ".po")
"""Files of other kinds, that people try."""


class NoUpload(Exception):
    """No guide can be made of this file; the text says why, and what to do. `problems` are those
    of a sheet, `code` and `about` what else is wrong with it, and `lines` what the check says of
    the text of a guide."""

    def __init__(
        self,
        text: str,
        problems: tuple[SheetProblem, ...] = (),
        *,
        code: str = "",
        about: str = "",
        lines: tuple[Problem, ...] = (),
    ) -> None:
        super().__init__(text)
        self.problems = problems
        self.code = code
        self.about = about
        self.lines = lines


@dataclass(frozen=True, slots=True)
class GuideUpload:
    """What a file holds. `overlays` are what teams added, by the name of their file; `not_taken`
    are the parts that do not fit, and `problems` what is to be told of a sheet."""

    guide: str
    text: str
    texts: Mapping[str, Kept]
    not_taken: tuple[str, ...] = ()
    overlays: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[SheetProblem, ...] = ()

    @property
    def dropped(self) -> int:
        return len(self.not_taken)


def read_upload(path: Path, guide_id: str = "") -> GuideUpload:
    """A file, with the translations that lie beside it. Raises NoUpload, and OSError when it cannot
    be read."""
    data = path.read_bytes()
    alone = is_bundle(data) or path.suffix.lower() in SHEETS
    return upload_of(data, path.suffix, guide_id, {} if alone else translations_of(path))


def upload_of(
    data: bytes, suffix: str, guide_id: str = "", beside: Mapping[str, bytes] | None = None
) -> GuideUpload:
    """What a file with this ending holds, and the PO files `beside` it. Raises NoUpload."""
    if is_bundle(data):
        try:
            bundle = read_bundle(data)
        except NoBundle as error:
            raise NoUpload(
                f"this bundle cannot be used ({error.code}): have it sent again",
                code=f"bundle.{error.code}",
                lines=text_problems(error.text),
            ) from error
        return _of_bundle(bundle, guide_id)
    if not data.strip():
        raise NoUpload("this file is empty", code="empty")
    suffix = suffix.lower()
    other = suffix in _OTHERS or data.startswith(b"%PDF")
    packed = is_workbook(data) and suffix != ".zip" and (not other or suffix == ".xls")
    if suffix in SHEETS or packed or is_old_workbook(data):
        reading = read_xlsform(data, guide_id)
        if not reading.text:
            raise NoUpload(
                "no guide can be made of this sheet: see `vertelbot guide import FILE`",
                reading.problems,
            )
        texts = {lang: kept_of(reading.data, said) for lang, said in reading.texts.items()}
        named = tuple(f"{each.sheet}:{each.row}" for each in reading.problems)
        return GuideUpload(reading.guide_id, reading.text, texts, named, problems=reading.problems)
    if suffix == ".zip":
        raise NoUpload("this bundle cannot be used (no-bundle)", code="bundle.no-bundle")
    if other:
        said = "a guide is a .toml, a bundle (.zip) or an XLSForm (.xlsx): save it as one of these"
        raise NoUpload(said, code="other-kind")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoUpload("this is no text: save it as UTF-8", code="no-text") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _of_bundle(GuideBundle("", text, beside or {}), guide_id)


def _of_bundle(bundle: GuideBundle, guide_id: str) -> GuideUpload:
    """A guide with all that came with it, under its own id or this one."""
    try:
        made = bundle.renamed(guide_id) if guide_id else bundle
    except NotEditable as error:
        raise _no_guide(bundle.text) from error
    return replace(_of_text(made.text, made.translations), overlays=made.overlays)


def _of_text(text: str, translations: Mapping[str, bytes]) -> GuideUpload:
    try:
        data = GuideText.read(text).data
        guide, dutch = str(data["id"]), fields(data)
    except (NotEditable, KeyError, TypeError, AttributeError) as error:
        raise _no_guide(text) from error
    if not ID.fullmatch(guide):
        said = f"{guide!r} cannot be an id: use a-z, 0-9 and _ only"
        raise NoUpload(said, code="bad-id", about=guide)
    texts: dict[str, Kept] = {}
    unknown: list[str] = []
    broken: list[Problem] = []
    for language, content in translations.items():
        try:
            merged = merge_translation(content, dutch, {}, language=language)
        except NotPo as error:
            if error.code in NOTHING_YET:
                texts[language] = {}
                continue
            broken.append(unreadable_po(f"{language}.po", error))
            continue
        texts[language] = merged.kept
        unknown += [f"{language}: {key}" for key in merged.unknown]
    if broken:
        raise NoUpload(str(broken[0]), code="po", lines=tuple(broken))
    return GuideUpload(guide, text, texts, tuple(unknown))


def _no_guide(text: str) -> NoUpload:
    said = "this is no guide: see `vertelbot guide check FILE`"
    return NoUpload(said, code="no-guide", lines=text_problems(text))
