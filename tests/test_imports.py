"""Modules that are read only when somebody asks for them can all be read."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module

import bot
import conversations
import storage

LATE = (
    "apscheduler",
    "bot.coordinators.pages.site",
    "bot.handbook",
    "bot.wiring.clock_jobs",
    "holidays",
    "icalendar",
    "matplotlib",
    "openpyxl",
    "recurring_ical_events",
)
"""What no first answer waits for."""
OF_MEETINGS = ("holidays", "icalendar", "recurring_ical_events")
"""What stays away until there is a meeting or a feed that needs it."""
_PROGRAM = f"""
import sys
import bot.app
print(*(each for each in {LATE!r} if each in sys.modules))
import bot.wiring.clock_jobs
from bot.meetings.prompts.schedule import PromptRules
PromptRules()
print(*(each for each in {OF_MEETINGS!r} if each in sys.modules))
"""


def test_every_module_can_be_read() -> None:
    for package in (bot, conversations, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith((".__main__", "migrations.env")):
                import_module(module.name)


def test_the_start_and_its_jobs_read_nothing_before_somebody_needs_it() -> None:
    read = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, check=True)
    assert read.stdout == b"\n\n"
