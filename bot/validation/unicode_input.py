"""Text as it comes in, without lone surrogates.

A lone surrogate is half a character: what is left where a phone cut a text in two, or where bytes
were no UTF-8. No file and no database takes it. Every door by which text comes in (chats, pages,
commands, answers of other servers) replaces them here, so that nothing inside meets one.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

_CONTROLS = {each: None for each in (*range(32), 127) if chr(each) not in "\t\n\r"}


def drop_controls(text: str) -> str:
    """The text without control characters, which come along when something is pasted: no file that
    a text travels in can hold them."""
    return text.translate(_CONTROLS)


def replace_surrogates(text: str) -> str:
    """The text with a question mark in the place of each lone surrogate."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def decode_json(data: bytes | str) -> Any:
    """What JSON says, a question mark in the place of each lone surrogate. Raises ValueError when
    it is no JSON, or too deeply nested."""
    try:
        return msgspec.json.decode(data)
    except ValueError:
        pass  # it may hold half a character, which only the slow way can read
    except RecursionError:
        raise ValueError("nested too deeply") from None
    loose = json.loads(data if isinstance(data, str) else data.decode(errors="replace"))
    return json.loads(replace_surrogates(json.dumps(loose, ensure_ascii=False)))
