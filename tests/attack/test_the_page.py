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


def rows() -> list[str]:
    page = (ROOT / "docs/security.md").read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith("|") and "---" not in line]
    return [line for line in lines if not line.endswith("| test |")]


def test_every_threat_names_a_test_and_the_code_that_stands_in_the_way() -> None:
    assert [row for row in rows() if "::" not in row or "](../" not in row] == []


def test_every_file_that_the_page_links_to_exists() -> None:
    page = (ROOT / "docs/security.md").read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", page) if "://" not in link]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert len(links) > 40
