"""The card of a story as others will see it, and what is kept of the story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from conversations.engine.attachments import attached_rows, files, wordless
from conversations.engine.effects import Card, CardFile, CardRow, Highlight
from conversations.engine.state import Answer, Part, State
from conversations.guide.model import Fill, Guide, Step
from conversations.guide.telling import Closed, Telling

_GAP = "\n\n"
_HEADLINES = ("name", "sentence")
"""The questions whose answer stands above the story."""
_ARABIC = re.compile("[\u0620-\u064a]")


def told(state: State) -> str:
    """The story: the parts of the draft, a blank line between them."""
    return _GAP.join(part.text for part in state.draft if part.text)


def telling(guide: Guide, state: State) -> Telling:
    """What is kept of this conversation: the answers on its path, and nothing else."""
    closed: dict[str, Closed] = {}
    words: dict[str, str] = {}
    name = ""
    places = {"municipality": "", "team": ""}
    for step, answer in on_card(guide, state):
        if step.kind == "name":
            name = answer.text
        elif step.kind == "sentence":
            continue
        elif step.fill:
            places[step.fill] = answer.options[0]
        elif step.kind == "text":
            words[step.id] = answer.text
        elif step.kind == "scale":
            closed[step.id] = answer.shares[0]
        elif step.kind == "triad":
            closed[step.id] = list(answer.shares)
        else:
            closed[step.id] = [*answer.options, *(["other"] if answer.text else [])]
            if answer.text:
                words[step.id] = answer.text
    return Telling(
        guide=guide.id,
        fingerprint=guide.fingerprint,
        language=state.language,
        kind=guide.kind,
        name=name,
        text=told(state),
        answers=closed,
        words=words,
        team=team_of(guide, state),
        municipality=_place(guide, state, "municipality", places["municipality"]),
        parts=[{"kind": part.kind, "text": part.text, "blob": part.blob} for part in state.draft],
        sentence=sentence_of(guide, state),
    )


def sentence_of(guide: Guide, state: State) -> str:
    """The sentence that the story turns on; empty: none was chosen."""
    asks = (step for step in guide.on_card if step.kind == "sentence")
    chosen = [answer.text for step in asks if (answer := _shown(state, step))]
    return chosen[-1] if chosen else ""


def team_of(guide: Guide, state: State) -> str:
    """The id of the team that the story is about; empty: none that is known."""
    asks = (step for step in guide.on_card if step.fill == "team")
    chosen = (answer.options[0] for step in asks if (answer := _shown(state, step)))
    return _place(guide, state, "team", next(chosen, ""))


def _place(guide: Guide, state: State, fill: Fill, chosen: str) -> str:
    """The place that was chosen or, where the guide does not ask, the one of the invitation. Who
    skipped the question does not want it known."""
    asked = any(guide.steps[name].fill == fill for name in state.path)
    return chosen if asked else state.facts.get(f"{fill}_id", "")


def card(guide: Guide, state: State) -> Card:
    """The card of this conversation, in the words of the guide."""
    name, rows = "", []
    name_lit: tuple[Highlight, ...] = ()
    shown = tuple(on_card(guide, state))
    for step, answer in shown:
        if step.kind in _HEADLINES:
            name, name_lit = answer.text, _lit(state, step.id)
        else:
            value = answer_label(step, answer)
            rows.append(
                CardRow(
                    label=step.short,
                    value=value,
                    poles=tuple(pole.label for pole in step.poles),
                    shares=answer.shares,
                    highlights=_lit(state, step.id, offset=len(value) - len(answer.text)),
                    step=step.id,
                )
            )
    return Card(
        name=name,
        text=told(state) or wordless(guide, state),
        rows=(*rows, *attached_rows(guide, state)),
        name_highlights=name_lit,
        highlights=_story_lit(state),
        name_step=next((step.id for step, _ in shown if step.kind in _HEADLINES), ""),
        text_step=next((e.id for e in guide.steps.values() if e.kind == "tell"), ""),
    )


def _lit(state: State, at: str, part: int = 0, offset: int = 0) -> tuple[Highlight, ...]:
    """What may identify someone in one typed text, which begins so far into what is shown."""
    return tuple(
        Highlight(clue.start + offset, clue.end + offset, clue.instead, place)
        for place, clue in enumerate(state.clues)
        if (clue.at, clue.part) == (at, part)
    )


def _story_lit(state: State) -> tuple[Highlight, ...]:
    """What may identify someone in the story as it is shown."""
    found: list[Highlight] = []
    offset = 0
    for place, part in enumerate(state.draft):
        if part.text:
            found += _lit(state, "", place, offset)
            offset += len(part.text) + len(_GAP)
    return tuple(found)


def kept_card(guide: Guide, telling: Telling) -> Card:
    """The card of a kept story, in the words of the guide it was told with."""
    return card(guide, reopened(guide, telling, {}))


def card_files(telling: Telling) -> tuple[CardFile, ...]:
    """The recordings and pictures of a kept story."""
    return files(_part(part) for part in telling.parts)


def reopened(guide: Guide, telling: Telling, facts: Mapping[str, str]) -> State:
    """A conversation in which a kept story can be changed: every question answered as it was (or
    skipped), at the question what must change."""
    questions = [
        step
        for step in guide.steps.values()
        if step.kind not in ("say", "consent", "switches", "review") and not step.end
    ]
    review = next(step for step in guide.steps.values() if step.kind == "review")
    return State(
        guide=guide.id,
        fingerprint=guide.fingerprint,
        language=guide.language,
        at=review.id,
        mode="changing",
        path=tuple(step.id for step in questions),
        answers={step.id: _answered(guide, step, telling) for step in questions},
        draft=tuple(_part(part) for part in telling.parts),
        consents={"keep": "yes"},
        facts=facts,
        carded=True,
        kept=True,
    )


def _part(kept: Mapping[str, str]) -> Part:
    match kept["kind"]:
        case "voice" | "photo" as kind:
            return Part(kind, kept["text"], blob=kept["blob"])
        case _:
            return Part("text", kept["text"])


def _answered(guide: Guide, step: Step, telling: Telling) -> Answer:
    """The answer to a question as it was kept."""
    if step.kind == "tell":
        return Answer(options=("done",))
    if step.kind in _HEADLINES:
        return Answer(text=telling.sentence if step.kind == "sentence" else telling.name)
    if step.fill:
        place = telling.team if step.fill == "team" else telling.municipality
        names = guide.places.options(step.fill, telling.municipality)
        label = next((option.label for option in names if option.id == place), place)
        return Answer(options=(place,), labels=(label,)) if place else Answer()
    words = telling.words.get(step.id, "")
    match telling.answers.get(step.id):
        case int(share):
            return Answer(shares=(share,))
        case list(given) if step.kind == "triad":
            return Answer(shares=tuple(int(each) for each in given))
        case list(given):
            chosen = tuple(str(option) for option in given if option != "other")
            return Answer(options=chosen, text=words)
        case None:
            return Answer(text=words)


def answer_label(step: Step, answer: Answer) -> str:
    """An answer in the words of its question: `Blij, Trots`, `Zorgen ○○○●○ Krachten`."""
    if answer.skipped:
        return step.skip.label if step.skip else ""
    if step.kind == "scale":
        place = round(answer.shares[0] / 25)
        line = "".join("●" if place == dot else "○" for dot in range(5))
        return f"{step.poles[0].label} {line} {step.poles[1].label}"
    if step.kind == "triad":
        return listed(
            f"{pole.label} {share} %"
            for pole, share in zip(step.poles, answer.shares, strict=True)
            if share
        )
    chosen = [(step.option(each), each) for each in answer.options]
    labels = answer.labels or [option.label if option else each for option, each in chosen]
    return listed([*labels, *([answer.text] if answer.text else [])])


def listed(words: Iterable[str]) -> str:
    """Words in a row, with the comma of their script."""
    each = list(words)
    return ("، " if any(map(_ARABIC.search, each)) else ", ").join(each)


def card_text(shown: Card) -> str:
    """A card as plain text, for channels that show nothing else."""
    rows = "\n".join(f"{row.label}: {row.value}" for row in shown.rows)
    return "\n\n".join(piece for piece in (shown.name, shown.text, rows) if piece)


def on_card(guide: Guide, state: State) -> Iterator[tuple[Step, Answer]]:
    """The questions that stand on the card and were answered, in the order of the guide."""
    for step in guide.on_card:
        if answer := _shown(state, step):
            yield step, answer


def _shown(state: State, step: Step) -> Answer | None:
    """The answer to a question that stands on the card."""
    answer = state.answers.get(step.id)
    return answer if answer and not answer.skipped and step.id in state.path else None
