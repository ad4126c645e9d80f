"""E-mail, sending only: HTML and text in one letter, over a mail server of one's own (SMTP)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.channels.base import Accept, Letter, Outgoing, Refused, TryLater, Uncertain, Unreachable
from bot.clock import Clock
from bot.settings import Mail as MailSettings

TIMEOUT = 30.0
"""Seconds to wait for the mail server."""
AT_ONCE = 4
"""Connections with the mail server at a time."""

POLICY = "5.7."
"""A refusal that is about the sender, not about the address (RFC 3463): a wrong SPF record, say.
It can be mended, and must not shut everybody out."""

_FORM = policy.SMTP.clone(max_line_length=500)
"""No header is folded in the middle of a link."""


class Mail:
    """The channel. Its addresses are e-mail addresses, and it delivers `Letter` only."""

    name = "mail"

    def __init__(self, settings: MailSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)
        name, address = parseaddr(settings.sender)
        self._sender = Address(name, addr_spec=address)

    async def run(self, accept: Accept) -> None:
        """Nothing comes in by mail: people answer through the links in it."""
        await asyncio.Event().wait()

    async def send(self, outgoing: Outgoing) -> str:
        """Hand one letter to the mail server; its Message-ID. Raises SendError.

        Until the server has been given the letter itself, nothing can have been sent. A permanent
        refusal of the address (5xx) makes the person unreachable; one of the sender is tried again.
        """
        if not isinstance(outgoing.effect, Letter):
            raise Refused("only letters go by mail")
        try:
            message = self.message(outgoing)
        except (ValueError, IndexError):
            raise Unreachable("this is no e-mail address") from None
        async with self._turns:
            client = self._client()
            try:
                await _asked(client.connect)
                await _asked(lambda: client.mail(self._sender.addr_spec))
                await _asked(lambda: client.rcpt(outgoing.address), address=True)
                await _given(client, message.as_bytes(policy=_FORM))
            finally:
                client.close()
        return str(message["Message-ID"])

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
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{_name(outgoing, letter)}@{self._sender.domain}>"
        message["Content-Language"] = outgoing.language
        message["Auto-Submitted"] = "auto-generated"
        if letter.unsubscribe:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
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
            username=settings.user or None,
            password=settings.password.get_secret_value() or None,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            timeout=TIMEOUT,
        )


async def _asked(ask: Callable[[], Awaitable[object]], *, address: bool = False) -> None:
    """One step before the letter is given. Its words are left out: they may hold an address."""
    try:
        await ask()
    except SMTPResponseException as error:
        about_us = error.message.startswith(POLICY)
        if address and 500 <= error.code < 600 and not about_us:
            raise Unreachable(f"{error.code} from the mail server") from None
        raise TryLater(f"{error.code} from the mail server") from None
    except (SMTPException, OSError, ValueError) as error:
        raise TryLater(f"no mail server ({type(error).__name__})") from None


async def _given(client: SMTP, letter: bytes) -> None:
    try:
        await client.data(letter)
    except aiosmtplib.SMTPDataError as error:
        if error.code >= 500:
            raise Refused(f"{error.code} from the mail server") from None
        raise TryLater(f"{error.code} from the mail server") from None
    except (SMTPException, OSError) as error:
        raise Uncertain(f"no answer from the mail server ({type(error).__name__})") from None


def _name(outgoing: Outgoing, letter: Letter) -> str:
    said = f"{outgoing.id}\n{outgoing.address}\n{letter.subject}\n{letter.text}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]
