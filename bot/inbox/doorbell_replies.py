"""Words to a number that only rings: a kind answer with the way to the chat. Nobody is made of whom
nothing is known, and nothing of the words is kept."""

from __future__ import annotations

from datetime import UTC, datetime

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
    """Answer them, with who can help where they ask for it; they also shut the bell or open it
    again. A wish that was told to the channel
    gets no answer. False when it is something else, or somebody who talks with us."""
    event, address = arrival.event, arrival.address
    if isinstance(event, Account) and event.name in ("mute", "unmute"):
        told = datetime.fromtimestamp(float(event.text or 0), UTC)
        contacts.mute(connection, address, told, out=event.name == "mute")
        return True
    if not isinstance(event, Account) or event.name not in ("bell", "bell_help", "never"):
        return False
    never = event.name == "never"
    if never and people.find(connection, arrival.channel, address) is not None:
        return False
    back = not never and contacts.opted_out(connection, address)
    if never or back:
        contacts.opt_out(connection, address, out=never)
    library = services.shelf.library
    language = contacts.language(connection, address) or library.spoken[0]
    keys = ["never_done"] if never else ["bell_words"]
    keys[:0] = ["help_card"] if event.name == "bell_help" else []
    keys[:0] = ["never_undone"] if back else []
    words = "\n\n".join(library.phrases(language).get(key) for key in keys)
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
        context.phrase("never_undone")
