"""What comes while an account question stands alone."""

from __future__ import annotations

from bot import account_question, desk, own_stories
from bot.dwelling import under_way, weighed
from bot.scene import Scene
from conversations import meaning
from conversations.effects import Say
from conversations.events import Command, Placed, Said, Tapped
from conversations.prompts import prompt, takes_words


def answered(scene: Scene, asked: Say, event: Said | Tapped | Placed | Command) -> None:
    """Something that comes while an account question stands: it is for that question. Words of a
    story are no answer to it and go where they belong; anything else is said not to be taken."""
    match event:
        case Said(text):
            _answered_in_words(scene, asked, event, text)
        case Command("help"):
            scene.phrase("help_card")
            account_question.again(scene, asked)
        case Command("stop" | "back") if scene.state is not None and scene.state.open:
            scene.take(event)
        case Command():
            scene.phrase("unexpected_message")
            account_question.again(scene, asked)
        case _:
            scene.phrase("old_button")
            account_question.again(scene, asked)


def _answered_in_words(scene: Scene, asked: Say, event: Said, text: str) -> None:
    guide = scene.house.shelf.today(desk.ROLES[0], scene.person.language)
    state = scene.state
    idle = state is None or not state.open
    tap = desk.meant_by(scene, asked, text)
    if tap and not _words_of_the_open_question(scene, asked, text):
        if tap.button in weighed(asked).weighty and under_way(scene, event, asked.turn):
            scene.phrase("tap_too_soon")
            account_question.again(scene, asked)
        else:
            desk.tapped(scene, tap)
    elif own_stories.read_as_code(scene, text, idle=idle):
        desk.ask_again(scene)
    elif idle and desk.planning(scene, text):
        account_question.drop(scene)
    elif command := meaning.command(guide, text):
        answered(scene, asked, Command(command))
    elif (
        tap or meaning.is_yes_or_no(guide, text) or (state is not None and not _takes_words(scene))
    ):
        scene.phrase("unexpected_message")
        account_question.again(scene, asked)
    else:
        account_question.drop(scene)
        scene.take(event) if state is not None else desk.without_conversation(scene, event)


def _words_of_the_open_question(scene: Scene, asked: Say, text: str) -> bool:
    """Whether a text stands on a button of the question that waits, and on none of this one. One
    word, a yes or a no, is for the question that was asked last."""
    if scene.state is None:
        return False
    guide = scene.house.shelf.of(scene.connection, scene.state, scene.person.language)
    said = meaning.plain(text)
    here = {meaning.plain(each.label) for each in asked.buttons}
    there = {meaning.plain(each.label) for each in prompt(guide, scene.state).buttons}
    return said in there and said not in here and " " in said


def _takes_words(scene: Scene) -> bool:
    """Whether the open question is answered in words of one's own."""
    if scene.state is None or not scene.state.open:
        return False
    guide = scene.house.shelf.of(scene.connection, scene.state, scene.person.language)
    return takes_words(guide, scene.state)
