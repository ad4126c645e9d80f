"""A mail server on loopback that says no, with any words at any stage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

VERBS = {"EHLO": "helo", "AUTH": "auth", "MAIL": "sender", "RCPT": "recipient"}
WELL = {"connect": "220 hello", "auth": "235 2.7.0 welcome", "letter": "250 2.0.0 taken"}


class Refusing:
    """`says` holds the reply at a stage; elsewhere all is well. `heard` are the commands, and
    `asked` counts the connections."""

    def __init__(self) -> None:
        self.port = 0
        self.says: dict[str, str] = {}
        self.heard: list[str] = []
        self.asked = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        try:
            self._say(writer, "connect")
            while line := (await reader.readline()).decode().strip():
                self.heard.append(line)
                verb = line[:4].upper()
                if verb == "DATA":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    self._say(writer, "letter")
                elif verb == "EHLO" and "helo" not in self.says:
                    writer.write(b"250-here\r\n250 AUTH PLAIN\r\n")
                elif verb == "HELO":
                    self._say(writer, "helo")
                else:
                    self._say(writer, VERBS.get(verb, ""))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _say(self, writer: asyncio.StreamWriter, stage: str) -> None:
        writer.write(f"{self.says.get(stage) or WELL.get(stage, '250 2.0.0 OK')}\r\n".encode())


@asynccontextmanager
async def refusing() -> AsyncIterator[Refusing]:
    server = Refusing()
    serving = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.port = serving.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        serving.close()
        await serving.wait_closed()
