"""A real mail server on loopback that keeps what it is given, and goes wrong on demand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class Mailbox:
    """`async with mailbox() as box:` serves on `box.port`. `refuse` answers RCPT, `answer` DATA;
    with `hang_up` the connection is dropped once the letter was taken."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[EmailMessage] = []
        self.refuse = ""
        self.answer = ""
        self.hang_up = False
        self._came = asyncio.Event()

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if not self.refuse:
            envelope.rcpt_tos.append(address)
        return self.refuse or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        if not self.answer:
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self._came.set()
        if self.hang_up:
            server.transport.abort()
        return self.answer or "250 OK"

    async def received(self, number: int) -> EmailMessage:
        """The letter with this number, counted from 1, once it is there."""
        async with asyncio.timeout(60):
            while len(self.letters) < number:
                self._came.clear()
                await self._came.wait()
        return self.letters[number - 1]


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    serving = await asyncio.get_running_loop().create_server(
        lambda: SMTP(box, enable_SMTPUTF8=True), "127.0.0.1", 0
    )
    box.port = serving.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        serving.close()
        await serving.wait_closed()


def links(letter: EmailMessage) -> list[str]:
    """The addresses in the plain text of a letter, in their order."""
    body = letter.get_body(("plain",))
    assert body is not None
    return re.findall(r"https?://\S+", body.get_content())
