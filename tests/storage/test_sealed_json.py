"""What is sealed in rows, against the very bytes that earlier versions sealed: today's code reads
them and seals the same, so that processes of two versions can share one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import tables
from storage.coordinators import coordinators
from storage.coordinators.coordinators import Coordinator
from storage.engine.types import core
from storage.meetings import feeds
from storage.meetings.feeds import Feed
from storage.stories import consents, moderation, rows, stories
from storage.stories.consents import ConsentRecord
from storage.stories.moderation import Note
from storage.stories.rows import ReturnAddress
from storage.vault.vault import Keys, Vault
from tests.storage.stores import Store

CONSENTS, STORIES = core(tables.Consent), core(tables.Story)
VAULT = Vault(Keys.fresh())
DUE = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)

CONSENT = (
    '{"shown":"Mag het team dit lezen? \\"Ja\\" é","at":"2026-11-18T10:30:00+00:00",'
    '"language":"nl","guide":"resident","fingerprint":"f00d","channel":"telegram",'
    '"controller":"Vereniging","recipients":"Team Oost","retention":"24 maanden","ground":"6.1.a"}'
).encode()
RECORD = ConsentRecord(
    "team", "yes", 'Mag het team dit lezen? "Ja" é', DUE.replace(microsecond=5), "nl", "resident",
    "f00d", "telegram", "Vereniging", "Team Oost", "24 maanden", "6.1.a",
)  # fmt: skip
RETURN = b'{"person_id":"p1","channel":"telegram","address":"4711","language":"tr"}'
BACK = ReturnAddress("p1", "telegram", "4711", "tr")
NOTE = '{"text":"Klinkt ernstig…","who":"c1","due":"2026-11-20"}'.encode()
"""As it was sealed before a note told what was done, and as it is now."""
NOTE_NOW = NOTE[:-1] + b',"outcome":"","closed":""}'
REASON = Note("Klinkt ernstig…", "c1", "2026-11-20")
COORDINATOR = (
    b'{"name":"Alice","channel":"mail","address":"a@example.nl","language":"en","digest":false,'
    b'"day":"ma","time":"09:00","zone":"Europe/Amsterdam"}'
)
ALICE = Coordinator(
    "c1", "team", "oost", "Alice", "mail", "a@example.nl", "en", False, "ma", "09:00", joined=3
)
FEED = (
    b'{"url":"https://example.nl/a.ics","etag":"\\"v1\\"","modified":"Tue","problems":["x","y"],'
    b'"doubted":true}'
)
CALENDAR = Feed("f1", "https://example.nl/a.ics", DUE, '"v1"', "Tue", ("x", "y"), 2, True)


def coordinator(sealed: bytes) -> Coordinator:
    row: Any = SimpleNamespace(id="c1", role="team", team_id="oost", joined=3, sealed=sealed)
    return coordinators.read_coordinator(VAULT, row)


def feed(sealed: bytes) -> Feed:
    return feeds._feeds(VAULT, [SimpleNamespace(id="f1", due_at=DUE, failures=2, sealed=sealed)])[0]


@pytest.mark.parametrize(
    ("name", "sealed", "written"),
    [
        ("return:s1", rows.seal_return(VAULT, "s1", BACK), RETURN),
        ("coordinator:c1", coordinators._seal(VAULT, ALICE), COORDINATOR),
        ("feed:f1", feeds._values(VAULT, CALENDAR)["sealed"], FEED),
    ],
)
def test_a_row_is_sealed_as_it_always_was(name: str, sealed: bytes, written: bytes) -> None:
    assert VAULT.open(name, sealed) == written


@pytest.mark.parametrize(
    ("read", "name", "written", "meant"),
    [(coordinator, "coordinator:c1", COORDINATOR, ALICE), (feed, "feed:f1", FEED, CALENDAR)],
)
def test_a_row_of_an_earlier_version_is_read(
    read: Callable[[bytes], Any], name: str, written: bytes, meant: object
) -> None:
    assert read(VAULT.seal(name, written)) == meant
    assert read(VAULT.seal(name, b'{"later":[1],' + written[1:])) == meant


def test_a_feed_of_before_anything_was_doubted_is_read() -> None:
    assert feed(VAULT.seal("feed:f1", FEED.replace(b',"doubted":true', b""))).doubted is False


async def test_the_rows_of_a_story_are_sealed_and_read_as_they_always_were(store: Store) -> None:
    vault, write, read = store.vault, store.database.write, store.database.read
    story_id, _ = await store.story(await store.person())

    def fill(connection: Any) -> bytes:
        moderation.set_state(connection, story_id, "serious", REASON)
        consent_id = consents.append(connection, story_id, RECORD)
        query = select(CONSENTS.c.sealed).where(CONSENTS.c.id == consent_id)
        return vault.open(f"consent:{consent_id}", connection.execute(query).scalar_one())

    assert await write(fill) == CONSENT
    note = await read(lambda s: s.execute(select(STORIES.c.sealed_note)).scalar_one())
    assert vault.open(f"note:{story_id}", note) == NOTE_NOW

    def overwrite(connection: Any) -> None:
        """As the version before would have sealed them, and one after it."""
        values = {
            "sealed_note": vault.seal(f"note:{story_id}", b'{"later":1,' + NOTE[1:]),
            "sealed_return": vault.seal(f"return:{story_id}", b'{"later":1,' + RETURN[1:]),
        }
        connection.execute(update(STORIES).values(**values))

    await write(overwrite)
    assert (await read(lambda s: moderation.standing(s, story_id)))[2] == REASON
    assert await read(lambda s: stories.return_address(s, story_id)) == BACK
    records = [past.record for past in await read(lambda s: consents.history(s, story_id))]
    assert replace(RECORD, at=DUE) in records
