"""The clock: all code asks it for the time, so that a test can move it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")


class Clock:
    """The clock of the machine, moved by the seconds in a file when a test gives one."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._offset_file = offset_file

    @classmethod
    def from_environment(cls) -> Clock:
        """With `VERTELBOT_CLOCK_FILE` (tests only) the offset in that file counts."""
        name = os.environ.get("VERTELBOT_CLOCK_FILE")
        return cls(Path(name) if name else None)

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        moment = datetime.now(UTC)
        return moment + timedelta(seconds=self._offset()) if self._offset_file else moment

    def week(self) -> str:
        """The ISO week in the Netherlands: `2026-W47`."""
        year, week, _ = self.now().astimezone(HOME).isocalendar()
        return f"{year}-W{week:02d}"

    def _offset(self) -> float:
        try:
            return float(self._offset_file.read_text()) if self._offset_file else 0.0
        except (OSError, ValueError):
            return 0.0
