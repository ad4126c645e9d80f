"""A file of somebody as a draft: a guide with its translations, a bundle or an XLSForm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.authoring.exchange.guide_bundle import NoBundle, is_bundle, read_bundle
from bot.authoring.exchange.xlsform_reader import read_xlsform
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.translation_table import Kept, kept_of, merge_translation
from conversations.checks.report import translations_of
from conversations.guide.builder import fields
from conversations.guide.po import NotPo
from conversations.guide.schema import ID

SHEETS = (".xlsx", ".xlsm")


class NoUpload(Exception):
    """No guide can be made of this file; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class GuideUpload:
    """What a file holds. `dropped` says how many parts of it do not fit."""

    guide: str
    text: str
    texts: Mapping[str, Kept]
    dropped: int = 0


def read_upload(path: Path, guide_id: str = "") -> GuideUpload:
    """Raises NoUpload, and OSError when it cannot be read."""
    data = path.read_bytes()
    if is_bundle(data):
        try:
            bundle = read_bundle(data)
        except NoBundle as error:
            raise NoUpload(
                f"this bundle cannot be used ({error.code}): have it sent again"
            ) from error
        return _of_text(bundle.text, bundle.translations)
    if path.suffix.lower() in SHEETS:
        reading = read_xlsform(data, guide_id)
        if not reading.text:
            raise NoUpload("no guide can be made of this sheet: see `vertelbot guide import FILE`")
        texts = {lang: kept_of(reading.data, said) for lang, said in reading.texts.items()}
        return GuideUpload(reading.guide_id, reading.text, texts, len(reading.problems))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoUpload("this is no text: save it as UTF-8") from error
    return _of_text(text, translations_of(path))


def _of_text(text: str, translations: Mapping[str, bytes]) -> GuideUpload:
    try:
        data = GuideText.read(text).data
        guide, dutch = str(data["id"]), fields(data)
    except (NotEditable, KeyError, TypeError, AttributeError) as error:
        raise NoUpload("this is no guide: see `vertelbot guide check FILE`") from error
    if not ID.fullmatch(guide):
        raise NoUpload(f"{guide!r} cannot be an id: use a-z, 0-9 and _ only")
    texts: dict[str, Kept] = {}
    dropped = 0
    for language, content in translations.items():
        try:
            merged = merge_translation(content, dutch, {})
        except NotPo as error:
            raise NoUpload(f"its {language} is no PO file: line {error.line}") from error
        texts[language] = merged.kept
        dropped += len(merged.unknown)
    return GuideUpload(guide, text, texts, dropped)
