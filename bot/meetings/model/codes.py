"""The short code of a meeting: seven characters that survive a whiteboard and a telephone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

ALPHABET = "23456789CDFHJKMNPQRTVWXY"
"""No character that looks like another (0 O, 1 I L, 8 B, 5 S, 2 Z, 6 G, V U), no A or E to make
words with: 24 characters, so seven of them are 32 bits."""

LENGTH = 7
_LOOK_ALIKES = str.maketrans("BSZGU", "8526V")
_BETWEEN = re.compile(r"[\s\-‐-―−_.·]+")


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A random code as it is printed: `K7MF-3QX`."""
    return shown("".join(choose(ALPHABET) for _ in range(LENGTH)))


def shown(code: str) -> str:
    """A code in two groups."""
    return f"{code[:4]}-{code[4:]}"


def parse_code(text: str) -> str | None:
    """The code that someone typed, as it is printed; None when it cannot be one.

    Capitals, spaces and dashes do not matter, a look-alike is read as the character it looks like,
    and of a link only the last part counts.
    """
    last = text.strip().rstrip("/").rsplit("/", 1)[-1].rsplit("=", 1)[-1]
    code = _BETWEEN.sub("", last).upper().translate(_LOOK_ALIKES)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return shown(code)
