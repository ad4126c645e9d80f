"""The tables, by noun. What is sealed in them only the vault can open; ids are random."""

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
    Person,
    Story,
    Timer,
)
from storage.tables.former import FORMER
from storage.tables.meetings import Cancellation, Feed, Meeting, Member, PersonalLink, Prompt
from storage.tables.uses import Use

__all__ = [
    "FORMER",
    "Audit",
    "Blob",
    "BlobChunk",
    "Cancellation",
    "Consent",
    "Conversation",
    "Coordinator",
    "DigestSent",
    "Feed",
    "GuideVersion",
    "Inbox",
    "LoginLink",
    "Meeting",
    "Member",
    "Meta",
    "Narrowing",
    "Outbox",
    "Person",
    "PersonalLink",
    "Prompt",
    "Published",
    "PublishedNumber",
    "SavedSelection",
    "Story",
    "Team",
    "Timer",
    "Use",
    "WebSession",
]
