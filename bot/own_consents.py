"""Who may read a kept story, changed later: the same screen of switches as after keeping. Nothing
changes until it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import account_question, keeping
from bot.scene import Scene
from conversations import switches
from conversations.attached import ATTACHED
from conversations.effects import Button, Control, Mark, Record, Say, Tick
from conversations.guide import Option, Purpose
from conversations.story import listed
from storage import stories
from storage.stories import Story

_ORDER = ("team", "coordinator", "network", "quote", "relay", "contact", *ATTACHED)


def show(scene: Scene, story: Story) -> None:
    """The switches as they stand now."""
    picked = _given(story)
    scene.prefer(switching=[story.id, *picked])
    about = scene.words("consents_show")
    offered = _offered(scene, story)
    text = "\n\n".join((about, *map(switches.paragraph, offered)))
    control = Control("choices", max=len(offered))
    buttons = _buttons(scene, story, offered, picked)
    account_question.say_alone(scene, Say(text, buttons, control=control))


def tapped(scene: Scene, story: Story, purpose: str) -> None:
    """One switch; only its tick changes."""
    offered = _offered(scene, story)
    if purpose not in {option.id for option in offered}:
        scene.phrase("old_button")
        show(scene, story)
        return
    picked, refused = switches.switched(_picked(scene, story), purpose)
    scene.prefer(switching=[story.id, *picked])
    account_question.stay(scene)
    if refused:
        scene.phrase(refused)
    else:
        turn = account_question.last_turn(scene)
        scene.put(Tick(turn, _buttons(scene, story, offered, picked)))


def confirmed(scene: Scene, story: Story) -> None:
    """What is otherwise than before is recorded, each purpose with the words that were shown."""
    offered = {option.id: option for option in _offered(scene, story)}
    picked = _picked(scene, story)
    before = dict(switches.answers(tuple(offered), _given(story)))
    chosen = listed(option.label for option in offered.values() if option.id in picked)
    scene.put(Mark(account_question.last_turn(scene), chosen or scene.words("switches_none")))
    changed = [
        (purpose, answer)
        for purpose, answer in switches.answers(tuple(offered), picked)
        if before[purpose] != answer
    ]
    # What goes further than the team is taken back before it, and given after it.
    taken_back = [each for each in changed if each[1] == "no"]
    given = [each for each in changed if each[1] != "no"]
    for purpose, answer in (*reversed(taken_back), *given):
        _record(scene, story, offered, purpose, answer)
    scene.prefer(switching=None)
    scene.phrase("consent_changed" if changed else "done_ok")


def _record(
    scene: Scene, story: Story, offered: Mapping[str, Option], purpose: Purpose, answer: str
) -> None:
    parts = [offered[purpose], *([offered[answer]] if answer == "coordinator" else [])]
    shown = "\n\n".join((scene.words("consents_show"), *map(switches.paragraph, parts)))
    stories.change_purpose(
        scene.connection,
        scene.house.vault,
        story.id,
        keeping.consent(
            scene, Record(purpose, answer, shown), story.telling.guide, story.telling.fingerprint
        ),
        keeping.return_address(scene),
        scene.house.erased,
    )
    scene.scrub |= purpose in ATTACHED


def _picked(scene: Scene, story: Story) -> tuple[str, ...]:
    """The switches as they were set since the screen was shown."""
    about, *picked = scene.person.prefs.get("switching") or [""]
    return tuple(picked) if about == story.id else _given(story)


def _given(story: Story) -> tuple[str, ...]:
    """What was agreed to, as switches."""
    only = ["coordinator"] if story.coordinator_only else []
    given = {*story.purposes, *only}
    return tuple(each for each in _ORDER if each in given)


def _offered(scene: Scene, story: Story) -> tuple[Option, ...]:
    """What can be changed: the team's only where there is a team, quotation and what is attached
    only as long as it was agreed to."""
    given = set(_given(story))
    ids = set(given)
    if story.telling.team or "team" in given:
        ids |= {"team", "network"}
        if story.telling.kind == "resident":
            ids.add("coordinator")
    if "question_left" in story.telling.words:
        ids.add("relay")
    ids |= {"contact"}
    words = _words(scene, story)
    return tuple(
        words.get(each, Option(each, scene.words(f"purpose.{each}")))
        for each in _ORDER
        if each in ids
    )


def _words(scene: Scene, story: Story) -> dict[str, Option]:
    """The switches in the words of the guide, of today where the story's own has none."""
    shelf, language = scene.house.shelf, scene.person.language
    guides = [shelf.told_with(scene.connection, story.telling, language)]
    if story.telling.guide in shelf.library.ids:
        guides.append(shelf.today(story.telling.guide, language))
    for guide in guides:
        for step in guide.steps.values():
            if step.kind == "switches":
                return {option.id: option for option in step.options}
    return {}


def _buttons(
    scene: Scene, story: Story, offered: Sequence[Option], picked: tuple[str, ...]
) -> tuple[Button, ...]:
    ticks = (
        Button(f"d:c:{option.id}:{story.id}", option.label, option.id in picked)
        for option in offered
    )
    sure = Button(f"d:sure:{story.id}", scene.words("button.confirm"))
    back = Button(f"d:stay:{story.id}", scene.words("change_ask.none"))
    return (*ticks, sure, back)
