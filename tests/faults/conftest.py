"""A PostgreSQL for all tests in this folder, a database of it for each: as for the replicas."""

from __future__ import annotations

from tests.replicas.conftest import postgres, store, url

__all__ = ["postgres", "store", "url"]
