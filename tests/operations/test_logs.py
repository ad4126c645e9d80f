"""The log is made of lines that a machine reads, and holds no words of exceptions."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.exc import DBAPIError

from bot import logs
from storage.engine.database import Database, Unavailable
from storage.engine.errors import unavailable

WORDS = "wat Fatima vertelde over de buurvrouw"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """A logger of its own, with a handler that a test puts there."""
    logger = logging.getLogger("bot.of_a_test")
    logger.propagate = False
    yield logger
    logger.handlers.clear()


def written(logger: logging.Logger, formatter: logging.Formatter) -> io.StringIO:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    return stream


def fail() -> None:
    try:
        int(WORDS)
    except ValueError as error:
        raise KeyError(WORDS) from error


def fail_twice() -> None:
    raise ExceptionGroup(WORDS, [ValueError(WORDS), TypeError(WORDS)])


def test_a_line_is_json_with_what_went_wrong_where(log: logging.Logger) -> None:
    stream = written(log, logs.JsonFormatter())
    try:
        fail()
    except KeyError:
        log.exception("a turn failed")
    (line,) = stream.getvalue().splitlines()
    said = json.loads(line)
    assert {**said, "at": "", "trace": ""} == {
        "at": "", "level": "error", "logger": "bot.of_a_test", "message": "a turn failed",
        "trace": "",
    }  # fmt: skip
    assert "KeyError" in said["trace"]
    assert "ValueError" in said["trace"]
    assert "test_logs.py" in said["trace"]
    assert "Fatima" not in line


def test_on_a_terminal_it_is_words(log: logging.Logger) -> None:
    stream = written(log, logs.TerminalFormatter())
    log.warning("the outbox waits (%s)", "TimeoutError")
    try:
        fail()
    except KeyError:
        log.exception("a turn failed")
    assert stream.getvalue().startswith(
        "WARNING bot.of_a_test: the outbox waits (TimeoutError)\nERROR bot.of_a_test: a turn failed"
    )
    assert "Fatima" not in stream.getvalue()


def test_all_of_a_group_is_told_without_words(log: logging.Logger) -> None:
    stream = written(log, logs.JsonFormatter())
    try:
        fail_twice()
    except ExceptionGroup:
        log.exception("it fell")
    trace = json.loads(stream.getvalue())["trace"]
    assert "ValueError" in trace
    assert "TypeError" in trace
    assert "Fatima" not in stream.getvalue()


async def test_what_asyncio_says_of_a_task_that_nobody_asked_has_no_words() -> None:
    stream = written(logger := logging.getLogger("asyncio"), logs.JsonFormatter())
    try:

        async def failing() -> None:
            fail()

        task = asyncio.create_task(failing())
        await asyncio.sleep(0)
        del task
        gc.collect()
        await asyncio.sleep(0)
    finally:
        logger.removeHandler(logger.handlers[-1])
    said = json.loads(stream.getvalue())["message"]
    assert said.startswith("Task exception was never retrieved (asyncio, ")
    assert "Fatima" not in stream.getvalue()


async def test_the_server_does_not_say_whose_request_broke() -> None:
    async def broken(request: web.Request) -> web.Response:
        raise ValueError(WORDS)

    stream = written(logger := logging.getLogger("aiohttp.server"), logs.JsonFormatter())
    try:
        app = web.Application()
        app.add_routes([web.get("/", broken)])
        async with TestClient(TestServer(app)) as client, client.get("/") as answer:
            assert answer.status == 500
    finally:
        logger.removeHandler(logger.handlers[-1])
    said = json.loads(stream.getvalue())["message"]
    assert said.startswith("Error handling request (aiohttp.server, web_")
    assert "127.0.0.1" not in stream.getvalue()
    assert "Fatima" not in stream.getvalue()


def test_what_nobody_expected_is_logged_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(logging.root, "handlers", [])
    stream = io.StringIO()
    logs.begin(stream)
    try:
        fail()
    except KeyError as error:
        sys.excepthook(KeyError, error, error.__traceback__)
    assert json.loads(stream.getvalue())["message"] == "Vertelbot cannot go on"
    assert "Fatima" not in stream.getvalue()


def test_the_form_fits_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for stream, kind in ((Terminal(), logs.TerminalFormatter), (io.StringIO(), logs.JsonFormatter)):
        monkeypatch.setattr(logging.root, "handlers", [])
        logs.begin(stream)
        assert type(logging.root.handlers[0].formatter) is kind


class Refused(Exception):
    """As the driver of PostgreSQL raises."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(WORDS)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (sqlite3.SQLITE_FULL, "its disk is full): make room on the disk"),
        (sqlite3.SQLITE_BUSY, "another program holds it locked): stop the program that holds it"),
        (sqlite3.SQLITE_READONLY, "its file may not be written): let this user write there"),
        ("53100", "its disk is full): make room on the disk"),
        ("53300", "it has no connections or memory left): give it more"),
        ("55P03", "another program holds it locked): stop the program that holds it"),
        ("40P01", "two processes waited for each other): nothing; what was undone is tried again"),
        ("25006", "it may only be read): set the url of one that may be written"),
        ("57P01", "it stops or starts): start that database"),
        ("XX000", "Refused): start that database"),
    ],
)
def test_a_line_about_the_database_says_what_is_wrong_and_the_mend(
    code: int | str, what: str
) -> None:
    cause: Exception = Refused(str(code))
    if isinstance(code, int):
        cause = lite = sqlite3.OperationalError(WORDS)
        lite.sqlite_errorcode = code
    said = logs.reason(unavailable(DBAPIError(WORDS, {}, cause)))
    assert what in said
    assert WORDS not in said
    assert logs.reason(ValueError(WORDS)) == "ValueError"


async def test_a_database_that_is_held_by_another_program_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storage.engine.database.BUSY_SECONDS", 0.01)
    monkeypatch.setattr("storage.engine.writer.BACK_OFF", (0.01,) * 3)
    database = Database(f"sqlite:///{tmp_path}/v.db")
    database.start()
    holding = sqlite3.connect(tmp_path / "v.db", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="stop the program"):
        await database.write(lambda c: None)
    holding.execute("ROLLBACK")
    holding.close()
    await database.write(lambda c: None)
    database.close()
    assert caplog.text.count("writes paused: the database cannot be used (another program") == 1
