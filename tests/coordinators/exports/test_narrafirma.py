"""Files for NarraFirma fall into no trap of its importer, and lose no answer."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from bot.coordinators.exports.narrafirma import ImportFiles, as_narrafirma
from bot.coordinators.exports.short_names import SHORT_MAX, short_names
from bot.coordinators.questions import CLOSED, questions
from tests.coordinators.exports.made_files import invented
from tests.coordinators.exports.narrafirma_importer import problems, together
from tests.coordinators.office import Office, library


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("guide", library().ids)
def test_the_files_of_every_guide_fall_into_no_trap(
    office: Office, guide: str, language: str
) -> None:
    made = invented(office)
    spoken = library().get(guide, language)
    assert problems(as_narrafirma(made, spoken)) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_guides_together_are_one_project_without_a_lost_answer(
    office: Office, language: str
) -> None:
    made = replace(invented(office, 300), language=language)
    guides = [library().get(name, language) for name in library().ids]
    project = [as_narrafirma(made, guide) for guide in guides]
    for order in (project, project[::-1]):
        assert together(order) == []


def test_what_is_asked_differently_in_one_project_is_found(office: Office) -> None:
    made = invented(office, 300)
    guides = [library().get(name, "nl") for name in ("professional", "resident")]
    files = [as_narrafirma(made, guide) for guide in guides]
    theirs = files[1].form.decode().replace("Nodig (inwoner)", "Nodig")
    assert theirs != files[1].form.decode()
    found = together([files[0], ImportFiles(theirs.encode(), files[1].stories)])
    assert "Nodig: this short name means two questions in one project" in found
    ours = files[0].form.decode().replace("practical|", "pract|")
    found = together([ImportFiles(ours.encode(), files[0].stories)])
    assert any("is lost" in problem for problem in found)


def test_short_names_are_whole_and_each_of_one_question() -> None:
    """In both languages; also where a label is long, or another guide took the name."""
    for language in ("nl", "en"):
        names = short_names(library(), language)
        asked = questions(library(), language, kinds=(*CLOSED, "text"))
        meant: dict[str, set[str]] = {}
        for (guide, step, pole), name in names.items():
            question = asked.of(guide, step)
            meant.setdefault(name, set()).add(f"{question.key if question else guide + step}{pole}")
            label = (
                dict(question.answers)[pole]
                if question and pole
                else (library().get(guide, language).steps[step].short)
            )
            if question is None or guide == question.guides[0] or pole:
                whole = name.split(" (")[0].rstrip(" 23456789")
                assert f"{label} ".startswith(f"{whole} ")
            assert 0 < len(name) <= SHORT_MAX
        assert all(len(questions_) == 1 for questions_ in meant.values())


def test_a_scale_at_its_end_shows_a_mark_and_a_missing_one_is_empty(office: Office) -> None:
    made = as_narrafirma(invented(office, 400), library().get("professional", "nl"))
    head, *rows = csv.reader(io.StringIO(made.stories.decode(), newline=""))
    cells = {row[head.index("movement_problems_strengths")] for row in rows}
    assert "0" not in cells
    assert "" in cells
    assert "1" in cells


TRAPS = {
    "Scale,story,Aandacht": ("Scale,story,Story title", "this name is reserved"),
    ",Scale range,import,,,,0,100": ("", "one scale range"),
    "Short name": ("Short", "the header of the form"),
    ",Participant ID column name,import,,,,teller": ("", "does not say its Participant ID"),
    "story,Nodig": ("story,Gevoel", "is there twice"),
    "story,Is het gekomen": ("story,Is het eindelijk gekomen", "1 to 20 characters"),
    "need_met,Single choice": ("need_met,Radiobuttons", "a type that does not work"),
    "Oplossen wat knelt,Bouwen op wat lukt": ("Oplossen wat knelt,Bouwen,0,100", "no range"),
    "yes|Ja": ("Ja", "not value|text"),
    "worked|Wat lukte|": ("worked|", "not value|short name|question"),
    ",Data columns to ignore,import,,,,mark": ("", "harmless one"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_checker_knows_each_trap_of_the_form(office: Office, trap: str) -> None:
    made = as_narrafirma(invented(office, 40), library().get("professional", "nl"))
    changed, says = TRAPS[trap]
    form = made.form.decode()
    assert trap in form
    broken = ImportFiles(form.replace(trap, changed, 1).encode(), made.stories)
    assert any(says in problem for problem in problems(broken))


DATA_TRAPS = {
    "movement_problems_strengths": (("n.v.t.", "0", "101"), ("stops the import", "write 1")),
    "prompt": (("", "nothing"), ("is none of the form",)),
    "date": (("16-11-2026", ""), ("YYYY-MM-DD",)),
    "teller": (("12345",), ("another order",)),
    "feeling": (("glad;happy",), ("matches no answer",)),
    "need_met": (("maybe",), ("matches no answer",)),
    "language": (("",), ("nothing under language",)),
}


@pytest.mark.parametrize("column", DATA_TRAPS)
def test_the_checker_knows_each_trap_of_the_stories(office: Office, column: str) -> None:
    made = as_narrafirma(invented(office, 40), library().get("professional", "nl"))
    head, *rows = csv.reader(io.StringIO(made.stories.decode(), newline=""))
    values, says = DATA_TRAPS[column]
    for value in values:
        rows[0][head.index(column)] = value
        text = io.StringIO()
        csv.writer(text).writerows([head, *rows])
        found = problems(ImportFiles(made.form, text.getvalue().encode()))
        assert any(each in problem for problem in found for each in says), value


def test_the_checker_knows_an_empty_header_and_a_missing_column(office: Office) -> None:
    made = as_narrafirma(invented(office, 40), library().get("professional", "nl"))
    text = made.stories.decode()
    for broken, says in (
        (text.replace("need_met", "", 1), "shifts every later column"),
        (text.replace("need_met", "need", 1), "twice"),
        (text.replace("need_met", "else", 1), "no question of the form"),
    ):
        found = problems(ImportFiles(made.form, broken.encode()))
        assert any(says in problem for problem in found)
