"""Text out of the fields of a form, as who typed it sees it."""

from __future__ import annotations


def field_text(value: object, most: int) -> str:
    """What was typed into a field that takes `most` characters. A browser counts the end of a line
    as one of them (`maxlength`) and sends two: a text that just fits must not lose its end."""
    return str(value or "").replace("\r\n", "\n").strip()[:most]
