"""A guide as one file: its text, its translations and its overlays, to carry to another
organisation. A zip with a list of what is in it; everything is checked before it is used."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.overlay import NoOverlay, read_overlay
from conversations.authoring.overlay_form import write_overlay
from conversations.authoring.translation_table import kept_of, write_translation
from conversations.checks.lint_guide import GuideCheck, check_guide
from conversations.guide.builder import fields
from conversations.guide.parsing import parse_guide
from conversations.guide.problems import Problem

VERSION = 1
BYTES_MAX = 2_000_000
UNPACKED_MAX = 10_000_000
FILES_MAX = 200
_LIST = "vertelbot.json"
_GUIDE = "guide.toml"
_PO = re.compile(r"locales/([a-z]{2,3})\.po")
_OVERLAY = re.compile(r"overlays/([a-z0-9_-]{1,60})\.toml")
_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in it: the same guide gives the same bytes."""


class NoBundle(Exception):
    """This cannot be used; `code` says why. `text` is that of a guide that cannot be read."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class GuideBundle:
    """A guide as it travels. `translations` are PO files by language, `overlays` files by name."""

    guide_id: str
    text: str
    translations: Mapping[str, bytes] = field(default_factory=dict)
    overlays: Mapping[str, str] = field(default_factory=dict)

    def renamed(self, guide_id: str) -> GuideBundle:
        """The same under another id, with what teams add to it. Raises NotEditable."""
        made = GuideText.read(self.text).with_head({"id": guide_id})
        if GuideText.read(made.text).data.get("id") != guide_id:
            raise NotEditable("its id does not stand on a line of its own")
        overlays = {name: _of_guide(source, guide_id) for name, source in self.overlays.items()}
        return GuideBundle(guide_id, made.text, self.translations, overlays)

    def check(self, *, walk: bool = False, language: str = "en") -> GuideCheck:
        """What the checks say of the guide that came in."""
        name = f"{self.guide_id}.toml"
        return check_guide(name, self.text, self.translations, walk=walk, language=language)


def bundle_of(
    text: str, texts: Mapping[str, Mapping[str, str]], overlays: Mapping[str, str] | None = None
) -> GuideBundle:
    """A guide with its translations by language and name. Raises NoBundle for what is no guide."""
    data = _data(text)
    dutch = fields(data)
    translations = {
        language: write_translation(language, dutch, kept_of(data, said))
        for language, said in texts.items()
    }
    return GuideBundle(str(data["id"]), text, translations, dict(overlays or {}))


def write_bundle(bundle: GuideBundle) -> bytes:
    """The file."""
    files = {_GUIDE: bundle.text.encode()}
    files |= {f"locales/{lang}.po": po for lang, po in sorted(bundle.translations.items())}
    files |= {f"overlays/{n}.toml": t.encode() for n, t in sorted(bundle.overlays.items())}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    listed = {"vertelbot_guide": VERSION, "id": bundle.guide_id, "files": sums}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {_LIST: json.dumps(listed, indent=1).encode(), **files}.items():
            packed.writestr(zipfile.ZipInfo(name, _ALWAYS), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_bundle(data: bytes) -> GuideBundle:
    """What is in a file. Raises NoBundle: for one that is none, is newer than this program, or was
    damaged on the way."""
    if len(data) > BYTES_MAX:
        raise NoBundle("too-large")
    try:
        files = _unpacked(data)
        listed = json.loads(files.pop(_LIST))
        version, guide_id, sums = listed["vertelbot_guide"], listed["id"], listed["files"]
    except NoBundle:
        raise
    except Exception as error:  # whatever a broken file makes its readers say
        raise NoBundle("no-bundle") from error
    if version != VERSION:
        raise NoBundle("newer" if isinstance(version, int) and version > VERSION else "no-bundle")
    if {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} != sums:
        raise NoBundle("damaged")
    try:
        text = files.pop(_GUIDE).decode()
        found = GuideBundle(str(guide_id), text, *_parts(files))
    except (KeyError, UnicodeDecodeError) as error:
        raise NoBundle("no-bundle") from error
    if str(_data(text)["id"]) != found.guide_id:
        raise NoBundle("no-bundle")
    return found


def is_bundle(data: bytes) -> bool:
    """Whether a file says that it is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _LIST in packed.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        every = packed.infolist()
        if len(every) > FILES_MAX or sum(each.file_size for each in every) > UNPACKED_MAX:
            raise NoBundle("too-large")
        return {each.filename: packed.read(each) for each in every}


def _parts(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The translations and overlays. What has another name is refused: nothing travels along."""
    translations, overlays = {}, {}
    for name, content in files.items():
        if found := _PO.fullmatch(name):
            translations[found[1]] = content
        elif found := _OVERLAY.fullmatch(name):
            overlays[found[1]] = content.decode()
        else:
            raise NoBundle("no-bundle")
    return translations, overlays


def _data(text: str) -> Mapping[str, object]:
    parsed = parse_guide("guide.toml", text)
    if parsed.rest is None:
        raise NoBundle("no-guide", text)
    return {**parsed.rest.data, "id": _said_id(text) or parsed.rest.data["id"]}


def _of_guide(source: str, guide_id: str) -> str:
    """An overlay over the guide with this id; one that cannot be read stays, and is told later."""
    try:
        return write_overlay(replace(read_overlay(source), guide=guide_id))
    except NoOverlay:
        return source


def _said_id(text: str) -> str:
    found = re.search(r"""^[ \t]*id[ \t]*=[ \t]*["']([a-z0-9_]+)["']""", text, re.MULTILINE)
    return found[1] if found else ""


def text_problems(text: str) -> tuple[Problem, ...]:
    """What the check of a file says of a text that is no guide, at its lines."""
    return parse_guide(f"{_said_id(text) or 'guide'}.toml", text).problems if text else ()
