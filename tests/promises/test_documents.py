"""What is promised on paper is there: in the code, in the tests, on the privacy page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.privacy_notice import SECTIONS, sections
from bot.settings import Organisation, Privacy, Settings
from conversations.guide.loading import load_guides

ROOT = Path(__file__).parents[2]
PRIVACY = ROOT / "docs" / "privacy"
PROMISES = (PRIVACY / "promises.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PROMISES.splitlines()
    if line.startswith("|") and "test_" in line
]


DOCUMENTS = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (document.parent / link).exists()] == []


def test_every_bold_claim_of_the_front_page_leads_to_what_shows_it() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    claims = re.findall(r"^- \*\*.*?(?=^- |^$)", page, re.MULTILINE | re.DOTALL)
    assert len(claims) >= 7
    for claim in claims:
        assert re.search(r"\]\((?:tests|benchmarks)/", claim), claim


def test_every_promise_has_a_place_in_the_code_and_a_test_with_its_name() -> None:
    tests = (Path(__file__).parent / "test_promises.py").read_text(encoding="utf-8")
    there = set(re.findall(r"^(?:async )?def (test_\w+)", tests, re.MULTILINE))
    assert {row[3].strip("`") for row in ROWS} == there
    for row in ROWS:
        assert _leads_to(row[2], "bot/", "conversations/", "storage/"), row[0]
        assert _leads_to(row[4], "tests/"), row[0]


def test_every_part_of_the_privacy_page_has_a_promise_that_is_tested() -> None:
    said = {row[1].strip("`").removeprefix("privacy.") for row in ROWS}
    assert said == set(SECTIONS)


def _leads_to(cell: str, *folders: str) -> bool:
    """Whether a cell links to files that exist, all of them in one of these folders."""
    links = re.findall(r"\]\(\.\./\.\./([^)#]+)\)", cell)
    return bool(links) and all(
        link.startswith(folders) and (ROOT / link).is_file() for link in links
    )


@pytest.mark.parametrize("language", load_guides().spoken)
def test_every_promise_is_said_on_the_privacy_page(language: str) -> None:
    phrases = load_guides().phrases(language)
    for row in ROWS:
        key = row[1].strip("`")
        assert key.removeprefix("privacy.") in SECTIONS
        assert phrases.get(key, "u")


@pytest.mark.parametrize("language", load_guides().spoken)
@pytest.mark.parametrize("others", ["", "de gemeente"])
def test_who_else_receives_stories_is_an_answer_to_a_question(language: str, others: str) -> None:
    settings = Settings(organisation=Organisation(recipients=others))
    page = dict(zip(SECTIONS, sections(settings, load_guides(), language), strict=True))
    asked, answer = re.split("[?؟]", page["readers"][1])
    nobody = load_guides().phrases(language).get("privacy.no_recipients")
    assert answer.strip(" .\u2068\u2069").lower() == (others or nobody).lower()
    assert "{" not in asked + answer


@pytest.mark.parametrize("language", load_guides().spoken)
def test_the_page_says_how_small_a_group_is_never_shown(language: str) -> None:
    settings = Settings(privacy=Privacy(small_number=7))
    page = dict(zip(SECTIONS, sections(settings, load_guides(), language), strict=True))
    assert "7" in page["readers"][1]


def test_the_page_says_no_more_of_the_key_than_always_holds() -> None:
    said = dict(sections(Settings(), load_guides(), "nl"))["Hoe staat het op slot?"]
    assert "De sleutel staat niet in de database." in said
    assert "ergens anders" not in said  # by default it lies in the same folder


def test_every_period_in_the_register_is_a_setting() -> None:
    register = (PRIVACY / "register.md").read_text(encoding="utf-8")
    named = re.findall(r"`(organisation|retention)\.(\w+)`", register)
    assert named
    for section, name in named:
        assert hasattr(getattr(Settings(), section), name), name
    for name, days in re.findall(r"`retention\.(\w+)` \((\d+)", register):
        assert getattr(Settings().retention, name) == int(days), name
