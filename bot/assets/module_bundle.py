"""Bundles ES modules into one script, at the start and without a tool: a phone on a slow line asks
once instead of module after module, and who changes a module needs nothing but Python.

Every module becomes a function, called once, that returns what it exports; an import takes its
names from there. So names of two modules never meet. It is no compiler: a module that writes its
imports and exports in another way than ours is refused by its name. Lines stay where they are in
their module, and a source map says so: a browser names the module and the line of an error.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function|class|const) ?\*? ?([\w$]+))", re.MULTILINE
)
_OTHERWISE = re.compile(r"^(?:import|export)\b.*|\bimport\s*\(.*|\bimport\.meta\b", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class BundleError(Exception):
    """Modules cannot be bundled. The text names the module and what is in the way."""


def bundle(entry: Path) -> tuple[str, str]:
    """The script of a module with all that it imports, and the source map of that script."""
    order: list[Path] = []
    _collect(entry, order, ())
    script, sections, line = "", [], 0
    for path in order:
        source = path.read_text("utf-8")
        piece = _as_function(path, source)
        sections.append({"offset": {"line": line + 1, "column": 0}, "map": _lines(path, source)})
        script += piece
        line += piece.count("\n")
    return script, json.dumps({"version": 3, "sections": sections})


def _collect(path: Path, order: list[Path], way: tuple[str, ...]) -> None:
    """Each module after those that it imports."""
    if path.stem in way:
        raise BundleError(f"modules import each other: {' > '.join([*way, path.stem])}")
    if path in order:
        return
    for found in _IMPORT.finditer(path.read_text("utf-8")):
        _collect(path.with_stem(found[2]), order, (*way, path.stem))
    order.append(path)


def _as_function(path: Path, source: str) -> str:
    exported = _EXPORT.findall(source)
    body = _IMPORT.sub(_taken, _EXPORT.sub("", source))
    if other := _OTHERWISE.search(_COMMENT.sub("", body)):
        raise BundleError(f'{path.name}: "{other[0]}" cannot be bundled')
    name = _name(path.stem)
    return (
        f"const {name} = (function {name}() {{\n{_spare(body)}\n"
        f"return {{ {', '.join(exported)} }}; }})();\n"
    )


def _taken(found: re.Match[str]) -> str:
    """An import, as names taken from what its module returned; as many lines as before."""
    names = re.sub(r" as ", ": ", " ".join((found[1] or "").split()))
    taken = f"const {{ {names} }} = {_name(found[2])};" if names else ""
    return taken + "\n" * found[0].count("\n")


def _spare(source: str) -> str:
    """Without comments and indents, line for line; as it is where a text spans lines, for they
    could be part of it."""
    if any(line.count("`") % 2 for line in source.splitlines()):
        return source
    return _INDENT.sub("", _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source))


def _name(stem: str) -> str:
    return f"{stem.replace('-', '_')}_js"


def _lines(path: Path, source: str) -> dict[str, object]:
    """The map of one module: each line is the same line of its source."""
    each = ["AAAA", *["AACA"] * source.count("\n")]
    return {"version": 3, "sources": [path.name], "names": [], "mappings": ";".join(each)}
