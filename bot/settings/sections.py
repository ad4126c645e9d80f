"""The sections of the configuration that are about no channel: the store, privacy, backups, what is
kept how long, prompts, meetings, digests, media and guides."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from bot.settings.section import Section


class Storage(Section):
    url: str = "sqlite:///data/vertelbot.db"

    @field_validator("url")
    @classmethod
    def _is_one_of_two(cls, url: str) -> str:
        if not re.match(r"sqlite:///.|(postgres|postgresql|postgresql\+psycopg)://.", url):
            raise ValueError("it begins with sqlite:/// or postgresql://")
        return url


class Privacy(Section):
    key_file: Path = Path("data/vertelbot.key")
    small_number: int = Field(default=5, ge=3)


class Backup(Section):
    folder: str = ""
    time: dt.time = dt.time(3, 0)
    keep: int = Field(default=14, ge=1, le=1000)

    @property
    def path(self) -> Path | None:
        """The folder; None when no backups are made."""
        return Path(self.folder) if self.folder else None


class Organisation(Section):
    name: str = "de Associatie Wijkteams"
    contact: str = ""
    legal_ground: str = "toestemming (AVG artikel 6 lid 1 a en artikel 9 lid 2 a)"
    recipients: str = ""


class Retention(Section):
    stories_months: int = Field(default=24, ge=1, le=120)
    draft_reminder_days: int = Field(default=2, ge=1)
    draft_days: int = Field(default=7, ge=1, le=30)
    updates_days: int = Field(default=30, ge=2)
    people_months: int = Field(default=24, ge=1, le=120)
    meetings_months: int = Field(default=12, ge=3, le=120)


class Prompts(Section):
    delay: int = Field(default=120, ge=0)
    quiet_from: dt.time = dt.time(20, 0)
    quiet_until: dt.time = dt.time(8, 0)
    evening: dt.time = dt.time(19, 30)
    tomorrow: dt.time = dt.time(9, 0)
    weekends: bool = False
    holidays: bool = False
    reminder_days: int = Field(default=3, ge=1)
    follow_up_weeks: int = Field(default=6, ge=1)
    late_days: int = Field(default=5, ge=1)
    tz: str = "Europe/Amsterdam"

    @field_validator("tz")
    @classmethod
    def _zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("no time zone goes by this name; write it as Europe/Amsterdam")
        return name

    @model_validator(mode="after")
    def _answers_are_not_quiet(self) -> Self:
        begin, end = self.quiet_from, self.quiet_until
        for name in ("evening", "tomorrow"):
            clock = getattr(self, name)
            quiet = begin <= clock < end if begin <= end else clock >= begin or clock < end
            if quiet:
                raise ValueError(f"{name} lies in the quiet hours")
        return self


class Feeds(Section):
    plain_http: bool = False
    private: bool = False


class DigestSettings(Section):
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = (
        "monday"
    )
    time: dt.time = dt.time(9, 0)


class Speech(Section):
    recordings: bool = True
    model: str = ""
    language: str = Field(default="", pattern=r"^([a-z]{2,3})?$")
    threads: int = Field(default=2, ge=1, le=64)
    max_minutes: int = Field(default=5, ge=1, le=30)
    queue: int = Field(default=100, ge=1)


class Pictures(Section):
    allowed: bool = True


class Figures(Section):
    areas: str = ""


class Guides(Section):
    overlays: str = ""
