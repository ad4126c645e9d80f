"""E-mail, sending only: HTML and text in one letter, over a mail server of one's own (SMTP)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.channels.base import (
    Accept,
    Letter,
    Outgoing,
    Refused,
    SendError,
    TryLater,
    Uncertain,
    Unreachable,
)
from bot.channels.mail_refusals import MENDS, About, Cause, Refusal, Stage, read_refusal
from bot.channels.unknown_addresses import UnknownAddresses
from bot.clock import Clock
from bot.settings import MailSettings
from bot.validation.mail_addresses import parse_sender
from bot.validation.unicode_input import replace_surrogates

_log = logging.getLogger(__name__)

TIMEOUT = 30.0
"""Seconds to wait for the mail server."""
AT_ONCE = 4
"""Connections with the mail server at a time."""

REST = 15.0
"""Seconds without a new try after the server refused us; every time twice as long."""
REST_MOST = 600.0
REST_OF_A_MOMENT = 60.0
"""The most, when it said itself that this passes, or did not answer."""
TRIES = 120
"""After so many tries, five days, a lasting no that has to do with one person is final."""

_WHOLE = policy.SMTP.clone(max_line_length=0)
_ONE_LINK = ("list-unsubscribe",)
"""Headers that are one link, and are not folded."""


class _Form(EmailPolicy):
    """As mail is written: encoded words of at most 75 letters (RFC 2047), links whole."""

    def fold_binary(self, name: str, value: str) -> bytes:
        form = _WHOLE if name.lower() in _ONE_LINK else policy.SMTP
        return form.fold_binary(name, value)


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """The server refuses us, not a person: what it said last, and since when."""

    refusal: Refusal
    since: datetime

    @property
    def mend(self) -> str:
        return MENDS[self.refusal.cause]


class Mail:
    """The channel. Its addresses are e-mail addresses, and it delivers `Letter` only. To the server
    it is `[mail] helo`, or else the domain of the sender: a name that exists (RFC 5321). `told`
    hears of every refusal, and (None) of every letter that was taken; `trouble` tells when the
    server refuses us."""

    name = "mail"

    def __init__(
        self,
        settings: MailSettings,
        clock: Clock,
        told: Callable[[About | None], None] = lambda _: None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._told = told
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._sender = parse_sender(settings.sender)
        self._unknown = UnknownAddresses()
        self.trouble: MailTrouble | None = None
        self._rest = 0.0
        self._quiet_until: datetime | None = None

    async def run(self, _accept: Accept) -> None:
        """Nothing comes in by mail: people answer through the links in it."""
        await asyncio.Event().wait()

    async def send(self, outgoing: Outgoing) -> str:
        """Hand one letter to the mail server; its Message-ID. Raises SendError.

        Until the server has been given the letter itself, nothing can have been sent. What a
        refusal means is in `mail_refusals`.
        """
        if not isinstance(outgoing.effect, Letter):
            raise Refused("only letters go by mail")
        message, letter = self._written(outgoing)
        self._keep_quiet()
        async with self._turns:
            await self._hand_over(outgoing.address, letter)
        self._accepted(outgoing.address)
        return str(message["Message-ID"])

    def _written(self, outgoing: Outgoing) -> tuple[EmailMessage, bytes]:
        """The letter, and as it is handed over. Only its address may be the fault of a person."""
        try:
            address = Address(addr_spec=outgoing.address)
        except (ValueError, IndexError, AttributeError, MessageError):  # as the parser has it
            address = Address()
        whole = address.addr_spec == outgoing.address or '"' in outgoing.address
        if not (whole and address.username.isascii() and address.username and address.domain):
            raise Unreachable("this is no e-mail address")
        try:
            message = self.message(outgoing)
            return message, message.as_bytes(policy=_Form())
        except (ValueError, IndexError, MessageError):
            raise Refused("a letter that cannot be written") from None

    async def _hand_over(self, address: str, letter: bytes) -> None:
        client, settings = self._client(), self._settings
        user, password = settings.user, settings.password.get_secret_value()
        try:
            await self._asked("connect", client.connect)
            await self._asked("helo", lambda: _greeted(client))
            if settings.tls == "starttls":
                await self._asked("tls", client.starttls)
                await self._asked("helo", lambda: _greeted(client))
            if user:
                await self._asked("auth", lambda: client.login(user, password))
            await self._asked("sender", lambda: client.mail(self._sender.addr_spec))
            await self._asked("recipient", lambda: client.rcpt(address), address)
            await self._given(client, letter, address)
        finally:
            client.close()

    async def _asked(
        self, stage: Stage, ask: Callable[[], Awaitable[object]], address: str = ""
    ) -> None:
        """One step before the letter is given."""
        try:
            await ask()
        except SMTPResponseException as error:
            raise self._meant(read_refusal(stage, error.code, error.message), address) from None
        except (SMTPException, OSError, ValueError):
            if stage in ("recipient", "letter"):
                raise TryLater("the mail server went away") from None
            cause: Cause = "tls" if stage == "tls" else "login" if stage == "auth" else "connection"
            raise self._meant(Refusal(stage, 0, "", "us", cause), address) from None

    async def _given(self, client: SMTP, letter: bytes, address: str) -> None:
        try:
            await client.data(letter)
        except aiosmtplib.SMTPDataError as error:
            if not 400 <= error.code < 600:
                raise Uncertain(f"{error.code} from the mail server") from None
            raise self._meant(read_refusal("letter", error.code, error.message), address) from None
        except (SMTPException, OSError) as error:
            lost = type(error).__name__
            raise Uncertain(f"no answer from the mail server ({lost})") from None

    # -- what a refusal means

    def _meant(self, refusal: Refusal, address: str) -> SendError:
        """What becomes of the letter. The words of the server are left out: they may hold an
        address."""
        self._told(refusal.about)
        said = f"{refusal} from the mail server"
        match refusal.about:
            case "address" if not refusal.in_words or self._unknown.believed(address):
                return Unreachable(said)
            case "letter":
                return Refused(said)
            case "us":
                self._in_trouble(refusal)
                return TryLater(said, calmly=True)
            case "address" | "mailbox" | "unclear":
                return TryLater(said, calmly=True, tries=TRIES)
        return TryLater(said)

    def _in_trouble(self, refusal: Refusal) -> None:
        now, known = self._clock.now(), self.trouble
        self.trouble = MailTrouble(refusal, known.since if known else now)
        if known is None or known.refusal != refusal:
            _log.warning(
                "the mail server refuses us at the stage %s (%s): %s. Letters are kept and tried "
                "again; nobody is shut out.",
                refusal.stage, refusal, self.trouble.mend,
            )  # fmt: skip
        if refusal.stage not in ("recipient", "letter"):  # whoever the letter is for
            most = REST_MOST if refusal.code >= 500 else REST_OF_A_MOMENT
            self._rest = min(most, max(REST, 2 * self._rest))
            self._quiet_until = now + timedelta(seconds=self._rest)

    def _accepted(self, address: str) -> None:
        self._told(None)
        self._unknown.letter_taken(address)
        if self.trouble is not None:
            _log.info("the mail server takes our letters again")
        self.trouble, self._rest, self._quiet_until = None, 0.0, None

    def _keep_quiet(self) -> None:
        """A server that refuses us is not asked for every letter anew: it may shut us out for
        that. (When the clock was put back it is asked.)"""
        if self._quiet_until is None:
            return
        left = (self._quiet_until - self._clock.now()).total_seconds()
        if 0 < left <= REST_MOST:
            raise TryLater("the mail server refuses us", left)

    async def close(self) -> None:
        """Every letter has a connection of its own; nothing stays open."""

    def message(self, outgoing: Outgoing) -> EmailMessage:
        """The letter as it goes out. The same row always has the same Message-ID."""
        letter = outgoing.effect
        if not isinstance(letter, Letter):
            raise TypeError("only letters go by mail")
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=outgoing.address)
        message["Subject"] = " ".join(replace_surrogates(letter.subject).split())
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{_name(outgoing, letter)}@{self._sender.domain}>"
        message["Content-Language"] = outgoing.language
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"  # Exchange answers no letter of ours
        if letter.unsubscribe:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(replace_surrogates(letter.text))
        if letter.html:
            message.add_alternative(replace_surrogates(letter.html), subtype="html")
            html = message.get_body(("html",))
            if letter.picture and html is not None:
                html.add_related(
                    base64.b64decode(letter.picture),
                    "image",
                    "png",
                    cid="<picture>",
                    disposition="inline",
                )
        return message

    def _client(self) -> SMTP:
        settings = self._settings
        return SMTP(
            hostname=settings.host,
            port=settings.port,
            local_hostname=settings.helo or self._sender.domain,
            use_tls=settings.tls == "tls",
            start_tls=False,
            timeout=TIMEOUT,
        )


async def _greeted(client: SMTP) -> None:
    """Say who we are, to a very old server too."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


def _name(outgoing: Outgoing, letter: Letter) -> str:
    said = f"{outgoing.id}\n{outgoing.address}\n{letter.subject}\n{letter.text}"
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:32]
