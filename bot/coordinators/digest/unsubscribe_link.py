"""The link in a letter that ends the weekly letters, for whoever has the letter."""

from __future__ import annotations

from bot.validation.signed_ids import read_id, sign_id
from storage.vault.vault import Vault

PATH = "/coordinator/unsubscribe"
_USE = "no digest"


def unsubscribe_link(url: str, vault: Vault, who_id: str) -> str:
    return f"{url}{PATH}/{sign_id(vault, _USE, who_id)}"


def who_unsubscribes(vault: Vault, token: str) -> str | None:
    """The id of the coordinator whose link it is; None when we did not make it."""
    return read_id(vault, _USE, token)
