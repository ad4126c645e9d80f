"""Words to a number that only rings: a kind answer with the way to the chat. Nobody is made of whom
nothing is known, and nothing of the words is kept."""

from __future__ import annotations

from datetime import datetime

from bot.channels.base import ONE_MESSAGE, Account, Arrival
from bot.services import Services
from bot.turns.context import TurnContext
from bot.turns.replies import put_to
from conversations.engine.effects import Say
from conversations.guide.model import fill_slots
from storage.engine.transaction import Transaction
from storage.people import people
from storage.whatsapp import contacts


def answer(connection: Transaction, services: Services, arrival: Arrival, now: datetime) -> bool:
    """Answer them; they also shut the bell or open it again. False when it is something else, or
    somebody who talks with us."""
    event, address = arrival.event, arrival.address
    if not isinstance(event, Account) or event.name not in ("bell", "never"):
        return False
    never = event.name == "never"
    if never and people.find(connection, arrival.channel, address) is not None:
        return False
    if never or contacts.opted_out(connection, address):
        contacts.opt_out(connection, address, out=never)
    library = services.shelf.library
    language = contacts.language(connection, address) or library.spoken[0]
    words = library.phrases(language).get("never_done" if never else "bell_words")
    said = fill_slots(words, {"url": services.settings.public_url})
    put_to(connection, (arrival.channel, address, language), now, Say(said))
    return True


def follow_wish(context: TurnContext, arrival: Arrival) -> None:
    """Who talks with us wants nothing unasked any more, by a word; or writes again, and does."""
    if arrival.channel not in ONE_MESSAGE:
        return
    connection, event = context.connection, arrival.event
    if isinstance(event, Account) and event.name == "never":
        contacts.opt_out(connection, arrival.address, out=True)
    elif contacts.opted_out(connection, arrival.address):
        contacts.opt_out(connection, arrival.address, out=False)
        context.remember(prompts="")
