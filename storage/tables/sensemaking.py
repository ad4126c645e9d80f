"""The tables of sense-making sessions: their cards, patterns, rounds and record.

A card, an outcome and a decision hold the id of a story and never a word of it. What a participant
predicts and votes hangs on a random id of that session; all of that goes when the session closes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Column, Index, false
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel, Utc


class SenseSession(TableModel, table=True):
    """A sense-making session. `code` is what people join with; `team_id` is whose it is (none: the
    association's), `sits` who sits in it. `round` is the pattern or interpretation round that is
    open. Sealed: its title, question and choice of stories."""

    __table_args__ = (
        CheckConstraint("sits IN ('team', 'network')", name="sensesession_sits"),
        CheckConstraint(
            "state IN ('prepared', 'open', 'predicting', 'interpreting', 'recording', 'closed')",
            name="sensesession_state",
        ),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    team_id: str | None = Field(default=None, foreign_key="team.id", index=True)
    facilitator_id: str | None = Field(
        default=None, foreign_key="coordinator.id", ondelete="SET NULL"
    )
    sits: str
    state: str = "prepared"
    round: str = ""
    made_at: datetime = Field(sa_type=Utc)
    changed_at: datetime = Field(sa_type=Utc)
    sealed: bytes


class SessionCard(TableModel, table=True):
    """A story in a session, with the code that stands on its card. Once its story is gone the card
    stays without it, so that who printed it can take it out. A card that was swapped for another
    has no `place`; `printed`: it stood in a pack."""

    __table_args__ = (Index("ix_sessioncard_session_id", "session_id"), UNORDERED)

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    session_id: str = Field(foreign_key="sensesession.id", ondelete="CASCADE")
    story_id: str | None = Field(
        default=None, foreign_key="story.id", ondelete="SET NULL", index=True
    )
    number: int
    place: int | None = None
    printed: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )


class SessionPattern(TableModel, table=True):
    """A chart of one or two questions over the stories of a session. Sealed: the observation."""

    __table_args__ = (UNORDERED,)

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sensesession.id", ondelete="CASCADE", index=True)
    place: int
    one: str
    other: str = ""
    sealed: bytes


class Interpretation(TableModel, table=True):
    """A reading of a pattern. Sealed: its words, and who would say so. `added`: by a participant.
    `shown`: the facilitator lets the group see it."""

    __table_args__ = (UNORDERED,)

    id: str = Field(primary_key=True)
    pattern_id: str = Field(foreign_key="sessionpattern.id", ondelete="CASCADE", index=True)
    place: int
    added: bool = False
    shown: bool = True
    sealed: bytes


class SessionSeat(TableModel, table=True):
    """That a person takes part. Sealed: as which participant, which nothing else says."""

    __table_args__ = (UNORDERED,)

    session_id: str = Field(primary_key=True, foreign_key="sensesession.id", ondelete="CASCADE")
    person_id: str = Field(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True
    )
    sealed: bytes


class Participant(TableModel, table=True):
    """A participant without a person: a random id and a role."""

    __table_args__ = (
        CheckConstraint("role IN ('resident', 'professional', 'coordinator')", name="seat_role"),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sensesession.id", ondelete="CASCADE", index=True)
    role: str


class Prediction(TableModel, table=True):
    """Where a participant expects a pattern, 0 to 100."""

    __table_args__ = (UNORDERED,)

    participant_id: str = Field(primary_key=True, foreign_key="participant.id", ondelete="CASCADE")
    pattern_id: str = Field(
        primary_key=True, foreign_key="sessionpattern.id", ondelete="CASCADE", index=True
    )
    value: int


class Vote(TableModel, table=True):
    """What a participant thinks of an interpretation."""

    __table_args__ = (
        CheckConstraint("answer IN ('holds', 'fails', 'unsure')", name="vote_answer"),
        UNORDERED,
    )

    participant_id: str = Field(primary_key=True, foreign_key="participant.id", ondelete="CASCADE")
    interpretation_id: str = Field(
        primary_key=True, foreign_key="interpretation.id", ondelete="CASCADE", index=True
    )
    answer: str


class RoundResult(TableModel, table=True):
    """What left a round when it was closed: once, and never changed."""

    __table_args__ = (UNORDERED,)

    session_id: str = Field(primary_key=True, foreign_key="sensesession.id", ondelete="CASCADE")
    round: str = Field(primary_key=True)
    result: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Outcome(TableModel, table=True):
    """What a session found. Sealed: its words."""

    __table_args__ = (
        CheckConstraint("kind IN ('recurring', 'urgent', 'surprising')", name="outcome_kind"),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sensesession.id", ondelete="CASCADE", index=True)
    place: int
    kind: str
    sealed: bytes


class Decision(TableModel, table=True):
    """What will be done, and by when (a day). Sealed: its words, and who does it."""

    __table_args__ = (UNORDERED,)

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sensesession.id", ondelete="CASCADE", index=True)
    place: int
    made_at: datetime = Field(sa_type=Utc)
    due_on: str
    sealed: bytes


class OutcomeCard(TableModel, table=True):
    """A story that an outcome rests on."""

    __tablename__ = "outcome_card"
    __table_args__ = (UNORDERED,)

    outcome_id: str = Field(primary_key=True, foreign_key="outcome.id", ondelete="CASCADE")
    story_id: str = Field(primary_key=True, foreign_key="story.id", ondelete="CASCADE", index=True)


class OutcomeInterpretation(TableModel, table=True):
    """An interpretation that an outcome rests on."""

    __tablename__ = "outcome_interpretation"
    __table_args__ = (UNORDERED,)

    outcome_id: str = Field(primary_key=True, foreign_key="outcome.id", ondelete="CASCADE")
    interpretation_id: str = Field(
        primary_key=True, foreign_key="interpretation.id", ondelete="CASCADE", index=True
    )


class DecisionCard(TableModel, table=True):
    """A story that a decision rests on."""

    __tablename__ = "decision_card"
    __table_args__ = (UNORDERED,)

    decision_id: str = Field(primary_key=True, foreign_key="decision.id", ondelete="CASCADE")
    story_id: str = Field(primary_key=True, foreign_key="story.id", ondelete="CASCADE", index=True)


class DecisionInterpretation(TableModel, table=True):
    """An interpretation that a decision rests on."""

    __tablename__ = "decision_interpretation"
    __table_args__ = (UNORDERED,)

    decision_id: str = Field(primary_key=True, foreign_key="decision.id", ondelete="CASCADE")
    interpretation_id: str = Field(
        primary_key=True, foreign_key="interpretation.id", ondelete="CASCADE", index=True
    )


class DecisionChange(TableModel, table=True):
    """What really changed after a decision, and on which day. Sealed: its words."""

    __table_args__ = (UNORDERED,)

    id: str = Field(primary_key=True)
    decision_id: str = Field(foreign_key="decision.id", ondelete="CASCADE", index=True)
    happened_on: str
    made_at: datetime = Field(sa_type=Utc)
    sealed: bytes


class ChangeNotice(TableModel, table=True):
    """That a teller was told of a change, once, and what the teller thinks of it. `person` and
    `message` are keyed hashes, of both together with the change: without the key nothing here
    joins a person to a story, or one change to another."""

    __table_args__ = (
        CheckConstraint("answer IN ('', 'yes', 'partly', 'no')", name="changenotice_answer"),
        UNORDERED,
    )

    change_id: str = Field(primary_key=True, foreign_key="decisionchange.id", ondelete="CASCADE")
    person: str = Field(primary_key=True)
    message: str = Field(unique=True)
    answer: str = ""


class ChangeRemark(TableModel, table=True):
    """What a teller says about a change. Sealed: the words. `beside`: it may be read beside the
    story too. `trace` stands for it in the list of what was erased."""

    __table_args__ = (UNORDERED,)

    change_id: str = Field(primary_key=True, foreign_key="decisionchange.id", ondelete="CASCADE")
    story_id: str = Field(primary_key=True, foreign_key="story.id", ondelete="CASCADE", index=True)
    beside: bool
    trace: str
    sealed: bytes


class JusticeShare(TableModel, table=True):
    """The share of tellers to whom a change did justice, as it left: in steps of 10 %, of at least
    so many answers. Once for each step, and never changed."""

    __table_args__ = (UNORDERED,)

    answers: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    percent: int
