"""A database of a real PostgreSQL for each test: as for the replicas."""

from __future__ import annotations

from tests.replicas.conftest import store, url

__all__ = ["store", "url"]
