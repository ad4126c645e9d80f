"""A mail server that says no: what is done about it, for every code at every stage, and that only
an address that does not exist ever shuts a person out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.channels.base import Letter, Outgoing, Refused, SendError, TryLater, Uncertain, Unreachable
from bot.channels.mail import TRIES, Mail
from bot.channels.mail_refusals import GONE, Stage, read_refusal
from bot.channels.unknown_addresses import MOST, UnknownAddresses
from bot.clock import Clock
from bot.meetings import invitations
from bot.meetings.model.meeting import Meeting
from bot.settings import MailSettings
from storage.outbox import queue
from storage.people import blocked_addresses
from tests.end_to_end.kit import MovableClock
from tests.meetings.prompts.kit import TUESDAY, Meetings, group
from tests.meetings.prompts.mailbox import Mailbox
from tests.meetings.prompts.refusing import Refusing, refusing
from tests.meetings.prompts.test_letters import ALICE

STAGES = ("connect", "helo", "auth", "sender", "recipient", "letter")
DETAILS = {0: 2, 1: 11, 2: 5, 3: 7, 4: 8, 5: 8, 6: 11, 7: 31}
"""Subjects of RFC 3463, and how many details are registered for each (RFC 5248), from nought."""
MORE = ("5.1.90", "5.2.121", "5.4.310", "5.7.64", "5.7.509", "5.9.9")
"""Of large providers, and of nobody."""
CODES = [f"5.{subject}.{n}" for subject, most in DETAILS.items() for n in range(most)] + [*MORE]
TABLE = Path(__file__).with_name("mail_refusals.md")
MEANS = {Unreachable: "blocked", Refused: "not sent", TryLater: "later", Uncertain: "uncertain"}

ASKED = "550 5.1.1 <alice@x.nl>: Recipient address rejected: undeliverable address:"
WORDS = [
    ("550 no such user", "blocked"),
    ("550 User unknown", "blocked"),
    ("550 <alice@relay-host.nl>: Recipient address rejected: User unknown in table", "blocked"),
    ("550 #5.1.0 Address rejected. Unknown user", "blocked"),
    ("553 sorry, no mailbox here by that name (#5.1.1)", "blocked"),
    ("554 unknown recipient", "blocked"),
    ("550-5.1.1 The account that you tried to reach\r\n550 5.1.1 does not exist.", "blocked"),
    (f"{ASKED} host mx.x.nl said: 550 5.1.1 User unknown (in reply to RCPT TO)", "blocked"),
    (f"{ASKED} host mx.x.nl said: 550 no such user here", "blocked"),
    (f"{ASKED} host mx.x.nl said: 550 5.7.1 Client host blocked (in reply to RCPT TO)", "later"),
    (f"{ASKED} host mx.x.nl said: 450 4.7.1 Greylisted", "later"),
    ("550 5.1.1 Recipient address rejected: unverified address: mx.x.nl timed out", "later"),
    ("550 relay not permitted", "later"),
    ("550 rejected because 192.0.2.1 is in a black list at zen.example", "later"),
    ("550 rejected because 5.1.1.7 is in a black list", "later"),
    ("530 Authentication required", "later"),
    ("550 5.1.90 Your message can't be sent because you've reached your daily limit", "later"),
    ("550 Sender verify failed: no such user", "later"),
    ("550 sender unknown: no such user", "later"),
    ("550 User unknown; authentication required", "later"),
    ("550 unknown user: relaying denied", "later"),
    ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "later"),
    ("550 mailbox unavailable", "later"),
    ("550 account disabled", "later"),
    ("550 5.4.1 Recipient address rejected: Access denied", "later"),
    ("550 5.2.1 no such user", "later"),
    ("550 4.1.1 you know nothing", "later"),
    ("552 no such user", "later"),
    ("452 mailbox full", "later"),
    ("450 no such user", "later"),
    ("451 4.1.1 no such user, perhaps", "later"),
    ("421 4.1.1 busy", "later"),
    ("571 no such user", "later"),
    ("550", "later"),
    ("nonsense", "later"),
]  # fmt: skip


@pytest.fixture
async def server() -> AsyncIterator[Refusing]:
    async with refusing() as server:
        yield server


def mail(server: Refusing, clock: Clock | None = None, **more: str) -> Mail:
    settings = MailSettings(
        host="127.0.0.1",
        port=server.port,
        sender="Vertelbot <bot@bücher.nl>",
        tls="none",
        user="bot",
        password=SecretStr("secret"),
        **more,
    )
    return Mail(settings, clock or Clock())


async def said(channel: Mail, address: str = ALICE) -> SendError | None:
    try:
        await channel.send(Outgoing(7, address, Letter("Hoe was het?", "Vertel het hier.")))
    except SendError as error:
        return error
    return None


async def done(server: Refusing, stage: str, reply: str) -> str:
    """What becomes of a letter when the server says this at a stage."""
    server.says = {stage: reply}
    return MEANS[type(await said(mail(server)))]


async def test_every_code_at_every_stage_stands_in_the_table(
    server: Refusing, request: pytest.FixtureRequest
) -> None:
    lines = [f"| code | {' | '.join(STAGES)} |", "|---" * (len(STAGES) + 1) + "|"]
    for number, code in enumerate(CODES):
        means = [await done(server, stage, f"550 {code} no") for stage in STAGES]
        lines.append(f"| {code} | " + " | ".join(means) + " |")
        stage = STAGES[number % len(STAGES)]
        assert await done(server, stage, f"450 4{code[1:]} no") == "later", code
    table = HEAD + "\n".join(lines) + "\n"
    if request.config.getoption("--accept"):
        TABLE.write_text(table, "utf-8")
    assert TABLE.read_text("utf-8") == table
    shut_out = {line.split(" | ")[0][2:] for line in lines if "blocked" in line}
    assert shut_out == {f"5.1.{detail}" for detail in GONE}


HEAD = """# What is done when a mail server says no

