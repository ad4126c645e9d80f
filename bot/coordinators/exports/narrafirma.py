"""Files for NarraFirma 1.6: a story form and the stories, as its import reads them.

Its traps are known (see `narrafirma_check`): the first column is a harmless mark, a scale has two
labels and one range for the whole form, "does not apply" is an empty cell, every story has a
question that elicited it, and a short name means one question in a whole project.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.coordinators.exports.export import StoryExport
from bot.coordinators.exports.short_names import door_of, one_line, prompt_names, short_names
from bot.coordinators.exports.tables import harmless
from bot.coordinators.questions import asked_in
from conversations.guide.model import Guide, Step
from storage.stories.exports import Exported
from storage.weeks import day_of

HEADER = (
    "Data column name",
    "Type",
    "About",
    "Short name",
    "Long name",
    "Options",
    "Answers",
)
MARK, TITLE, TEXT = "mark", "title", "text"
TELLER, DATE, LANGUAGE = "teller", "date", "language"
PROMPT = "prompt"
DELIMITER = ";"
NONE = "start"
SCALE = ("0", "100")
OTHER = "writeInTextBoxLabel="
WRITE_IN = "WRITEIN_"
TYPES = {
    "choice": "Single choice",
    "choices": "Multi-choice single-column delimited",
    "scale": "Scale",
    "text": "Textarea",
}


@dataclass(frozen=True, slots=True)
class ImportFiles:
    """The two files, as bytes in UTF-8."""

    form: bytes
    stories: bytes


def as_narrafirma(export: StoryExport, guide: Guide) -> ImportFiles:
    """Files of the stories of one guide."""
    mine = [each for each in export.stories if each.story.telling.guide == guide.id]
    door = door_of(guide)
    asked = [
        step
        for step in guide.steps.values()
        if step.short and step.kind in (*TYPES, "triad") and step is not door
    ]
    library = export.services.shelf.library
    names = short_names(library, export.language)
    form = [list(HEADER), *_imports(export, guide), _eliciting(export, guide, door)]
    for step in asked:
        named = {pole: names[guide.id, step.id, pole] for pole in _poles(step)}
        form += _questions(export, guide, step, mine, named)
    heads = [MARK, TITLE, TEXT, TELLER, DATE, LANGUAGE, PROMPT]
    heads += [name for step in asked for name in _heads(step)]
    stories = [heads, *(_story(each, door, asked) for each in mine)]
    return ImportFiles(_csv(form), _csv([[str(harmless(c)) for c in row] for row in stories]))


def _imports(_export: StoryExport, guide: Guide) -> Iterator[list[str]]:
    """What the form says about itself and about the data file."""
    for kind, about, *answers in (
        ("Title", "form", guide.title),
        ("Data columns to ignore", "import", MARK),
        ("Story title column name", "import", TITLE),
        ("Story text column name", "import", TEXT),
        ("Participant ID column name", "import", TELLER),
        ("Story collection date column name", "import", DATE),
        ("Language column name", "import", LANGUAGE),
        ("Multi choice single column delimiter", "import", DELIMITER),
        ("Scale range", "import", *SCALE),
    ):
        yield ["", kind, about, "", "", "", *answers]


def _eliciting(export: StoryExport, guide: Guide, door: Step) -> list[str]:
    """The question that was asked: one cell for each door, and one for who just began."""
    names = prompt_names(export.services.shelf.library, export.language)
    cells = [
        _cell(option.id, names[guide.id, option.id], option.reply or option.label)
        for option in door.options
    ]
    none = export.t("nf.none")
    cells.append(_cell(NONE, none, none))
    asks = asked_in(door.say, guide.phrases)
    return [PROMPT, "eliciting", "eliciting", "Eliciting question", asks, "", *cells]


def _poles(step: Step) -> Sequence[str]:
    return [pole.id for pole in step.poles] if step.kind == "triad" else [""]


def _questions(
    export: StoryExport,
    guide: Guide,
    step: Step,
    stories: Sequence[Exported],
    named: Mapping[str, str],
) -> Iterator[list[str]]:
    """A question as rows of the form, with its short name; a triad is a scale for each pole."""
    asks = asked_in(step.say, guide.phrases)
    about = "participant" if step.about == "teller" else "story"
    if step.kind == "triad":
        for pole in step.poles:
            ends = [export.t("nf.pole.low"), export.t("nf.pole.high")]
            name = f"{step.id}_{pole.id}"
            yield [name, "Scale", about, named[pole.id], f"{asks} {pole.label}", "", *ends]
        return
    options = f"{OTHER}Anders" if step.other else ""
    answers = [_cell(option.id, option.label) for option in step.options]
    if step.kind == "scale":
        answers = [one_line(pole.label) for pole in step.poles]
    elif step.fill:
        told = {_place(step, each): None for each in stories}
        answers = [_cell(place, place) for place in sorted(told) if place]
    elif step.kind == "text":
        answers = []
    kind = TYPES[step.kind]
    if step.fill and not answers:
        kind = "Text"
    yield [step.id, kind, about, named[""], asks, options, *answers]


def _heads(step: Step) -> list[str]:
    if step.kind == "triad":
        return [f"{step.id}_{pole.id}" for pole in step.poles]
    return [step.id, *([f"{WRITE_IN}{step.id}"] if step.other else [])]


def _story(each: Exported, door: Step, asked: Sequence[Step]) -> list[str]:
    told = each.story.telling
    chosen = told.answers.get(door.id)
    prompt = str(chosen[0]) if isinstance(chosen, list) and chosen else NONE
    if prompt not in {option.id for option in door.options}:
        prompt = NONE
    cells = [
        each.id[:12],
        told.headline or _first_words(told.text),
        told.text,
        f"V-{each.id[:12]}",
        day_of(each.story.week).isoformat(),
        told.language,
        prompt,
    ]
    for step in asked:
        cells += _answers(step, each)
    return cells


def _answers(step: Step, each: Exported) -> list[str]:
    """The cells of a question. A scale at 0 is written as 1: at 0 a card shows no mark."""
    told = each.story.telling
    answer: Any = told.answers.get(step.id)
    if step.kind == "triad":
        shares = answer if isinstance(answer, list) and len(answer) == 3 else []
        return [str(max(1, int(s))) for s in shares] or [""] * 3
    if step.kind == "scale":
        return [str(max(1, answer)) if isinstance(answer, int) else ""]
    if step.kind == "text":
        return [told.words.get(step.id, "")]
    if step.fill:
        return [_place(step, each)]
    known = {option.id for option in step.options}
    chosen = [str(one) for one in answer or [] if one in known]
    cells = [DELIMITER.join(chosen if step.kind == "choices" else chosen[:1])]
    return [*cells, *([told.words.get(step.id, "")] if step.other else [])]


def _place(step: Step, each: Exported) -> str:
    told = each.story.telling
    return told.team if step.fill == "team" else told.municipality


def _cell(*parts: str) -> str:
    return "|".join(one_line(part) for part in parts)


def _first_words(text: str) -> str:
    return " ".join(text.split()[:5]) or "-"


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows(rows)
    return made.getvalue().encode("utf-8")
