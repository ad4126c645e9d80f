"""Logging: JSON lines, or plain words on a terminal. It holds no words of exceptions and none of
libraries, because those may quote content."""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
import warnings
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from bot.log_folding import RepeatFilter
from storage.engine.errors import Unavailable

OURS = ("bot", "storage", "conversations")
"""The loggers whose sentences are ours."""
KNOWN = (
    "Error handling request",
    "Task exception was never retrieved",
    "Future exception was never retrieved",
    "socket.accept() out of system resource",
    "Unclosed client session",
    "Unclosed connection",
)
"""What libraries say in sentences that hold nothing of anybody: how they begin."""

Problem = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class JsonFormatter(logging.Formatter):
    """`{"at", "level", "logger", "message"}`, with `"trace"` when something was raised."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message(record),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)

    def formatException(self, ei: Problem) -> str:  # noqa: N802 - the name that logging gave it
        return trace(ei[1])


class TerminalFormatter(JsonFormatter):
    """The same for who sits before it."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name}: {message(record)}"
        return f"{line}\n{trace(record.exc_info[1])}" if record.exc_info else line


def message(record: logging.LogRecord) -> str:
    """What is said. A library may say whatever it was given: addresses, bodies, what people typed.
    So of its records only the place in its source is told, and the few sentences that are known."""
    left_out = getattr(record, "left_out", 0)
    more = f" ({left_out} more since it was last said)" if left_out else ""
    if record.name.partition(".")[0] in OURS:
        return record.getMessage() + more
    first = str(record.msg).partition("\n")[0]
    known = next((each for each in KNOWN if first.startswith(each)), "a library reports a problem")
    return f"{known} ({record.name}, {record.filename}:{record.lineno} {record.funcName}){more}"


def reason(error: BaseException) -> str:
    """What an error is, for a line of the log: the name of its class, because its words may be a
    person's. Of a database that cannot be used the words are ours, and name the mend."""
    return str(error) if isinstance(error, Unavailable) else type(error).__name__


def trace(error: BaseException | None) -> str:
    """Where something was raised and what, from the outside in; of a group all of it."""
    lines = []
    while error is not None:
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        lines.append(type(error).__name__)
        if isinstance(error, BaseExceptionGroup):
            lines += [trace(each) for each in error.exceptions]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def begin(stream: TextIO | None = None) -> None:
    """Log warnings and worse, also what nobody expected, in the form that fits the stream."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TerminalFormatter() if stream.isatty() else JsonFormatter())
    handler.addFilter(RepeatFilter(message))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    warnings.showwarning = _warned
    sys.excepthook = _unexpected
    threading.excepthook = _thread_ended


def _unexpected(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    logging.getLogger("bot").critical("Vertelbot cannot go on", exc_info=(kind, error, at))


def _thread_ended(end: threading.ExceptHookArgs) -> None:
    said = (end.exc_type, end.exc_value or end.exc_type(), end.exc_traceback)
    logging.getLogger("bot").critical("a thread ended", exc_info=said)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning of Python may quote what it is about."""
    del message, file, line
    logging.getLogger("bot").warning("%s at %s:%d", category.__name__, filename, lineno)
