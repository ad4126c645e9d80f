"""Mends how a time is written in a calendar, where it is irregular but can mean one thing alone: in
small letters, with blanks around it, with the signs of ISO 8601, without seconds, at 24:00."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MOMENT = re.compile(
    r"(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    r"(?:[T ](?P<h>\d\d):?(?P<min>\d\d)(?::?(?P<s>\d\d)(?:\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_LEAP = 60
"""A second that clocks here do not have; the one before it will do."""


def plain_times(value: str) -> str:
    """The value of a property of times, each as RFC 5545 writes it; what is no time stays."""
    return ",".join("/".join(_plain(part) for part in each.split("/")) for each in value.split(","))


def _plain(text: str) -> str:
    text = text.strip().upper()
    match = _MOMENT.fullmatch(text)
    if match is None:
        return text
    day = match["y"] + match["m"] + match["d"]
    if match["h"] is None:
        return day
    hours, seconds = match["h"], min(int(match["s"] or 0), _LEAP - 1)
    later = hours == "24" and match["min"] == "00" and not seconds
    clock = f"{'00' if later else hours}{match['min']}{seconds:02}"
    zone = match["zone"] or ""
    try:
        moment = datetime.strptime(f"{day}{clock}{zone or 'Z'}", "%Y%m%d%H%M%S%z")
        moment = (moment + timedelta(days=int(later))).astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return f"{moment.year:04}{moment:%m%dT%H%M%S}{'Z' if zone else ''}"
