"""`vertelbot redact`, and what `check` says about the help numbers."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.guides import help_warning

TODAY = date(2026, 12, 1)


class Typed(io.TextIOWrapper):
    """A standard input that holds these bytes."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="ascii")


def test_redact_prints_the_text_with_what_is_proposed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Typed("Buurvrouw Zoë uit Zwolle hielp.\n".encode()))
    assert main(["redact"]) == 0
    assert capsys.readouterr().out == "Buurvrouw [naam] uit [plaats] hielp.\n"


def test_redact_reads_and_writes_json_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{"id": "a", "text": "Ik ben Aïcha."}, {"id": 2, "text": "Niemand."}]
    data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    monkeypatch.setattr("sys.stdin", Typed(data.encode()))
    assert main(["redact", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found == [
        {"id": "a", "spans": [{"start": 7, "end": 12, "kind": "PER"}]},
        {"id": 2, "spans": []},
    ]


def test_a_line_that_is_no_json_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Typed(b'{"id": "a", "text": "x"}\nFatima\n'))
    assert main(["redact", "--json"]) == 1
    error = capsys.readouterr().err
    assert "line 2" in error
    assert "Fatima" not in error


def test_bytes_that_are_no_text_do_no_harm(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Typed(b"\xff\xfe Fatima\n"))
    assert main(["redact"]) == 0


@pytest.mark.parametrize(
    ("checked_on", "said"),
    [
        ("", "never checked"),
        ("volgende week", "never checked"),
        ("2026-06-03", "181 days ago"),
        ("2026-06-04", ""),
        ("2026-12-01", ""),
    ],
)
def test_help_numbers_that_nobody_checked_lately_are_warned_about(
    checked_on: str, said: str
) -> None:
    warning = help_warning(checked_on, TODAY)
    assert said in warning
    assert bool(warning) == bool(said)


def test_a_warning_about_help_numbers_does_not_fail_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "guides").mkdir()
    assert main(["check", "--json", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["ok"]
    assert "warning: the help numbers" in printed.err
