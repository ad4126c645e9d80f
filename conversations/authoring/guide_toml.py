"""Writes a step of a guide as TOML that people read: one key a line, one option a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

ORDER = (
    "id", "kind", "say", "short", "about", "max", "purpose", "fill", "when", "poles", "options",
    "skip", "other", "goto", "end", "erase",
)  # fmt: skip


def step_toml(step: Mapping[str, Any]) -> str:
    """A step as a block of a guide file. Keys that a guide does not know stand at the end."""
    return block_toml(step, "step")


def block_toml(data: Mapping[str, Any], table: str) -> str:
    """Something of a list of tables, such as a step."""
    keys = [key for key in ORDER if key in data] + [key for key in data if key not in ORDER]
    lines = (f"{_key(key)} = {value_toml(data[key])}" for key in keys)
    return "\n".join([f"[[{table}]]", *lines, ""])


def value_toml(value: object) -> str:
    """A value, on as many lines as people read it best."""
    if isinstance(value, str) and "\n" in value and '"""' not in value:
        return '"""\n' + value.replace("\\", "\\\\").replace("\r", "") + '"""'
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return "[\n" + "".join(f"  {_inline(item)},\n" for item in value) + "]"
    return _inline(value)


def _inline(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + " }"
        case list():
            return "[" + ", ".join(_inline(item) for item in value) + "]"
        case _:
            return str(value)


def _key(key: str) -> str:
    return (
        key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _quoted(key)
    )


def _quoted(text: str) -> str:
    """A basic string: what JSON writes, and DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