Written by `pytest --accept tests/meetings/prompts/test_mail_refusals.py` from what happened with a
real server that said `550` with each code (RFC 3463, RFC 5248), and *no*. *later*: kept and tried
again. *not sent*: this letter goes no more. *blocked*: nor does another one, until the
address is freed. With `450` and a code that begins with 4 it is always *later*.

"""


@pytest.mark.parametrize("stage", get_args(Stage))
def test_what_passes_and_what_is_said_before_the_name_shuts_nobody_out(stage: Stage) -> None:
    for code in CODES:
        lasting = read_refusal(stage, 550, f"{code} no such user").about
        passing = read_refusal(stage, 450, f"4{code[1:]} no such user").about
        early = stage not in ("recipient", "letter")
        assert passing in (("us",) if early else ("moment", "mailbox")), code
        assert (lasting == "us") or not early, code
        assert lasting != "address" or code[2:].startswith(("0.", "1.")), code


@pytest.mark.parametrize(("reply", "means"), WORDS)
async def test_the_words_of_a_server_shut_somebody_out_only_when_they_are_plain(
    server: Refusing, reply: str, means: str
) -> None:
    """Without a code it has to say so twice, and take a letter for somebody else in between."""
    channel = mail(server)
    server.says = {"recipient": reply}
    assert MEANS[type(await said(channel))] in (means, "later")
    server.says = {}
    assert await said(channel, "bob@example.nl") is None
    server.says = {"recipient": reply}
    assert MEANS[type(await said(channel))] == means


WITHOUT_CODE = (
    "Your account does not exist", "Unknown account", "no such user: customer left",
    "Uw account bestaat niet: no such account", "#5.1.0 Address rejected. Unknown user",
)  # fmt: skip


@pytest.mark.parametrize("words", WITHOUT_CODE)
async def test_a_server_that_says_it_of_everybody_shuts_nobody_out(
    server: Refusing, words: str
) -> None:
    channel = mail(server)
    server.says = {"recipient": f"550 {words}"}
    for address in (ALICE, "bob@example.nl", "carol@example.nl", ALICE, ALICE):
        assert isinstance(await said(channel, address), TryLater), address
    server.says = {}
    assert await said(channel, ALICE) is None
    server.says = {"recipient": f"550 {words}"}
    assert isinstance(await said(channel, ALICE), TryLater)
    server.says = {"recipient": "550 5.1.1 User unknown"}
    assert isinstance(await said(channel, "dora@example.nl"), Unreachable)


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    unknown = UnknownAddresses()
    assert not any(unknown.believed(f"{number}@x.nl") for number in range(MOST + 5))
    unknown.letter_taken("bob@x.nl")
    assert [unknown.believed(f"{number}@x.nl") for number in (0, MOST)] == [False, True]


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("", "later"), ("Message refused", "later"), ("Transaction failed", "later"),
        ("DMARC policy", "later"), ("spam: reputation of the sender", "later"),
        ("daily limit reached", "later"), ("this looks like spam", "not sent"),
        ("virus found", "not sent"), ("message too large", "not sent"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("code", [550, 554])
async def test_a_no_without_a_code_after_the_letter_ends_it_only_for_what_is_in_it(
    server: Refusing, code: int, words: str, means: str
) -> None:
    assert await done(server, "letter", f"{code} {words}") == means


OF_US = (
    "<bot@x.nl>: Sender address rejected: User unknown in virtual mailbox table",
    "Envelope originator: no such user", "Return path: no such user", "Reverse-path: no such user",
    "Sending domain does not exist: no such user", "No such user - submitting user must exist",
    "<alice@x.nl>... Relaying denied: user unknown", "User unknown, DMARC", "no such user; SPF",
    "User unknown (reputation of 192.0.2.1)", "unknown user, authenticate first",
    "Message rejected as spam, no such user", "MAIL FROM: unknown user",
)  # fmt: skip
OF_THE_PERSON = (
    "User unknown", "<spam@sender.nl>: no such user here", "mx.relay.nl: no such user here",
    "<a@x.nl>: Recipient address rejected: User unknown in relay recipient table",
    "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
)  # fmt: skip


@pytest.mark.parametrize("stage", ["recipient", "letter"])
@pytest.mark.parametrize("code", ["", *(f"5.1.{detail} " for detail in sorted(GONE))])
def test_words_about_who_sends_shut_nobody_out_whatever_the_code(stage: Stage, code: str) -> None:
    for words in OF_US:
        assert read_refusal(stage, 550, code + words).about != "address", words
    for words in OF_THE_PERSON if code else ():
        assert read_refusal(stage, 550, code + words).about == "address", words


@pytest.mark.parametrize("stage", STAGES[:4])
@pytest.mark.parametrize("reply", ["550 5.1.1 User unknown", "550 no such user", "421 busy"])
async def test_before_it_knows_for_whom_it_is_a_refusal_is_about_us(
    server: Refusing, stage: str, reply: str
) -> None:
    assert await done(server, stage, reply) == "later"


async def test_a_refusal_of_us_is_told_without_a_name_and_ends_with_a_letter_taken(
    server: Refusing, caplog: pytest.LogCaptureFixture
) -> None:
    channel = mail(server)
    server.says = {"recipient": f"550 5.7.1 <{ALICE}>: Relay access denied"}
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert isinstance(await said(channel), TryLater)
        trouble = channel.trouble
        assert trouble is not None
        assert (trouble.refusal.stage, trouble.refusal.cause) == ("recipient", "relay")
        server.says = {}
        assert await said(channel) is None
    assert channel.trouble is None
    (refused, taken) = [record.getMessage() for record in caplog.records]
    assert "550 5.7.1" in refused
    assert "[mail] user and password" in refused
    assert "alice" not in caplog.text
    assert "takes our letters again" in taken


async def test_a_server_that_refuses_us_is_left_alone_for_a_while(server: Refusing) -> None:
    clock = MovableClock()
    channel = mail(server, clock)
    server.says = {"auth": "535 5.7.8 Error: authentication failed"}
    assert isinstance(await said(channel), TryLater)
    asked = server.asked
    for _ in range(20):
        assert isinstance(await said(channel), TryLater)
    assert server.asked == asked
    server.says = {}
    clock.move(minutes=11)
    assert await said(channel) is None


async def test_one_person_who_is_refused_holds_up_nobody_else(server: Refusing) -> None:
    channel = mail(server)
    server.says = {"recipient": "550 5.7.1 this recipient takes no mail from you"}
    assert isinstance(await said(channel), TryLater)
    server.says = {}
    assert await said(channel, "bob@example.nl") is None


@pytest.mark.parametrize(("helo", "said_name"), [("", "xn--bcher-kva.nl"), ("mx.x.nl", "mx.x.nl")])
async def test_we_say_who_we_are(server: Refusing, helo: str, said_name: str) -> None:
    await said(mail(server, helo=helo))
    assert server.heard[0] == f"EHLO {said_name}"


@pytest.mark.parametrize("address", ["o'neil@example.nl", '"a, b"@example.nl', "a+b@example.nl"])
async def test_an_address_arrives_whole(server: Refusing, address: str) -> None:
    assert await said(mail(server), address) is None
    assert f"RCPT TO:<{address}>" in server.heard


# -- the whole way


async def put_invitation(bot: Meetings, made: Meeting) -> int:
    """Invite Alice; how many letters were put."""
    app = bot.house.app
    done = await app.database.write(
        lambda c: invitations.invite(c, app.services, made, [ALICE], bot.clock.now())
    )
    app.outbox.wake()
    return done.new


async def told(bot: Meetings) -> tuple[int, dict[str, Any], str]:
    """What `/ready` and the figures say."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{bot.house.url}/ready") as answer:
            status, ready = answer.status, await answer.json()
        async with session.get(f"{bot.house.url}/metrics") as answer:
            return status, ready, await answer.text()


