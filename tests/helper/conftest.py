"""The stores of the storage tests serve here too."""

from tests.storage.conftest import postgres, sqlite_store, store, url

__all__ = ["postgres", "sqlite_store", "store", "url"]
