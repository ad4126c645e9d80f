"""Someone's own stories: list, read, change, who may read them, take away; and the five words."""

from __future__ import annotations

from datetime import timedelta

from bot import account_question, own_consents
from bot.scene import Scene
from conversations.effects import Button, Say
from conversations.story import card_text, kept_card
from storage import stories
from storage.stories import Story
from storage.vault import looks_like_code, normal_code

ALMOST_A_CODE = range(4, 7)
"""How many words a text has that someone typed who was asked for five."""
TRIES = 5
"""Wrong codes of one person within `TRIES_WITHIN` before waiting."""
TRIES_WITHIN = timedelta(minutes=15)


def listed(scene: Scene) -> None:
    """The stories this person may change, and a way to find one by its code."""
    scene.prefer(code=None)
    ids = (*scene.person.stories, *_found(scene))
    own = stories.for_person(scene.connection, scene.house.vault, ids)
    code = Button("d:code", scene.words("stories_list.code"))
    if own:
        buttons = [Button(f"d:story:{story.id}", _name(scene, story)) for story in own]
        with scene.about(*(story.id for story in own)):
            account_question.ask(scene, "stories_list", [*buttons, code])
    else:
        scene.prefer(code=True)
        account_question.ask(scene, "stories_none", [code])


def tapped(scene: Scene, action: str, rest: list[str]) -> bool:
    """A button about a story; False when it is none."""
    if action == "code":
        scene.prefer(code=True)
        account_question.ask(scene, "code_ask")
        return True
    if action not in ("story", "read", "edit", "who", "c", "sure", "withdraw", "gone", "stay"):
        return False
    story = _story(scene, rest[-1]) if rest else None
    if story is None:
        scene.phrase("story_gone")
        return True
    with scene.about(story.id):
        _about(scene, story, action, rest)
    return True


def _about(scene: Scene, story: Story, action: str, rest: list[str]) -> None:
    match action, rest:
        case "read", _:
            scene.put(Say(_card(scene, story)))
            _menu(scene, story)
        case "edit", _:
            scene.reopen(story)
        case "who", _:
            own_consents.show(scene, story)
        case "c", [purpose, _]:
            own_consents.tapped(scene, story, purpose)
        case "sure", _:
            own_consents.confirmed(scene, story)
            _menu(scene, _story(scene, story.id) or story)
        case "withdraw", _:
            account_question.ask(
                scene,
                "withdraw_ask",
                [
                    Button(f"d:gone:{story.id}", scene.words("withdraw_ask.yes")),
                    Button(f"d:stay:{story.id}", scene.words("withdraw_ask.no")),
                ],
            )
        case "gone", _:
            scene.withdraw(story.id)
            scene.phrase("withdrawn")
        case _:
            _menu(scene, story)


def read_as_code(scene: Scene, text: str, *, idle: bool) -> bool:
    """Open the story of which this text is the code, on any device. False when the text is to be
    read as something else: while telling, five words that are no code are part of the story."""
    asked = bool(scene.person.prefs.get("code"))
    if asked and len(normal_code(text).split()) not in ALMOST_A_CODE:
        scene.prefer(code=None)
        return False
    if not asked and not looks_like_code(text):
        return False
    since = (scene.now - TRIES_WITHIN).timestamp()
    tries = [at for at in scene.person.prefs.get("tries", ()) if at > since]
    if len(tries) < TRIES:
        story_id = stories.by_code(scene.connection, scene.house.vault, text)
        story = story_id and stories.read(scene.connection, scene.house.vault, story_id)
        if story:
            others = [known for known in _found(scene) if known != story.id]
            scene.prefer(code=None, tries=None, found=[*others, story.id])
            with scene.about(story.id):
                _menu(scene, story)
            return True
        scene.prefer(tries=[*tries, scene.now.timestamp()])
    if not (asked or idle):
        return False
    if len(tries) < TRIES:
        scene.phrase("code_unknown")
    else:
        scene.phrase("code_wait", minutes=str(int((tries[0] - since) // 60) + 1))
    return True


def _found(scene: Scene) -> tuple[str, ...]:
    """Stories opened with their code. They are not on the own list: erasing the person on this
    device does not take them away."""
    return tuple(scene.person.prefs.get("found", ()))


def _story(scene: Scene, story_id: str) -> Story | None:
    if story_id not in (*scene.person.stories, *_found(scene)):
        return None
    return stories.read(scene.connection, scene.house.vault, story_id)


def _name(scene: Scene, story: Story) -> str:
    return story.telling.name or scene.words("story_unnamed")


def _menu(scene: Scene, story: Story) -> None:
    actions = {"read": "read", "edit": "edit", "who": "consents", "withdraw": "withdraw"}
    account_question.ask(
        scene,
        "story_menu",
        [
            Button(f"d:{action}:{story.id}", scene.words(f"story_menu.{name}"))
            for action, name in actions.items()
        ],
        name=_name(scene, story),
    )


def _card(scene: Scene, story: Story) -> str:
    guide = scene.house.shelf.told_with(scene.connection, story.telling, scene.person.language)
    return card_text(kept_card(guide, story.telling))
