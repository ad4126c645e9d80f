"""The version of all stories together: another number whenever one was kept, changed or erased, by
whichever process. The database counts it, so that nothing can forget to."""

from __future__ import annotations

from storage import meta
from storage.engine.transaction import Reads

KEY = "story_version"


def version(reads: Reads) -> int:
    return int(meta.get(reads, KEY) or 0)
