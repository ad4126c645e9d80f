"""The stores of the storage tests serve here too."""

from tests.storage.conftest import sqlite_store, store, url

__all__ = ["sqlite_store", "store", "url"]
