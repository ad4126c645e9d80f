"""Ids in the links of letters that end them, signed, so that nobody makes a link for somebody else.
They never grow old: a letter is found again after years, and must still end what it says."""

from __future__ import annotations

import hmac

from storage.vault.vault import Vault

PATTERN = "[0-9a-f]{32}-[0-9a-f]{64}"


def sign_id(vault: Vault, use: str, its_id: str) -> str:
    """The id as it stands in a link for this use."""
    return f"{its_id}-{_mark(vault, use, its_id)}"


def read_id(vault: Vault, use: str, token: str) -> str | None:
    """The id in a link; None when we did not make it for this use."""
    its_id, _, mark = token.partition("-")
    right = _mark(vault, use, its_id)
    return its_id if hmac.compare_digest(right.encode(), mark.encode()) else None


def _mark(vault: Vault, use: str, its_id: str) -> str:
    return vault.token_hash(f"{use}:{its_id}")
