"""The terminal channel: a conversation on standard input and output, also from a pipe."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import TextIO

from bot.channels.base import Accept, Account, Arrival, Document, Outgoing
from bot.channels.command_parser import read_typed
from bot.validation.unicode_input import replace_surrogates
from conversations.engine.effects import Mark, Say, Tick
from conversations.engine.events import Event, Said, Tapped

ADDRESS = "here"


class Terminal:
    """One person, who types; a number or a label is the button that has it. `settled` waits until
    all answers are shown."""

    name = "terminal"

    def __init__(
        self,
        settled: Callable[[], Awaitable[None]],
        source: TextIO = sys.stdin,
        target: TextIO = sys.stdout,
    ) -> None:
        self._settled = settled
        self._source = source
        self._target = target
        self._asked = Say("")

    async def run(self, accept: Accept) -> None:
        """Talk until the input ends."""
        session = secrets.token_hex(8)
        await self._tell(accept, f"{session}:0", Account("start"))
        number = 0
        while line := await asyncio.to_thread(self._source.readline):
            number += 1
            await self._tell(
                accept, f"{session}:{number}", self._event(replace_surrogates(line.strip()), number)
            )

    async def send(self, outgoing: Outgoing) -> str:
        match outgoing.effect:
            case Say() as say:
                self._asked = say if say.buttons or say.turn else self._asked
                self._print(say.whole_text)
                for place, button in enumerate(say.buttons, 1):
                    self._print(f"  {place:2}  {'✓ ' if button.picked else ''}{button.label}")
                self._print("")
            case Tick(turn, buttons):
                self._asked = Say(self._asked.text, buttons, turn)
                picked = [button.label for button in buttons if button.picked]
                self._print(f"  ✓ {', '.join(picked) or '–'}\n")
            case Mark(_, chosen) if chosen:
                self._print(f"  ✓ {chosen}\n")
            case Document(name, media_type, text):
                self._print(f"[{name}]\n{text or media_type}")
        return ""

    async def close(self) -> None:
        self._target.flush()

    async def _tell(self, accept: Accept, external_id: str, event: Event | Account) -> None:
        await accept([Arrival(self.name, external_id, ADDRESS, event)])
        await self._settled()

    def _event(self, line: str, number: int) -> Event | Account:
        buttons = self._asked.buttons
        if line.isdecimal() and 0 < int(line) <= len(buttons):
            return Tapped(self._asked.turn, buttons[int(line) - 1].id, seen=None)
        for button in buttons:
            if line and line.casefold() == button.label.casefold():
                return Tapped(self._asked.turn, button.id, seen=None)
        command, text, masked = read_typed(line)
        return command or Said(text, ref=str(number), masked=masked)

    def _print(self, text: str) -> None:
        print(text, file=self._target, flush=True)
