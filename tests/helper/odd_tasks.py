"""Tasks that do what a real one should not; the helper process finds them by name."""

from __future__ import annotations

import gc
import os
import signal
import time
from importlib import import_module
from pathlib import Path

from bot.helper.tasks import long_task, task
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import reading
from storage.vault.vault import SealBroken

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


@task
def open_before_the_key_came(session: Snapshot, services: Services, gate: Path) -> str:
    """Meets, the first time, what was sealed with a key that it does not have yet."""
    if gate.exists():
        gate.unlink()
        gate.with_suffix(".open").read_bytes()
        raise SealBroken("story")
    return "opened"


@task
def wait_at(gate: Path) -> None:
    """Until somebody opens and closes the other end."""
    gate.read_bytes()


@long_task
def write_at_length(gate: Path) -> int:
    """Until somebody opens and closes the other end; in which process."""
    gate.read_bytes()
    return os.getpid()


@task
def leave(trace: Path) -> None:
    trace.touch()


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@task
def knots() -> int:
    """How many an earlier question left; leaves one."""
    left = sum(isinstance(each, Knot) for each in gc.get_objects())
    Knot()
    return left


@task
def place_of_fonts() -> str:
    return str(import_module("matplotlib").get_cachedir())


class NotUnderstood:
    """Cannot be unpacked in any process but that of `understands`."""

    def __init__(self, understands: int = 0) -> None:
        self.understands = understands

    def __reduce__(self) -> tuple[object, ...]:
        return understand, (self.understands,)


def understand(pid: int) -> NotUnderstood:
    if os.getpid() != pid:
        raise ValueError("Fatima van de wijk")
    return NotUnderstood(pid)


@task
def take(what: NotUnderstood) -> None: ...


@task
def give() -> NotUnderstood:
    return NotUnderstood(os.getpid())
