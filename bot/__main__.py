"""The command line: `vertelbot` (or `python -m bot`)."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 only on success. What it writes is for its own user alone.

    The command and its libraries are imported here, which may take a second: by then something
    was said, and Ctrl+C ends it without a traceback. None of it goes before the end: to look
    again and again for what may go would take a fifth of the start.
    """
    gc.disable()
    os.umask(0o077)
    words = sys.argv[1:] if arguments is None else arguments
    try:
        with _ends_quietly():
            from bot.cli.parser import asked_for, parsed, run_command

            if asked_for(words) == "run" and not {"-h", "--help"} & set(words):
                print("Vertelbot starts.", flush=True)
            options = parsed(words)
        gc.freeze()
        gc.enable()
        return run_command(options)
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


if __name__ == "__main__":
    sys.exit(main())
