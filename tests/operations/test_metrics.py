"""Figures are for who may see them, and tell nothing of people."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert, text

from bot.clock import Clock
from bot.operations.metrics import Metrics, MetricsPage
from bot.operations.ticker import Ticker
from storage.engine.database import Database
from storage.outbox.outbox import OUTBOX


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.start()
    yield database
    database.close()


async def _get(
    database: Database,
    token: str,
    headers: dict[str, str],
    metrics: Metrics | None = None,
    *,
    public: bool = False,
) -> tuple[int, str]:
    app = web.Application()
    MetricsPage(metrics or Metrics(), database, Clock(), token, public=public).setup(app)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/metrics", headers=headers)
        return answer.status, await answer.text()


async def test_this_machine_may_look_when_there_is_no_token(database: Database) -> None:
    metrics = Metrics()
    with metrics.timing(3):
        pass
    metrics.sent("telegram", "sent")
    status, told = await _get(database, "", {}, metrics)
    assert status == 200
    assert 'vertelbot_turns_total{result="committed"} 3.0' in told
    assert 'vertelbot_sends_total{channel="telegram",result="sent"} 1.0' in told
    assert 'vertelbot_outbox_age_seconds{lane="prompt"} 0.0' in told


@pytest.mark.parametrize("header", [
    "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP",
    "X-Original-URI", "X-Proxy-Id", *(f"X-Forwarded-{what}" for what in (
        "For", "Proto", "Host", "Port", "Server", "Prefix", "Ssl", "Whatever")),
])  # fmt: skip
@pytest.mark.parametrize("spell", [str, str.lower, str.upper])
async def test_who_comes_through_a_proxy_needs_the_token(
    database: Database, header: str, spell: Callable[[str], str]
) -> None:
    assert (await _get(database, "", {spell(header): "203.0.113.7"}))[0] == 403


@pytest.mark.parametrize("host", ["vertel.example.nl", "127.0.0.1.example.nl", "10.0.0.1", "x"])
async def test_who_asks_for_another_host_than_this_machine_needs_the_token(
    database: Database, host: str
) -> None:
    assert (await _get(database, "", {"Host": host}))[0] == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:8080", "vertel.example.nl"])
async def test_with_a_public_address_a_token_is_always_needed(
    database: Database, host: str
) -> None:
    """A proxy may add nothing by which it is known, and call us what it likes."""
    headers = {"Host": host}
    assert (await _get(database, "", headers, public=True))[0] == 403
    assert (await _get(database, "secret", headers, public=True))[0] == 403
    headers["Authorization"] = "Bearer secret"
    assert (await _get(database, "secret", headers, public=True))[0] == 200


async def test_a_first_fault_is_seen_because_it_is_counted_from_nought(database: Database) -> None:
    async def job() -> None: ...

    metrics = Metrics()
    Ticker({"retention": (3600, job)}, metrics)
    told = (await _get(database, "", {}, metrics))[1]
    assert 'vertelbot_turns_total{result="failed"} 0.0' in told
    assert 'vertelbot_sends_total{channel="telegram",result="uncertain"} 0.0' in told
    assert 'vertelbot_job_failures_total{job="retention"} 0.0' in told


async def test_a_database_that_is_away_is_told_not_kept_silent(database: Database) -> None:
    assert "vertelbot_database_up 1.0" in (await _get(database, "", {}))[1]
    await database.write(lambda c: c.execute(text("DROP TABLE outbox")))
    status, told = await _get(database, "", {})
    assert status == 200
    assert "vertelbot_database_up 0.0" in told
    assert 'vertelbot_database_waiting{what="writes"} 0.0' in told


async def test_half_a_character_is_no_token(database: Database) -> None:
    assert (await _get(database, "secret", {"Authorization": "Bearer \udcff"}))[0] == 403


@pytest.mark.parametrize(
    ("given", "status"), [("Bearer secret", 200), ("Bearer wrong", 403), ("", 403)]
)
async def test_with_a_token_only_the_token_counts(
    database: Database, given: str, status: int
) -> None:
    assert (await _get(database, "secret", {"Authorization": given}))[0] == status


async def test_a_reply_that_is_tried_again_and_again_waits_all_that_time(
    database: Database,
) -> None:
    row = {"queue": "q", "turn": 0, "kind": "say", "lane": "reply", "sealed": b"", "ref": ""}
    row |= {"state": "pending", "due_at": Clock().now(), "attempts": 10, "owner": ""}
    await database.write(lambda c: c.execute(insert(OUTBOX).values(**row)).rowcount)
    _, told = await _get(database, "", {})
    (age,) = re.findall(r'vertelbot_outbox_age_seconds{lane="reply"} ([0-9.]+)', told)
    assert float(age) > 500
