"""The rules that find identifying details; `find` is their front."""

from __future__ import annotations

READ_LANGUAGES = ("nl", "en", "tr", "ar")
"""Languages of which it is known what identifies people."""
