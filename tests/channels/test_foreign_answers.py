"""Half, wrong and foreign answers, through every client: nobody's words reach the log or the
figures, and whoever waits behind them is served."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client import generate_latest

from bot import logs
from bot.channels.base import Letter, Outgoing, SendError
from bot.channels.mail import Mail
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.clock import Clock
from bot.meetings.calendar.fetch import FeedError, FeedRules
from bot.settings import MailSettings, WebSettings
from conversations.engine.effects import Say
from storage.meetings import feeds
from tests.botapi import BotApi
from tests.channels.telegram.kit import Recorder, polling
from tests.end_to_end.kit import free_port, running, settings

PLANTED = ("Fatima", "geheim", "424242", "fatima@", "Jansen")
MESSAGE: dict[str, Any] = {
    "message_id": 3,
    "chat": {"id": 424242, "type": "private"},
    "from": {"id": 424242, "first_name": "Fatima"},
    "text": "mijn geheim verhaal over mevrouw Jansen",
}
UPDATES = {"ok": True, "result": [{"update_id": 77, "message": MESSAGE}]}
WHOLE = json.dumps(UPDATES).encode()
PAGE = b"<html><title>Log in</title>Fatima, mijn geheim verhaal</html>"
FOREIGN = (
    WHOLE[:-40],
    WHOLE[:60] + b"\xff\xfe" + WHOLE[60:-40],
    PAGE,
    b"",
    b"\xef\xbb\xbf" + WHOLE,
    b"[" * 60_000 + b'"Fatima"',
    json.dumps([UPDATES]).encode(),
    json.dumps("Fatima geheim").encode(),
    b"424242",
    *(
        json.dumps({"ok": True, "result": result}).encode()
        for result in ("Fatima geheim", {"Fatima": "geheim"}, 424242, None)
    ),
    json.dumps({"ok": True, "result": {"message_id": "Fatima geheim"}}).encode(),
    *(
        json.dumps({"ok": False, "description": words, "parameters": more}).encode()
        for words, more in (
            ("Fatima geheim", "geheim"),
            (["Fatima", "geheim"], {"retry_after": "Fatima"}),
            ({"Fatima": "geheim"}, {"retry_after": 1e300}),
            ("Fatima geheim", {"geheim": "Fatima"}),
        )
    ),
)
ANSWERS = [(status, body) for body in FOREIGN for status in (200, 400, 403, 404, 409, 500, 502)]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the whole process logs, in its own form, down to the least important line."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def planted(text: str) -> list[str]:
    return [word for word in PLANTED if word in text]


class Foreign:
    """A server that speaks HTTP and gives one answer after the other, cut off where the body is
    shorter than was announced; then whatever is `last`, for ever."""

    def __init__(self, answers: list[tuple[int, bytes]], last: bytes) -> None:
        self.answers, self.last, self.url = list(answers), last, ""
        self.over = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if b"content-length" in line]
        await reader.readexactly(int(lengths[0].split(b":")[1]) if lengths else 0)
        status, body, cut = 200, self.last, 0
        if self.answers:
            status, body = self.answers.pop(0)
            cut = len(self.answers) % 3 == 0
        else:
            self.over.set()
        announced = len(body) + 100 * cut
        writer.write(f"HTTP/1.1 {status} Fatima\r\nX-Geheim: geheim\r\n".encode())
        writer.write(f"Content-Length: {announced}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def foreign(
    answers: list[tuple[int, bytes]], last: bytes = b'{"ok": true, "result": []}'
) -> AsyncIterator[Foreign]:
    made = Foreign(answers, last)
    serving = await asyncio.start_server(made.serve, "127.0.0.1", 0, limit=2**20)
    made.url = f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        serving.close()


async def no_pause(seconds: float) -> None:
    await asyncio.sleep(0)


async def test_polling_goes_on_after_any_answer_and_tells_nothing_of_it(log: io.StringIO) -> None:
    recorder = Recorder()
    async with foreign(ANSWERS, WHOLE) as server:
        telegram = Telegram("1:geheim", server.url, recorder.load, pause=no_pause)
        async with polling(telegram, recorder):
            await recorder.until(lambda: recorder.offset == 78)
        await telegram.close()
    assert server.answers == []
    assert planted(log.getvalue()) == []
    assert "no updates from the Bot API" in log.getvalue()


async def test_sending_fails_in_our_own_words_whatever_answers(log: io.StringIO) -> None:
    async with foreign(ANSWERS) as server:
        telegram = Telegram("1:geheim", server.url, Recorder().load)
        while server.answers:
            with pytest.raises(SendError) as caught:
                await telegram.send(Outgoing(1, "424242", Say("Fatima, dit is geheim")))
            assert planted(str(caught.value)) == []
        await telegram.close()
    assert planted(log.getvalue()) == []


async def test_the_webhook_tells_nothing_of_what_is_posted(
    tmp_path: Path, log: io.StringIO
) -> None:
    secret = "a-secret-of-some-length"
    async with BotApi() as api:
        given = settings(tmp_path, telegram=api)
        given = given.model_copy(
            update={
                "web": WebSettings(
                    port=given.web.port, public_url=f"http://127.0.0.1:{given.web.port}"
                ),
                "telegram": given.telegram.model_copy(
                    update={"mode": "webhook", "webhook_secret": type(given.telegram.token)(secret)}
                ),
            }
        )
        async with running(tmp_path, api, given=given) as house, aiohttp.ClientSession() as session:
            for body in FOREIGN:
                for secret_given in (secret, "geheim"):
                    headers = {SECRET_HEADER: secret_given}
                    post = session.post(f"{house.url}/telegram", data=body, headers=headers)
                    async with post as answer:
                        assert answer.status in (400, 403)
            figures = generate_latest(house.app.metrics.registry).decode()
    assert planted(log.getvalue() + figures) == []


async def test_a_whole_vertelbot_before_a_foreign_server_tells_nothing(
    tmp_path: Path, log: io.StringIO
) -> None:
    """Telegram and feeds, with all that is around them."""
    async with foreign(ANSWERS[::5]) as server, BotApi() as api, foreign([], PAGE) as calendar:
        given = settings(tmp_path, telegram=api)
        given = given.model_copy(
            update={
                "telegram": given.telegram.model_copy(update={"base_url": server.url}),
            }
        )
        async with running(tmp_path, api, given=given) as house:
            meetings = house.app.jobs.meetings
            meetings.feed_rules = FeedRules(plain_http=True, private=True)
            for body in (WHOLE, PAGE, *CALENDARS):
                calendar.last = body
                made = await house.app.database.write(
                    lambda c: feeds.add(c, f"{calendar.url}/geheim", house.clock.now())
                )
                try:
                    _, report = await meetings.read_feed(made)
                except FeedError:
                    continue
                assert planted(" ".join(map(str, report.problems))) == []
            nobody = replace(made, url=f"http://127.0.0.1:{free_port()}/geheim")
            with pytest.raises(FeedError):
                await meetings.read_feed(nobody)
            figures = generate_latest(house.app.metrics.registry).decode()
    assert planted(log.getvalue() + figures) == []
    assert "could not set the" in log.getvalue()
    assert "a calendar feed could not be read" in log.getvalue()


CALENDARS = tuple(
    f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n{lines}\r\n{end}".encode()
    for lines in (
        "DTSTART:geheim\r\nSUMMARY:Fatima Jansen",
        "DTSTART;TZID=Fatima:20261124T100000\r\nDTEND:geheim",
        "DTSTART:20261124T100000Z\r\nRRULE:FREQ=Fatima;UNTIL=geheim",
        "DTSTART:20261124T100000Z\r\nGEHEIM;Fatima\r\nATTENDEE:mailto:fatima@example.nl",
        "DTSTART:20261124T100000Z\r\nDURATION:geheim\r\nEXDATE:Jansen",
    )
    for end in ("END:VEVENT\r\nEND:VCALENDAR\r\n", "END:VEV", "")
)


@pytest.mark.parametrize("say", [
    b"554 Fatima geheim\r\n", b"220-Fatima\r\n220 geheim", b"HTTP/1.1 200 Fatima\r\n\r\ngeheim",
    b"\xff\xfe\x00Fatima\r\n", b"220 hi\r\n250 Fatima\r\n550 5.1.1 fatima@example.nl geheim\r\n",
    b"220 hi\r\n250 hi\r\n250 ok\r\n550 5.1.1 <fatima@example.nl> Jansen\r\n",
    b"220 hi\r\n250 hi\r\n250 ok\r\n250 ok\r\n354 go\r\n554 Fatima geheim\r\n",
    b"220 hi\r\n250 hi\r\n250 ok\r\n250 ok\r\n354 go\r\n250-Fatima",
])  # fmt: skip
async def test_a_mail_server_may_answer_anything(say: bytes, log: io.StringIO) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(say)
        writer.write_eof()
        await reader.read()  # until the client goes too
        writer.close()

    serving = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = serving.sockets[0].getsockname()[1]
    mail = Mail(MailSettings(host="127.0.0.1", port=port, sender="b@x.nl", tls="none"), Clock())
    letter = Letter("Fatima", "geheim")
    try:
        with pytest.raises(SendError) as caught:
            await mail.send(Outgoing(7, "fatima@example.nl", letter))
    finally:
        serving.close()
    assert planted(f"{caught.value} {log.getvalue()}") == []


@pytest.mark.parametrize("name", [
    "telegram.request.BaseRequest", "aiohttp.client", "aiosmtplib", "icalendar",
    "asyncio", "aiohttp.server", "aiohttp.web", "apscheduler.scheduler", "sqlalchemy.engine",
    "PIL.Image", "faster_whisper", "matplotlib", "what.nobody.knows.yet", "",
])  # fmt: skip
@pytest.mark.parametrize("form", [logs.JsonFormatter, logs.TerminalFormatter])
def test_of_what_a_library_writes_only_the_place_is_told(
    name: str, form: type[logging.Formatter]
) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(form())
    logger = logging.Logger(name)
    logger.addHandler(handler)
    logger.error('invalid JSON: "%s"', "Fatima geheim")
    logger.error(f"Exception in callback {PLANTED}")
    logger.error("Task exception was never retrieved\nfuture: %s", "Fatima")
    assert planted(stream.getvalue()) == []
    assert "test_foreign_answers.py:" in stream.getvalue()


def test_a_warning_of_a_library_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    stream = io.StringIO()
    logs.begin(stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logs._warned("Fatima geheim", UserWarning, "library.py", 7)
    assert "UserWarning at library.py:7" in stream.getvalue()
    assert planted(stream.getvalue()) == []
