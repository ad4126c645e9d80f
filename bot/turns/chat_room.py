"""Chat rooms: what another feature does in the chat, with a link and buttons of its own. The wiring
hands them to the services."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.account_buttons import Action
from bot.turns.context import TurnContext
from conversations.engine.effects import Say


@runtime_checkable
class ChatRoom(Protocol):
    """A feature in the chat. `link` is what the payload of its links begins with, `action` that of
    its buttons. Each tells whether the open question is to be asked again, or (`words`) whether a
    text was for it."""

    link: str
    action: Action

    def follow(self, context: TurnContext, code: str, /) -> bool: ...

    def tap(self, context: TurnContext, rest: list[str], /) -> bool: ...

    def words(self, context: TurnContext, asked: Say, text: str, /) -> bool: ...


def rooms(context: TurnContext) -> list[ChatRoom]:
    """The rooms that there are."""
    return [each for each in context.services.rooms if isinstance(each, ChatRoom)]


def room_of(context: TurnContext, *, link: str = "", action: str = "") -> ChatRoom | None:
    """The room with this link, or with these buttons."""
    some = rooms(context)
    return next((each for each in some if link == each.link or action == each.action), None)