async def test_an_evening_on_which_the_server_refuses_us_shuts_nobody_out(
    bot: Meetings, box: Mailbox
) -> None:
    box.refuse = "550 relay not permitted"
    await put_invitation(bot, await bot.plan(group()))
    await bot.house.until("outbox WHERE attempts > 0 AND state = 'pending'")
    status, ready, figures = await told(bot)
    assert (status, ready["ok"], ready["checks"]["mail"]) == (200, True, False)
    assert ready["mail_refused"]["cause"] == "relay"
    assert "vertelbot_mail_refused 1.0" in figures
    assert 'vertelbot_mail_refusals_total{about="us"} 1.0' in figures
    box.refuse = ""
    await bot.until(TUESDAY + timedelta(hours=4))
    subjects = [str(letter["Subject"]) for letter in box.letters]
    assert subjects == ["Doe je mee met Leergroep Jeugd?", "Hoe was Leergroep Jeugd?"]
    _, ready, figures = await told(bot)
    assert ready["checks"]["mail"]
    assert "mail_refused" not in ready
    assert "vertelbot_mail_refused 0.0" in figures


async def test_who_was_shut_out_can_be_freed_and_invited_again(bot: Meetings, box: Mailbox) -> None:
    app, made = bot.house.app, await bot.plan(group())
    box.refuse = "550 5.1.1 User unknown"
    await put_invitation(bot, made)
    await bot.house.settle()
    box.refuse = ""
    (shut_out,) = await app.database.read(blocked_addresses.listed)
    assert (shut_out.address, shut_out.said) == (ALICE, "550 5.1.1 from the mail server")
    assert await put_invitation(bot, made) == 0
    assert await app.database.write(lambda c: blocked_addresses.free(c, shut_out.id))
    assert await app.database.read(blocked_addresses.listed) == []
    assert await put_invitation(bot, made) == 1
    await bot.house.settle()
    await bot.until(TUESDAY + timedelta(hours=4))
    assert len(box.letters) == 2
    assert not await app.database.write(lambda c: blocked_addresses.free(c, shut_out.id))


async def test_what_one_mailbox_refuses_for_days_is_given_up_without_shutting_out(
    bot: Meetings, box: Mailbox
) -> None:
    app = bot.house.app
    box.refuse = "552 5.2.2 mailbox full"
    await put_invitation(bot, await bot.plan(group(start=TUESDAY + timedelta(days=30))))
    await bot.house.until("outbox WHERE attempts = 1")
    await app.database.write(
        lambda c: c.execute(text(f"UPDATE outbox SET attempts = {TRIES}")) and None
    )
    bot.clock.move(hours=2)
    app.outbox.wake()
    await bot.house.settle()
    assert await bot.house.count("outbox WHERE state = 'failed'") == 1
    assert await app.database.read(blocked_addresses.listed) == []


def test_a_lasting_no_is_asked_again_every_hour_at_most() -> None:
    pauses = [queue.pause(number, calmly=True) for number in range(TRIES)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 60
    assert pauses[-1] == 3600
    assert timedelta(days=4) < timedelta(seconds=sum(pauses)) < timedelta(days=6)
