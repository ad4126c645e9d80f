"""The command line: `vertelbot` (or `python -m bot`)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 only on success. What it writes is for its own user alone.

    The commands and their libraries are imported here, which takes a second: by then something
    was said, and Ctrl+C ends it without a traceback.
    """
    os.umask(0o077)
    try:
        with _ends_quietly():
            if _is_run(sys.argv[1:] if arguments is None else arguments):
                print("Vertelbot starts.", flush=True)
            from bot.cli.parser import run_command

        return run_command(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


@contextmanager
def _ends_quietly() -> Iterator[None]:
    """Ctrl+C ends the process at once: nothing is open yet, and an exception inside an import may
    be reported where nobody can catch it."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, lambda _signal, _frame: os._exit(130))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_run(arguments: Sequence[str]) -> bool:
    """Whether Vertelbot is to run, and not to tell how. Options may stand before the command."""
    words = list(arguments)
    while words and words[0].startswith("-"):
        del words[: 2 if words[0] == "--config" else 1]
    return words[:1] == ["run"] and not {"-h", "--help"} & set(words)


if __name__ == "__main__":
    sys.exit(main())
