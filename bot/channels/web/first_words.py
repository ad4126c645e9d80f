"""What stands in the page before its script is there: what a stranger sees first."""

from __future__ import annotations

import logging
from typing import Any

from bot.channels.web.frames import row_frame
from bot.channels.web.socket import Opening
from bot.logs import reason
from conversations.guide.dwell_times import DwellTimes

_log = logging.getLogger(__name__)

STRANGER = "-"
"""The address of nobody."""


async def first_words(
    opening: Opening, address: str, language: str, dwell: DwellTimes
) -> list[dict[str, Any]]:
    """Frames of what somebody who was never here sees first. Of anybody else nothing, nor of what
    is more than words and buttons: it comes over the socket."""
    try:
        said = await opening(address or STRANGER, language) or ()
    except Exception as error:
        _log.warning("a web chat could not be opened: %s", reason(error))
        return []
    rows = [row_frame(outgoing, dwell) for outgoing in said]
    plain = [row for row in rows if row and row.get("op") == "say" and not row["control"]]
    return plain if len(plain) == len(rows) else []
