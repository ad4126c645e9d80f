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


def test_every_module_can_be_read() -> None:
    for package in (bot, conversations, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith((".__main__", "migrations.env")):
                import_module(module.name)


def test_the_start_reads_nothing_that_the_first_answer_does_not_need() -> None:
    program = f"import bot.app, sys; print(*(each for each in {LATE!r} if each in sys.modules))"
    read = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert read.stdout.split() == []
