"""A strict Cloud API server for tests: refuses whatever Meta refuses, on loopback.

async with CloudApi() as api:              # the bot is given api.url, api.token and so on
    alice = api.phone("Alice")
    await alice.send("hallo")
    await alice.tap("Ja, ik doe mee")
    api.fault("after")                     # taken, but the answer is lost
"""

from tests.whatsapp.phones import Phone, Shown
from tests.whatsapp.server import CloudApi

__all__ = ["CloudApi", "Phone", "Shown"]
