"""Reads what WhatsApp tells of a message of ours, and which message that is. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from bot.channels.base import StatusReport
from bot.channels.whatsapp.graph_errors import error_of

_NUMBER = re.compile(r"[0-9]{1,15}")
_STATUSES = ("sent", "delivered", "read", "failed")


def read_status(status: Mapping[str, Any]) -> StatusReport | None:
    """What became of a message of ours; None for a status that nobody knows, or of another's
    message."""
    said: Literal["sent", "delivered", "read", "failed"] = status["status"]
    place = parse_place(str(status.get("biz_opaque_callback_data") or ""))
    if said not in _STATUSES or place is None:
        return None
    row, piece, pieces = place
    told = status.get("errors")
    errors = [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []
    code = int(errors[0].get("code", 0)) if errors else 0
    address = str(status.get("recipient_user_id") or parse_number(status.get("recipient_id")))
    return StatusReport(
        row,
        piece,
        pieces,
        str(status["id"]),
        said,
        address,
        code,
        error_of(code) if said == "failed" else None,
    )


def place_of(row: int, piece: int, pieces: int) -> str:
    """What we give to a message, and get back with its statuses."""
    return f"r{row}.{piece}.{pieces}"


def parse_place(data: str) -> tuple[int, int, int] | None:
    """The row of the outbox, the piece and how many there are; None when it is none of ours."""
    row, _, rest = data.removeprefix("r").partition(".")
    piece, _, pieces = rest.partition(".")
    numbers = row, piece, pieces
    if not data.startswith("r") or not all(_NUMBER.fullmatch(each) for each in numbers):
        return None
    return int(row), int(piece), int(pieces)


def parse_number(found: object) -> str:
    """A telephone number as WhatsApp writes it; empty when it is none."""
    number = str(found or "").removeprefix("+")
    return number if number.isascii() and number.isdigit() else ""
