"""Offices and houses for the tests of authoring."""

from __future__ import annotations

from tests.coordinators.conftest import no_pictures, office
from tests.end_to_end.conftest import alice, api, bob, house
from tests.storage.conftest import sqlite_store

__all__ = ["alice", "api", "bob", "house", "no_pictures", "office", "sqlite_store"]
