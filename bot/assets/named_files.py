"""Files that pages load, read and packed once, under names that tell what is in them.

A name holds a hash of the content, so that a browser keeps the file for ever and never asks again;
another content has another name. A name of another version, which a page can ask for while a new
version takes the place of this one, leads to the file of now, not to be kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from aiohttp import web

from bot.assets.module_bundle import bundle
from bot.assets.packing import pack

FOR_EVER = "public, max-age=31536000, immutable"
INSIDE = 1000
"""Bytes of a drawing that still goes inside its style sheet."""
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
TEXTS = (".css", ".js", ".map", ".svg")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPARE = re.compile(r"^\s+", re.MULTILINE)
_URL = re.compile(r'url\("([\w.-]+)"\)')
_HASHED = re.compile(r"([\w-]+)\.[0-9a-f]{12}(\.[\w.]+)")


class NamedFile(NamedTuple):
    """A file as it is sent."""

    body: bytes
    media_type: str
    packs: bool


class NamedFiles:
    """The files of a folder, served below `path`. `sheets` are style sheets made of others, by
    name; `scripts` are modules that bring along what they import; `beside` are other files that
    the sheets load."""

    def __init__(
        self,
        path: str,
        folder: Path,
        *,
        sheets: Mapping[str, Sequence[Path]],
        scripts: Sequence[str] = (),
        beside: NamedFiles | None = None,
    ) -> None:
        self._beside = beside
        self._path = path
        self._folder = folder
        self._files: dict[str, NamedFile] = {}
        self._names: dict[str, str] = {}
        for file in sorted(folder.iterdir()):
            if file.suffix in (".woff2", ".png", ".svg"):
                self._add(file.name, file.read_bytes())
        for name, parts in sheets.items():
            self._add(name, "\n".join(self._sheet(part) for part in parts).encode())
        for name in scripts:
            self._script(name)

    def url(self, name: str) -> str:
        """Where a file is. Raises KeyError for one that is not served."""
        return f"{self._path}/{self._names[name]}"

    def inside(self, name: str) -> str:
        """Where a style sheet finds a file: a small drawing in the sheet itself."""
        if name not in self._files and self._beside is not None:
            return self._beside.inside(name)
        body, media_type, packs = self._files[name]
        if packs and len(body) <= INSIDE:
            return f"data:{media_type},{quote(body.strip(), safe=' =:/')}"
        return self.url(name)

    def content(self, name: str) -> str:
        """The text of a file, as it is sent."""
        return self._files[name].body.decode()

    def routes(self) -> list[web.AbstractRouteDef]:
        """Files by these names, and those of the folder as they are, to be asked again."""
        named = f"{self._path}/{{name:{_HASHED.pattern.replace('(', '(?:')}}}"
        return [web.get(named, self._serve), web.static(self._path, self._folder)]

    async def _serve(self, request: web.Request) -> web.Response:
        asked = request.match_info["name"]
        name = _HASHED.sub(r"\1\2", asked)
        if name not in self._files:
            raise web.HTTPNotFound
        body, media_type, packs = self._files[name]
        charset = "utf-8" if packs else None
        response = web.Response(body=body, content_type=media_type, charset=charset)
        current = self._names[name] == asked
        response.headers["Cache-Control"] = FOR_EVER if current else "no-cache"
        return pack(request, response) if packs else response

    def _add(self, name: str, body: bytes) -> None:
        stem, dot, suffix = name.partition(".")
        suffix = dot + suffix
        kind = Path(name).suffix
        self._files[name] = NamedFile(body, TYPES[kind], kind in TEXTS)
        self._names[name] = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{suffix}"

    def _sheet(self, part: Path) -> str:
        """A style sheet in which its files go by the names they have here; without comments,
        indents and empty lines."""
        text = _SPARE.sub("", _COMMENT.sub("", part.read_text("utf-8")))
        return _URL.sub(lambda found: f'url("{self.inside(found[1])}")', text)

    def _script(self, name: str) -> None:
        script, source_map = bundle(self._folder / name)
        self._add(f"{name}.map", source_map.encode())
        self._add(name, f"{script}//# sourceMappingURL={self._names[f'{name}.map']}\n".encode())


Url = Callable[[str], str]
"""Where a file is, for templates."""
