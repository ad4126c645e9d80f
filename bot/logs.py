"""The log: a line of JSON for each thing that happened, in plain words on a terminal. It holds no
words of exceptions, because those may be a person's; only what went wrong where."""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

Problem = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Lines(logging.Formatter):
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


class Words(Lines):
    """The same for who sits before it."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name}: {message(record)}"
        return f"{line}\n{trace(record.exc_info[1])}" if record.exc_info else line


def message(record: logging.LogRecord) -> str:
    """What is said. asyncio adds lines that show exceptions with their words, the server adds the
    address of who asked."""
    text = record.getMessage()
    end = {"asyncio": "\n", "aiohttp.server": " from "}.get(record.name)
    return text.partition(end)[0] if end else text


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
    handler.setFormatter(Words() if stream.isatty() else Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    sys.excepthook = _unexpected
    threading.excepthook = _thread_ended


def _unexpected(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    logging.getLogger("bot").critical("Vertelbot cannot go on", exc_info=(kind, error, at))


def _thread_ended(end: threading.ExceptHookArgs) -> None:
    said = (end.exc_type, end.exc_value or end.exc_type(), end.exc_traceback)
    logging.getLogger("bot").critical("a thread ended", exc_info=said)
