"""An advisory that can be mended stops the work; a database that is away does not."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("advisories", ROOT / ".ci" / "advisories.py")
assert SPEC is not None
assert SPEC.loader is not None
advisories = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(advisories)

GOOD = {"name": "aiohttp", "version": "3.12.0", "vulns": []}
MENDED = {
    "name": "jinja2",
    "version": "3.1.4",
    "vulns": [
        {"id": "PYSEC-2025-1", "fix_versions": ["3.1.6"], "aliases": ["CVE-2025-27516"],
         "description": "sandbox breakout"},
    ],
}  # fmt: skip
OPEN: dict[str, Any] = {
    "name": "pip", "version": "25.0",
    "vulns": [{"id": "GHSA-1", "fix_versions": [], "aliases": [], "description": "nobody knows"}],
}  # fmt: skip
SKIPPED = {"name": "vertelbot", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("libraries", "code", "words"),
    [
        ([GOOD], 0, "1 libraries, no advisory"),
        ([GOOD, MENDED], 1, "jinja2 3.1.4: PYSEC-2025-1, mended in 3.1.6"),
        ([OPEN], 0, "nothing mends it yet"),
        ([OPEN, MENDED], 1, "upgrade it"),
        ([GOOD, SKIPPED], 0, "vertelbot: not looked at"),
        ([], 0, "NOT audited"),
        ([SKIPPED], 0, "NOT audited"),
        ([SKIPPED, MENDED], 1, "upgrade it"),
    ],
)
def test_only_what_can_be_mended_stops_the_work(
    libraries: list[dict[str, Any]], code: int, words: str
) -> None:
    got, said = advisories.verdict(json.dumps({"dependencies": libraries, "fixes": []}))
    assert got == code
    assert words in "\n".join(said)


@pytest.mark.parametrize("report", ["", "<html>", "[]", "null", '{"dependencies": 1}', '{"a"'])
def test_a_database_that_cannot_be_reached_is_said_and_work_goes_on(
    report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report").write_text(report)
    assert advisories.main(tmp_path / "report") == 0
    assert advisories.main(tmp_path / "nothing") == 0
    assert capsys.readouterr().out.count("NOT audited") == 2


def test_the_work_stops_where_the_audit_says_so() -> None:
    steps = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "\nmake audit\n" in steps
    assert "set -euo pipefail" in steps
    assert ".ci/advisories.py .venv/audit.json" in (ROOT / "Makefile").read_text("utf-8")
