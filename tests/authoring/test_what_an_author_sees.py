"""What an author sees of wrong guides, sheets and PO files, in Dutch, kept in a file that anybody
can read. `pytest --accept` writes it as it is today: read it as an author would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.authoring.translation_table import merge_translation
from conversations.guide.parsing import unreadable_po
from conversations.guide.po import NotPo
from tests.authoring.exchange.forms_of_people import OF_PEOPLE, reading_of
from tests.authoring.exchange.sheets import read
from tests.authoring.exchange.test_xlsform import CASES
from tests.conversations.checks import test_wrong_guides as guides
from tests.conversations.checks.test_problem_sentences import DUTCH, WRONG_PO, WRONG_TOML

KEPT = Path(__file__).parent / "what_an_author_sees.md"
HEAD = """\
# Wat een auteur ziet

Gemaakt door `test_what_an_author_sees.py`: verkeerde vragenlijsten, formulieren en PO-bestanden, en
precies wat er dan gezegd wordt.
"""
USUAL = ("frame-added", "no-consent")


def of_guides() -> Iterator[str]:
    for wrong in guides.WRONG:
        text = guides.TEXT.replace(wrong.old, wrong.new, 1)
        found = guides.check(text).problems
        yield section(
            f"In plaats van `{one_line(wrong.old)}` staat er `{one_line(wrong.new)}`",
            [str(each) for each in found],
        )


def of_lines() -> Iterator[str]:
    for line, _ in WRONG_TOML:
        found = guides.check(f"{guides.TEXT}\n{line}\n").problems
        yield section(f"Onderaan staat `{one_line(line)}`", [str(each) for each in found[:3]])


def of_sheets() -> Iterator[str]:
    for _, rows, _, verdict in CASES:
        problems = [each for each in read(*rows).problems if each.code not in USUAL]
        yield section(
            " en ".join(f"`{' ; '.join(filter(None, row))}`" for row in rows) + f": {verdict}",
            [f"{p.sheet}:{p.row}: {p.severity}: {p.message('nl')}" for p in problems],
        )
    for name, form in OF_PEOPLE.items():
        reading = reading_of(form)
        problems = [each for each in reading.problems if each.code not in USUAL]
        yield section(
            f"Het formulier `{name}`: {reading.verdict}",
            [f"{p.sheet}:{p.row}: {p.severity}: {p.message('nl')}" for p in problems],
        )


def of_translations() -> Iterator[str]:
    for content, code, _ in WRONG_PO:
        with pytest.raises(NotPo) as caught:
            merge_translation(content, DUTCH, {}, (), "en")
        yield section(f"Een PO-bestand: {code}", [str(unreadable_po("en.po", caught.value, "nl"))])


def section(about: str, seen: list[str]) -> str:
    return "\n".join([f"### {about}", "", *(f"- {each}" for each in seen), ""])


def one_line(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 90 else f"{shown[:89]}…"


def test_what_an_author_sees_is_written_down(request: pytest.FixtureRequest) -> None:
    parts = {
        "Vragenlijsten": [*of_guides(), *of_lines()],
        "Formulieren": list(of_sheets()),
        "Vertalingen": list(of_translations()),
    }
    assert all(len(each) >= 10 for each in parts.values())
    assert sum(map(len, parts.values())) >= 60
    today = HEAD + "".join(f"\n## {name}\n\n" + "\n".join(each) for name, each in parts.items())
    if request.config.getoption("--accept"):
        KEPT.write_text(today, encoding="utf-8")
    assert KEPT.read_text(encoding="utf-8") == today
    assert "- \n" not in today
