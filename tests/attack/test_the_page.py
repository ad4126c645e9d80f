"""The page about security names only tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_page_names_exists() -> None:
    page = (ROOT / "docs/security.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert missing == []
    assert len(named) > 40


def test_every_threat_names_a_test() -> None:
    page = (ROOT / "docs/security.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith("|") and "---" not in row]
    bare = [row for row in rows if "::" not in row and not row.endswith("| test |")]
    assert bare == []
