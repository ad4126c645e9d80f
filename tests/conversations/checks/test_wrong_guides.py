"""Thirty wrong guides, and what an author is told: the code, the line, the step and the mend; in
one file all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from conversations.checks.lint_guide import GuideCheck, check_guide
from conversations.checks.lint_words import slots
from conversations.guide.loading import HOME, read_entries
from conversations.guide.problem_texts import texts

TEXT = (HOME / "guides" / "follow_up.toml").read_text(encoding="utf-8")
ENGLISH = (HOME / "locales" / "en" / "follow_up.po").read_bytes()
NAME = "follow_up.toml"


class Wrong(NamedTuple):
    """What is replaced in a right guide; what is told of it, and at which step (by its id line)."""

    old: str
    new: str
    code: str
    step: str
    mend: str


WRONG = [
    Wrong('id = "door"\n', 'id = "Door!"\n', "bad-id", "Door!", "Gebruik alleen a-z, 0-9 en _."),
    Wrong('id = "opening_readers"', 'id = "opening"', "duplicate-id", "opening", "Geef een van de"),
    Wrong('id = "follow_up"', 'id = "anders"', "wrong-id", "", 'Schrijf ‘id = "follow_up"’.'),
    Wrong('form = "je"', 'form = "jij"', "unknown-word", "", "Het kan zijn: ‘je, u’."),
    Wrong('title = "Na', 'titel = "Na', "unknown-key", "", "Bedoel je ‘title’?"),
    Wrong('kind = "tell"', 'kind = "vertel"', "unknown-word", "tell", "Het kan zijn: ‘say"),
    Wrong(
        'max = 2\noptions = [\n  { id = "glad"',
        'max = "2"\noptions = [\n  { id = "glad"',
        "wrong-type",
        "feeling",
        "Dit moet een getal zijn.",
    ),
    Wrong(
        'short = "Gevoel"', 'kort = "Gevoel"', "unknown-key", "feeling", "Het kan zijn: ‘id, kind"
    ),
    Wrong(
        'say = "Kort mag. Noem geen namen."\n', "", "missing-key", "tell", "Zet erbij: ‘say = …’"
    ),
    Wrong('goto = "door"', 'goto = "dor"', "goto-nowhere", "start", "Bedoel je ‘door’?"),
    Wrong('id = "factor"', 'id = "factor"\nwhen = "doro"', "goto-nowhere", "factor", "‘door’?"),
    Wrong(
        'id = "factor"', 'id = "factor"\nwhen = "door ="', "when-unread", "factor", "Schrijf het"
    ),
    Wrong(
        'id = "factor"',
        'id = "factor"\nwhen = "door = weg"',
        "when-no-option",
        "factor",
        "Noem de id van een antwoord op die vraag.",
    ),
    Wrong(
        'id = "factor"', 'id = "factor"\nwhen = "review"', "when-later", "factor", "Noem een eer"
    ),
    Wrong(
        'id = "review"', 'id = "review"\nwhen = "door"', "when-must", "review", "Haal ‘when’ weg"
    ),
    Wrong(
        'reply = "Hoe begon het? En toen?" }',
        'goto = "opening" }',
        "goto-back",
        "door",
        "Ga verder naar een latere stap",
    ),
    Wrong(
        'short = "Gevoel"',
        'short = "Gevoel"\ngoto = "review"',
        "unreachable",
        "factor",
        "Laat een antwoord of een eerdere stap hierheen gaan",
    ),
    Wrong(
        'kind = "tell"', 'kind = "text"', "no-tell", "", "Zet er een stap bij waarin iemand vertelt"
    ),
    Wrong(
        "Ik ben een computer, geen mens en geen hulplijn. ", "", "no-computer", "opening", "Zeg in"
    ),
    Wrong(
        'purpose = "keep"',
        'purpose = "team"',
        "no-keep",
        "",
        "Zet er een toestemming bij om te bewaren",
    ),
    Wrong(
        'label = "Nee, liever niet", goto = "end_not_kept"',
        'label = "Nee, liever niet"',
        "keep-no",
        "consent_keep",
        "Laat dat antwoord naar een slot gaan.",
    ),
    Wrong(
        'kind = "consent"',
        'kind = "consent"\nskip = true',
        "consent-skippable",
        "consent_keep",
        "Haal ‘skip’ weg",
    ),
    Wrong("{code}\n", "", "no-code", "end_kept", "Zet ‘{code}’ in de tekst."),
    Wrong(
        'label = "Boos"', 'label = "blij"', "label-twice", "feeling", "Verander een van de twee."
    ),
    Wrong(
        'label = "Tijd"', 'label = "Anders, namelijk"', "label-twice", "factor", "Kies een ander"
    ),
    Wrong(
        'label = "Trots"',
        'label = "Trots op wat wij samen deden"',
        "long-label",
        "feeling",
        "Maak het 4 tekens korter.",
    ),
    Wrong('short = "Gevoel"', 'short = "Sindsdien"', "short-twice", "feeling", "Verander een van"),
    Wrong('label = "Regels"', 'label = " "', "empty", "factor", "Schrijf ze op."),
    Wrong(
        '"Kort mag. Noem',
        '"Kort mag, maar het hoeft niet, want je mag ook heel lang vertellen als je dat wilt. Noem',
        "long-sentence",
        "tell",
        "Maak er twee zinnen van.",
    ),
    Wrong(
        '"Wat speelde hierbij het meest mee?"',
        '"Welke organisatorische omstandigheden beïnvloedden de samenwerkingsresultaten?"',
        "not-plain",
        "factor",
        "Moeilijk zijn: samenwerkingsresultaten, organisatorische",
    ),
    Wrong(
        '"Wat speelde hierbij', '"Wat speelde bij {wijk}', "unknown-slot", "factor", "Het kan zijn"
    ),
    Wrong(
        'say = "Doe je mee?"', 'say = "Doe je mee?', "unreadable", "", "Zet er een aanhalingsteken"
    ),
]


def check(text: str, translations: Mapping[str, bytes] | None = None) -> GuideCheck:
    return check_guide(NAME, text, translations, language="nl")


def line_of(text: str, step: str) -> int:
    lines = text.splitlines()
    return lines.index(f'id = "{step}"') + 1 if step else 0


def test_the_right_guide_has_no_problem() -> None:
    found = check(TEXT, translations={"en": ENGLISH})
    assert found.problems == ()
    assert 3 < found.burden["nl"].minutes < 4.5


@pytest.mark.parametrize("wrong", WRONG, ids=[f"{n}-{w.code}" for n, w in enumerate(WRONG, 1)])
def test_a_wrong_guide_is_told_with_code_line_step_and_mend(wrong: Wrong) -> None:
    assert wrong.old in TEXT
    text = TEXT.replace(wrong.old, wrong.new, 1)
    found = [each for each in check(text).problems if each.code == wrong.code]
    at = [each for each in found if each.step == wrong.step]
    assert at, check(text).problems
    assert any(wrong.mend in each.mend for each in at), at
    assert all(each.file == NAME and each.message for each in at)
    if wrong.code == "unreadable":
        assert text.splitlines()[at[0].line - 1] == wrong.new
    elif wrong.step and wrong.code != "duplicate-id":
        assert {each.line for each in at} == {line_of(text, wrong.step)}


def test_all_of_it_is_told_at_once() -> None:
    told = [1, 2, 5, 7, 9, 10, 24, 25, 26, 31]
    text = TEXT
    for number in told:
        wrong = WRONG[number - 1]
        text = text.replace(wrong.old, wrong.new, 1)
    text = text.replace('short = "Speelde mee"', 'short = "Speelde mee')
    codes = {each.code for each in check(text).problems}
    assert {WRONG[number - 1].code for number in told if number not in (25, 31)} <= codes
    assert "unreadable" in codes


def test_nothing_is_told_of_what_is_only_the_consequence_of_something_else() -> None:
    assert [each.code for each in check(TEXT.replace('"end_not_kept"', '"weg"', 1)).problems] == [
        "goto-nowhere"
    ]


def test_every_problem_can_be_said_in_both_languages() -> None:
    dutch, english = texts("nl"), texts("en")
    assert dutch.keys() == english.keys()
    for key in dutch:
        assert all(text[key].strip() for text in (dutch, english)), key
        assert not slots(dutch[key]) - slots(english[key]) - {"over", "language", "near"}, key
    entries = read_entries(HOME, HOME / "locales" / "nl" / "checks.po")
    assert len(entries) == len(dutch)


def test_readability_is_told_per_sentence_with_its_hard_words() -> None:
    hard = "Welke organisatorische omstandigheden waren er toen precies?"
    found = check(TEXT.replace("Wat speelde hierbij het meest mee?", hard))
    [reading] = [each for each in found.readings if each.sentence == hard]
    assert (reading.step, reading.text, reading.fits) == ("factor", "factor.say", False)
    marked = [hard[begin:end] for begin, end in reading.hard]
    assert marked == ["organisatorische", "omstandigheden"]
    assert all(each.fits for each in found.readings if each.step != "factor")


ADVICE = [
    (
        'say = "Hoe voelt het als je eraan terugdenkt?"',
        'say = "Hoe voelt het? En waarom is dat?"',
        "advice-two-in-one",
        "feeling",
    ),
    (
        'say = "Hoe voelt het als je eraan terugdenkt?"',
        'say = "Was de hulp snel en vriendelijk?"',
        "advice-two-in-one",
        "feeling",
    ),
    (
        'kind = "choices"\nsay = "Wat speelde',
        'kind = "choices"\nsay = "Noem geen namen. Wat speelde',
        "advice-said-twice",
        "factor",
    ),
    (
        'other = true\nskip = "Weet ik niet"\n\n# Elk',
        "other = true\nskip = false\n\n# Elk",
        "advice-no-way-past",
        "feeling",
    ),
    (
        'options = [\n  { id = "time", label = "Tijd" },\n  { id = "people", label = "Mensen" },\n'
        '  { id = "rules", label = "Regels" },\n  { id = "money", label = "Geld" },\n'
        '  { id = "courage", label = "Lef" },\n  { id = "habit", label = "Gewoonte" },\n]',
        'options = [\n  { id = "a", label = "Goed" },\n  { id = "b", label = "Heel fijn" },\n'
        '  { id = "c", label = "Geweldig" },\n]',
        "advice-only-good",
        "factor",
    ),
]


@pytest.mark.parametrize(("old", "new", "code", "step"), ADVICE)
def test_good_practice_is_advice_and_no_problem(old: str, new: str, code: str, step: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = check(text)
    assert [(each.code, each.step, each.line) for each in found.advice] == [
        (code, step, line_of(text, step))
    ]
    assert found.ok


def test_our_own_guides_get_little_advice() -> None:
    for path in sorted((HOME / "guides").glob("*.toml")):
        codes = {each.code for each in check_guide(path.name, path.read_text("utf-8")).advice}
        assert codes <= {"advice-many-scales"}, path.name


def test_many_questions_are_advised_against() -> None:
    question = TEXT[TEXT.index('[[step]]\nid = "factor"') : TEXT.index("# De kaart")]
    more = "".join(
        question.replace('"factor"', f'"f{n}"').replace("Speelde mee", f"Mee {n}").replace(
            "Wat speelde hierbij het meest mee", f"Wat speelde er mee in deel {n}")
        for n in range(8)
    )  # fmt: skip
    text = TEXT.replace("# De kaart", f"{more}# De kaart").replace("minutes = 4.5", "minutes = 9")
    found = check(text)
    assert "advice-many-questions" in {each.code for each in found.advice}
