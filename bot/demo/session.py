"""An invented sense-making session that is over, with its record: something to look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.coordinators.questions import Question, questions
from bot.demo.circle import close_circle
from bot.demo.invented import TEXTS
from bot.sensemaking.sessions.story_pick import proposed, stories_of
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.sensemaking import changes, patterns, record, session_cards, sessions
from storage.sensemaking.changes import NamedChange
from storage.sensemaking.record import Grounds
from storage.stories import uses
from storage.vault.vault import new_id
from storage.weeks import AMSTERDAM

NOBODY = Coordinator("", "association", "", "")
"""Who leads it: whoever of the association wants to."""


def hold_session(connection: Transaction, services: Services, now: datetime) -> None:
    """Prepare it, decide something, say what changed, and what tellers say to that. Not without
    stories enough for cards."""
    words, then = TEXTS["session"], now - timedelta(weeks=5)
    question = _scale(services)
    drafted = sessions.draft(
        NOBODY, then, title=words["title"], question=question.key, query="", sits="network"
    )
    told = stories_of(connection, NOBODY, drafted)
    chosen = proposed(told, question)
    if not chosen:
        return
    sessions.add(connection, drafted)
    session_cards.put(connection, drafted, chosen)
    uses.write(connection, "session", "network", drafted.id, chosen, then)
    readings = [(each["text"], each["who"]) for each in words["readings"]]
    patterns.add(connection, drafted.id, question.key, "", words["observation"], readings)
    (pattern,) = patterns.listed(connection, drafted.id)
    rests = Grounds(chosen[:4], [each.id for each in pattern.interpretations[:1]])
    record.add_outcome(connection, drafted.id, "recurring", words["outcome"], rests)
    due = (then + timedelta(weeks=4)).astimezone(AMSTERDAM).date().isoformat()
    text, owner = words["decision"], words["owner"]
    decision = record.add_decision(connection, drafted.id, text, owner, due, rests, then)
    since = (now - timedelta(weeks=1)).astimezone(AMSTERDAM).date().isoformat()
    change = NamedChange(new_id(), decision, since, words["change"])
    changes.name_change(connection, change, now)
    sessions.go_to(connection, drafted, "recording", then)
    close_circle(connection, services, NOBODY, change.id, now)


def _scale(services: Services) -> Question:
    """The first question of which the answers lie between two poles."""
    asked = questions(services.shelf.library, "nl").values()
    return next(each for each in asked if each.shape == "scale")
