"""Mail: what a letter looks like, and what a failure means for it."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Letter, Outgoing, Refused, TryLater, Uncertain, Unreachable
from bot.channels.mail import Mail
from bot.clock import Clock
from bot.settings import MailSettings
from conversations.engine.effects import Say
from tests.meetings.prompts.mailbox import Mailbox, mailbox

HEADERS = {
    *(b"Subject", b"To", b"From", b"Date", b"Message-ID", b"Content-Language", b"Content-Type"),
    *(b"Auto-Submitted", b"X-Auto-Response-Suppress", b"MIME-Version", b"More"),
}
PNG = base64.b64encode(b"\x89PNG picture").decode()
LETTER = Letter(
    "Hoe was de visite?",
    "Vertel het hier:\nhttp://127.0.0.1/v/abc",
    '<p>Vertel het <a href="http://127.0.0.1/v/abc">hier</a><img src="cid:picture" alt=""></p>',
    PNG,
    "http://127.0.0.1/u/abc",
)


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


def mail(port: int) -> Mail:
    settings = MailSettings(
        host="127.0.0.1", port=port, sender="Vertelbot <bot@example.nl>", tls="none"
    )
    return Mail(settings, Clock())


def to(effect: Letter | Say = LETTER, address: str = "alice@example.nl") -> Outgoing:
    return Outgoing(7, address, effect)


async def test_a_letter_holds_text_html_and_a_picture(box: Mailbox) -> None:
    ref = await mail(box.port).send(to())
    letter = box.letters[0]
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert letter["From"] == "Vertelbot <bot@example.nl>"
    assert letter["To"] == "alice@example.nl"
    assert letter["Message-ID"] == ref


async def test_a_letter_can_be_ended_with_one_click(box: Mailbox) -> None:
    await mail(box.port).send(to())
    letter = box.letters[0]
    assert letter["List-Unsubscribe"] == "<http://127.0.0.1/u/abc>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"


@given(st.text(st.characters(), max_size=30), st.text(st.characters(), max_size=30))
def test_whatever_stands_in_a_letter_it_is_written_and_shuts_nobody_out(
    subject: str, text: str
) -> None:
    """A line separator in the name of a meeting, and whoever was invited was blocked."""
    message, written = mail(1)._written(to(Letter(subject, text, f"<p>{text}</p>")))
    assert message["To"] == "alice@example.nl"
    head = written.partition(b"\n\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\n") if line[:1] not in b" \t"]
    assert sorted(names) == sorted(set(names))
    assert {b"Subject", b"To", b"MIME-Version"} < set(names) < HEADERS


@settings(max_examples=60)
@given(st.text(max_size=20) | st.tuples(st.text(max_size=9), st.text(max_size=9)).map("@".join))
def test_what_is_no_address_is_the_only_thing_that_is_(address: str) -> None:
    with suppress(Unreachable, Refused):
        message, _ = mail(1)._written(to(address=address))
        (whom,) = message["To"].addresses
        assert whom.addr_spec == address or '"' in address


async def test_the_same_row_has_the_same_message_id() -> None:
    assert mail(1).message(to())["Message-ID"] == mail(2).message(to())["Message-ID"]


async def test_a_permanent_refusal_makes_the_address_unreachable(box: Mailbox) -> None:
    box.refuse = "550 5.1.1 no such user"
    with pytest.raises(Unreachable):
        await mail(box.port).send(to())


async def test_a_refusal_that_is_about_us_shuts_nobody_out(box: Mailbox) -> None:
    box.refuse = "550 5.7.23 SPF validation failed"
    with pytest.raises(TryLater):
        await mail(box.port).send(to())


async def test_a_full_mailbox_is_tried_later(box: Mailbox) -> None:
    box.refuse = "452 mailbox full"
    with pytest.raises(TryLater):
        await mail(box.port).send(to())


async def test_a_letter_that_is_refused_was_not_sent(box: Mailbox) -> None:
    box.answer = "554 looks like spam"
    with pytest.raises(Refused):
        await mail(box.port).send(to())


async def test_a_connection_lost_after_the_letter_leaves_it_uncertain(box: Mailbox) -> None:
    box.hang_up = True
    with pytest.raises(Uncertain):
        await mail(box.port).send(to())
    assert len(box.letters) == 1


async def test_without_a_server_nothing_was_sent() -> None:
    with pytest.raises(TryLater):
        await mail(1).send(to())


@pytest.mark.parametrize("address", ["", "no address", "a@b\r\nBcc: c@d", "alice@"])
async def test_what_is_no_address_cannot_be_reached(box: Mailbox, address: str) -> None:
    with pytest.raises(Unreachable):
        await mail(box.port).send(to(address=address))
    assert box.letters == []


async def test_only_letters_go_by_mail(box: Mailbox) -> None:
    with pytest.raises(Refused):
        await mail(box.port).send(to(Say("Hoi")))
