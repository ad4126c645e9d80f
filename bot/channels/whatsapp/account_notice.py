"""What Meta posts about the account and the number: whether they may send, to how many new people a
day, and what people think of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.whatsapp.account_facts import UNLIMITED

LOCKED = 131031
"""The code with which calls are refused while the account is locked."""
BROKE_RULES = 368
"""And while it may not send, for it broke the rules."""

_BANS = {"DISABLE": LOCKED, "SCHEDULE_FOR_DISABLE": 0}
_SENDING = ("RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING")


@dataclass(frozen=True, slots=True)
class AccountNotice:
    """What changed. `code` stops the channel (0: it goes on), `restored` lets it go again; `facts`
    are what is to be known from now on, by name (empty: it is over); `at` when Meta said so,
    in seconds since 1970 (0: not told)."""

    code: int = 0
    restored: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    at: float = 0.0


def read_notice(name: str, value: Mapping[str, Any], at: float) -> AccountNotice | None:
    """A change of one of the fields about the account; None when nothing follows from it."""
    event = str(value.get("event") or "")
    match name:
        case "account_update":
            return _of_account(event, value, at)
        case "account_review_update":
            rejected = value.get("decision") == "REJECTED"
            return AccountNotice(LOCKED, at=at) if rejected else None
        case "phone_number_quality_update":
            return _of_number(event, value, at)
        case "business_capability_update":
            limit = value.get("max_daily_conversations_per_business")
            old = value.get("max_daily_conversation_per_phone")
            return _of_limit(limit if limit is not None else old, at)
    return None


def _of_account(event: str, value: Mapping[str, Any], at: float) -> AccountNotice | None:
    match event:
        case "DISABLED_UPDATE":
            info = value.get("ban_info") or {}
            state = str(info.get("waba_ban_state") or "")
            if state == "REINSTATE":
                over = {"ban": "", "violation": ""}
                return AccountNotice(restored=True, facts=over, at=at)
            if state in _BANS:
                facts = {"ban": str(info.get("waba_ban_date") or "-")[:40]}
                return AccountNotice(_BANS[state], facts=facts, at=at)
        case "ACCOUNT_DELETED":
            return AccountNotice(LOCKED, at=at)
        case "ACCOUNT_VIOLATION":
            kind = (value.get("violation_info") or {}).get("violation_type")
            return AccountNotice(facts={"violation": str(kind or "-")[:40]}, at=at)
        case "ACCOUNT_RESTRICTION":
            kinds = [str(each.get("restriction_type")) for each in value["restriction_info"]]
            return AccountNotice(BROKE_RULES, at=at) if {*kinds} & {*_SENDING} else None
    return None


def _of_number(event: str, value: Mapping[str, Any], at: float) -> AccountNotice | None:
    """`current_limit` tells the throughput when that is what changed."""
    facts = {}
    if event in ("FLAGGED", "UNFLAGGED"):
        facts["quality"] = "low" if event == "FLAGGED" else ""
    old = None if event == "THROUGHPUT_UPGRADE" else value.get("current_limit")
    told = value.get("max_daily_conversations_per_business")
    limit = _of_limit(told if told is not None else old, at)
    if limit is not None:
        facts |= limit.facts
    return AccountNotice(facts=facts, at=at) if facts else None


def _of_limit(found: object, at: float) -> AccountNotice | None:
    limit = people_of(found)
    return None if limit is None else AccountNotice(facts={"limit": str(limit)}, at=at)


def people_of(found: object) -> int | None:
    """With how many new people a day a talk may begin, told as a number or as `TIER_2K`; None when
    that is not what it says."""
    said = str(found).upper().removeprefix("TIER_")
    if said in ("UNLIMITED", "-1"):
        return UNLIMITED
    thousands = said.endswith("K")
    digits = said.removesuffix("K")
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) < 8):
        return None
    return int(digits) * (1000 if thousands else 1) or None
