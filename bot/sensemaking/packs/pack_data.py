"""What stands in a pack, as plain values: it goes to the process that draws."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question
from bot.meetings import qr
from bot.sensemaking.figures.contradictions import cards_in_words
from bot.sensemaking.packs.typeset import SessionPack
from bot.sensemaking.sessions.story_pick import asked_of, stories_of
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot, Transaction
from storage.sensemaking import patterns, session_cards
from storage.sensemaking.patterns import SessionPattern
from storage.sensemaking.record import OUTCOME_KINDS
from storage.sensemaking.rounds import VOTE_ANSWERS
from storage.sensemaking.session_cards import StoryCard
from storage.sensemaking.sessions import SenseSession
from storage.stories import uses
from storage.stories.rows import Story

MINUTES = (10, 10, 15, 25, 15, 15)
"""Of the parts of the agenda: ninety minutes."""
BARS = 2
"""Scales on a card, the question of the session first."""


def print_cards(
    connection: Transaction,
    who: Coordinator,
    session: SenseSession,
    now: datetime,
) -> set[str]:
    """Write that the stories on the table leave in a pack, and that their cards went to paper. The
    ids of those that may."""
    table = [card for card in session_cards.on_table(connection, session, who) if card.story]
    ids = [card.story_id for card in table]
    may = uses.write(connection, "pack", session.sits, session.id, ids, now)
    session_cards.note_printed(connection, [card.id for card in table if card.story_id in may])
    return may


def assemble(
    reads: Snapshot,
    services: Services,
    who: Coordinator,
    session: SenseSession,
    words: CoordinatorPhrases,
    may: Collection[str],
    now: datetime,
) -> SessionPack:
    """The pack of a session, with the stories that `may` leave (see `print_cards`), and where
    figures and answers contradict each other. How many there are to choose from is not in it: who
    reads a pack may not read those."""
    t = words
    told = stories_of(reads, who, session)
    asked = asked_of(reads, services, told, who.language)
    table = [card for card in session_cards.on_table(reads, session, who) if card.story_id in may]
    url = services.settings.public_url
    scales = [each for each in asked.values() if each.shape == "scale"]
    scales.sort(key=lambda each: each.key != session.question)
    join = f"{url}/s/{session.code}"
    return SessionPack(
        {
            "title": session.title,
            "about": t.many("session.cards.about", len(table)),
            "language": t.language,
            "code": session.code,
            "join": join,
            "join_qr": qr.svg(join),
            "words": {name: t(f"pack.{name}") for name in _WORDS},
            "agenda": [
                {
                    "minutes": t("pack.minutes", n=minutes),
                    "title": t(f"pack.agenda.{place}"),
                    "text": t(f"pack.agenda.{place}.about"),
                }
                for place, minutes in enumerate(MINUTES, 1)
            ],
            "rules": t("pack.rules"),
            "cards": [
                _card(card, card.story, asked.find(session.question), scales, url)
                for card in table
                if card.story
            ],
            "patterns": [
                _pattern(each, asked.find(each.one), t)
                for each in patterns.listed(reads, session.id)
            ],
            "votes": [t(f"pack.vote.{each}") for each in VOTE_ANSWERS],
            "beside": [
                {
                    "title": t("contradiction.card"),
                    "text": " ".join(sentences[:-1]),
                    "question": sentences[-1],
                }
                for sentences in cards_in_words(reads, services, who, t, now, session.made_at)
            ],
            "lists": [t(f"session.kind.{each}") for each in OUTCOME_KINDS],
            "columns": [t(f"pack.column.{each}") for each in ("what", "who", "when", "cards")],
        }
    )


_WORDS = (
    "join", "notes", "predict", "why", "interpret", "seen", "own", "record", "decisions",
)  # fmt: skip


def _card(
    card: StoryCard,
    story: Story,
    question: Question | None,
    scales: Sequence[Question],
    url: str,
) -> dict[str, object]:
    """A card as it is printed."""
    told = story.telling
    placed = [(each, each.place(told.guide, told.answers)) for each in scales]
    bars = [
        {"left": each.answers[0][1], "right": each.answers[1][1], "place": place}
        for each, place in placed
        if place is not None
    ]
    given = question.given(told.guide, told.answers) if question is not None else []
    return {
        "number": card.number,
        "name": told.headline,
        "text": [part for part in told.text.split("\n\n") if part.strip()],
        "language": told.language,
        "bars": bars[:BARS],
        "answers": ", ".join(question.said(each) for each in given) if question else "",
        "code": card.code,
        "qr": qr.svg(f"{url}/k/{card.code}"),
    }


def _pattern(
    pattern: SessionPattern, question: Question | None, t: CoordinatorPhrases
) -> dict[str, object]:
    """A pattern as it is printed: nothing of what the stories say, for that is predicted."""
    scale = question is not None and question.shape == "scale"
    answer = question.said(pattern.answer) if question is not None else ""
    ends = [label for _, label in question.answers[:2]] if question and scale else ["0 %", "100 %"]
    return {
        "asks": question.asks if question else pattern.observation,
        "how": t("pack.how.scale") if scale else t("pack.how.share", answer=answer),
        "left": ends[0],
        "right": ends[1],
        "observation": pattern.observation,
        "readings": [
            {"text": each.text, "who": t("session.says", who=each.who) if each.who else ""}
            for each in pattern.interpretations
            if each.shown
        ],
    }
