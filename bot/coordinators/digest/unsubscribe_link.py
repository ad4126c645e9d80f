"""The link in a letter that ends the weekly letters, for whoever has the letter: signed, so that
nobody makes one for somebody else."""

from __future__ import annotations

import hmac

from storage.vault.vault import Vault

PATH = "/coordinator/unsubscribe"


def unsubscribe_link(url: str, vault: Vault, who_id: str) -> str:
    return f"{url}{PATH}/{who_id}-{_mark(vault, who_id)}"


def who_unsubscribes(vault: Vault, token: str) -> str | None:
    """The id of the coordinator whose link it is; None when we did not make it."""
    who_id, _, mark = token.partition("-")
    return who_id if hmac.compare_digest(_mark(vault, who_id).encode(), mark.encode()) else None


def _mark(vault: Vault, who_id: str) -> str:
    return vault.token_hash(f"no digest:{who_id}")
