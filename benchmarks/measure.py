"""Contenders in processes of their own, a round of each in turn, and the medians of what they took:
whatever else the machine does meets all of them."""

from __future__ import annotations

import json
import os
import select
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ROUNDS = 7
PATIENCE = 300.0
"""The most seconds for one round, or for getting ready."""
HOME = Path(__file__).parent.parent
PEERS = HOME / ".venv" / "bench" / "bin" / "python"
"""The peers that need other versions of libraries than Vertelbot: see `peers.txt`."""

Figures = Mapping[str, float]


class Contender:
    """A process that does a round when it is asked to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer()

    def round(self) -> Figures:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Figures:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], PATIENCE)[0]:
            self._process.kill()
            raise RuntimeError(f"a contender took too long: {self._process.args!r}")
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a contender ended: {self._process.args!r}")
        figures: Figures = json.loads(line)
        return figures


@contextmanager
def started(command: str, python: Path | None = None) -> Iterator[Contender]:
    """`command` as in `vertelbot typed 64`: a module of `benchmarks.contenders`, and arguments."""
    name, *arguments = command.split()
    module = f"benchmarks.contenders.{name}"
    process = subprocess.Popen(
        [str(python or sys.executable), "-W", "ignore", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": str(HOME)},
    )
    try:
        yield Contender(process)
    finally:
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def compare(
    commands: Sequence[str], rounds: int = ROUNDS, python: Mapping[str, Path] | None = None
) -> dict[str, Figures]:
    """The median of each figure, by command, after a round to warm up."""
    seen: dict[str, list[Figures]] = {command: [] for command in commands}
    with ExitStack() as stack:
        contenders = {
            command: stack.enter_context(started(command, (python or {}).get(command)))
            for command in commands
        }
        for each in contenders.values():
            each.round()
        for _ in range(rounds):
            for command, each in contenders.items():
                seen[command].append(each.round())
    return {
        command: {name: statistics.median(each[name] for each in taken) for name in taken[0]}
        for command, taken in seen.items()
    }
