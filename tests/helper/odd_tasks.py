"""Tasks that do what a real one should not; the helper process finds them by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from bot.helper.tasks import task
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import reading

BOSS = Coordinator("a", "association", "", "Alice")


@task
def count_slowly(session: Snapshot, services: Services, gate: Path) -> int:
    """How many stories there are. The first time nobody hears it before `gate` was opened."""
    found = len(reading.answered(session, BOSS, reading.Filters()))
    if gate.exists():
        begun, gate_now = gate, gate.with_suffix(".open")
        begun.unlink()
        gate_now.read_bytes()  # until somebody opens and closes the other end
    return found


@task
def words_of(session: Snapshot, services: Services, story_id: str) -> str:
    found = reading.one(session, BOSS, story_id)
    return found.telling.text if found else ""


@task
def die(session: Snapshot, services: Services, times: Path) -> str:
    """Dies as often as there are letters in a file."""
    left = times.read_text()
    times.write_text(left[1:])
    if left:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


@task
def complain(session: Snapshot, services: Services) -> None:
    raise ValueError("Fatima van de wijk")


@task
def own_number() -> int:
    return os.getpid()


@task
def sleep(told: Path) -> None:
    """Says in a file which process it is, and does not come back."""
    told.write_text(str(os.getpid()))
    told.with_suffix(".open").open("wb").close()
    time.sleep(3600)


def unmarked() -> int:
    return 1
