"""A Bot API server for tests: behaves as api.telegram.org for one bot, on loopback.

    async with BotApi() as api:             # the bot is given api.url and api.token
        alice = api.user("Alice", language="nl")
        await alice.send("/start")
        await alice.wait_for("Wil je vertellen?")
        await alice.tap("Ja")
        api.fault("sendMessage", "after")   # executed, but the answer is lost

Another process starts it with `python -m tests.botapi` and uses `/control/...`.
"""

from tests.botapi.faults import Fault, Limits
from tests.botapi.people import Group, User
from tests.botapi.server import BotApi
from tests.botapi.world import Button, Message

__all__ = ["BotApi", "Button", "Fault", "Group", "Limits", "Message", "User"]
