"""The stores and the office of the tests of coordinators serve here too."""

from __future__ import annotations

from tests.coordinators.conftest import office
from tests.storage.conftest import sqlite_store, store, url

__all__ = ["office", "sqlite_store", "store", "url"]
