"""Reads TOML that anybody may have typed: whatever is wrong with it is one kind of error."""

from __future__ import annotations

import tomllib
from typing import Any


def read_toml(text: str) -> dict[str, Any]:
    """The data of a text. Raises tomllib.TOMLDecodeError, also for what the reader itself cannot
    stand: lists within lists within lists, numbers of thousands of digits."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError):
        raise tomllib.TOMLDecodeError("too deep, or too long a number") from None
