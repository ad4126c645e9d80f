"""The tables, by noun. What is sealed in them only the vault can open; ids are random.

A noun is read when somebody first asks for one of its tables: most commands need few of
the seventy, and to make them takes as long as to import the library they are made with.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from sqlmodel import SQLModel

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from storage.tables.bells import PersonalBell, Ring, RingAttempt
    from storage.tables.blobs import Blob, BlobChunk
    from storage.tables.coordinators import (
        Audit,
        Coordinator,
        DigestSent,
        LoginLink,
        Narrowing,
        Published,
        PublishedNumber,
        SavedSelection,
        Team,
        WebSession,
    )
    from storage.tables.core import (
        Consent,
        Conversation,
        GuideVersion,
        Inbox,
        Meta,
        Outbox,
        OutboxCount,
        Person,
        Story,
        Timer,
    )
    from storage.tables.figures import Expectation, Figure, FigureImport, Indicator
    from storage.tables.former import FORMER
    from storage.tables.guide_use import GuideOverlay, GuideUse
    from storage.tables.guides import GuidePublication, GuideSave, GuideTrial
    from storage.tables.meetings import Cancellation, Feed, Meeting, Member, PersonalLink, Prompt
    from storage.tables.publishing import (
        OfferedChange,
        PublicChange,
        PublicEdition,
        PublicSentence,
        RelayedQuestion,
    )
    from storage.tables.sensemaking import (
        ChangeNotice,
        ChangeRemark,
        Decision,
        DecisionCard,
        DecisionChange,
        DecisionInterpretation,
        Interpretation,
        JusticeShare,
        Outcome,
        OutcomeCard,
        OutcomeInterpretation,
        Participant,
        Prediction,
        RoundResult,
        SenseSession,
        SessionCard,
        SessionPattern,
        SessionSeat,
        Vote,
    )
    from storage.tables.uses import Use
    from storage.tables.whatsapp import WhatsappContact, WhatsappDelivery, WhatsappTemplate

NOUNS = {
    "bells": ("PersonalBell", "Ring", "RingAttempt"),
    "blobs": ("Blob", "BlobChunk"),
    "coordinators": (
        "Audit",
        "Coordinator",
        "DigestSent",
        "LoginLink",
        "Narrowing",
        "Published",
        "PublishedNumber",
        "SavedSelection",
        "Team",
        "WebSession",
    ),
    "core": (
        "Consent",
        "Conversation",
        "GuideVersion",
        "Inbox",
        "Meta",
        "Outbox",
        "OutboxCount",
        "Person",
        "Story",
        "Timer",
    ),
    "figures": ("Expectation", "Figure", "FigureImport", "Indicator"),
    "former": ("FORMER",),
    "guide_use": ("GuideOverlay", "GuideUse"),
    "guides": ("GuidePublication", "GuideSave", "GuideTrial"),
    "meetings": ("Cancellation", "Feed", "Meeting", "Member", "PersonalLink", "Prompt"),
    "publishing": (
        "OfferedChange",
        "PublicChange",
        "PublicEdition",
        "PublicSentence",
        "RelayedQuestion",
    ),
    "sensemaking": (
        "ChangeNotice",
        "ChangeRemark",
        "Decision",
        "DecisionCard",
        "DecisionChange",
        "DecisionInterpretation",
        "Interpretation",
        "JusticeShare",
        "Outcome",
        "OutcomeCard",
        "OutcomeInterpretation",
        "Participant",
        "Prediction",
        "RoundResult",
        "SenseSession",
        "SessionCard",
        "SessionPattern",
        "SessionSeat",
        "Vote",
    ),
    "uses": ("Use",),
    "whatsapp": ("WhatsappContact", "WhatsappDelivery", "WhatsappTemplate"),
}
"""The module of each noun, and what it holds."""

_NOUN_OF = {name: noun for noun, names in NOUNS.items() for name in names}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A table, from the module of its noun."""
        if name not in _NOUN_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_NOUN_OF[name]}"), name)


WORKED_OUT = frozenset(("outboxcount",))
"""Tables that the database itself fills from others: no archive holds them."""


def every() -> MetaData:
    """All tables, for what copies, compares or empties the whole database."""
    for noun in NOUNS:
        import_module(f"{__name__}.{noun}")
    return SQLModel.metadata


__all__ = [
    "FORMER",
    "Audit",
    "Blob",
    "BlobChunk",
    "Cancellation",
    "ChangeNotice",
    "ChangeRemark",
    "Consent",
    "Conversation",
    "Coordinator",
    "Decision",
    "DecisionCard",
    "DecisionChange",
    "DecisionInterpretation",
    "DigestSent",
    "Expectation",
    "Feed",
    "Figure",
    "FigureImport",
    "GuideOverlay",
    "GuidePublication",
    "GuideSave",
    "GuideTrial",
    "GuideUse",
    "GuideVersion",
    "Inbox",
    "Indicator",
    "Interpretation",
    "JusticeShare",
    "LoginLink",
    "Meeting",
    "Member",
    "Meta",
    "Narrowing",
    "OfferedChange",
    "Outbox",
    "OutboxCount",
    "Outcome",
    "OutcomeCard",
    "OutcomeInterpretation",
    "Participant",
    "Person",
    "PersonalBell",
    "PersonalLink",
    "Prediction",
    "Prompt",
    "PublicChange",
    "PublicEdition",
    "PublicSentence",
    "Published",
    "PublishedNumber",
    "RelayedQuestion",
    "Ring",
    "RingAttempt",
    "RoundResult",
    "SavedSelection",
    "SenseSession",
    "SessionCard",
    "SessionPattern",
    "SessionSeat",
    "Story",
    "Team",
    "Timer",
    "Use",
    "Vote",
    "WebSession",
    "WhatsappContact",
    "WhatsappDelivery",
    "WhatsappTemplate",
    "every",
]
