"""A Bot API server for tests: behaves as api.telegram.org for one bot, on loopback."""

from tests.botapi.faults import Fault, Limits
from tests.botapi.people import Group, User
from tests.botapi.server import BotApi
from tests.botapi.world import Button, Message

__all__ = ["BotApi", "Button", "Fault", "Group", "Limits", "Message", "User"]
