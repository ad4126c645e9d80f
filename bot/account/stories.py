"""Account commands about one's own stories: list, read, change, consents, withdraw; and the five
words."""

from __future__ import annotations

from datetime import timedelta

from bot.account import own_consents
from bot.account_buttons import Action, button_id
from bot.turns import conversation
from bot.turns.context import TurnContext
from conversations.engine.card import card_text, kept_card
from conversations.engine.effects import Button, Say
from storage.stories import stories
from storage.stories.stories import Story
from storage.vault.vault import looks_like_code, normal_code

ALMOST_A_CODE = range(4, 7)
"""How many words a text has that someone typed who was asked for five."""
TRIES = 5
"""Wrong codes of one person within `TRIES_WITHIN` before waiting."""
TRIES_WITHIN = timedelta(minutes=15)


def list_stories(context: TurnContext) -> None:
    """The stories this person may change, and a way to find one by its code."""
    context.remember(code=False)
    ids = (*context.person.stories, *_found(context))
    own = stories.for_person(context.connection, context.services.vault, ids)
    code = Button(button_id("code"), context.words("stories_list.code"))
    if own:
        buttons = [Button(button_id("story", story.id), _name(context, story)) for story in own]
        with context.about(*(story.id for story in own)):
            conversation.ask(context, "stories_list", [*buttons, code])
    else:
        context.remember(code=True)
        conversation.ask(context, "stories_none", [code])


ACTIONS: tuple[Action, ...] = (
    "code",
    "story",
    "read",
    "edit",
    "who",
    "c",
    "sure",
    "withdraw",
    "gone",
    "stay",
)


def handle_tap(context: TurnContext, action: str, rest: list[str]) -> None:
    """A button about one's own stories (one of `ACTIONS`)."""
    if action == "code":
        context.remember(code=True)
        conversation.ask(context, "code_ask")
        return
    story = _story(context, rest[-1]) if rest else None
    if story is None:
        context.phrase("story_gone")
        return
    with context.about(story.id):
        _about(context, story, action, rest)


def _about(context: TurnContext, story: Story, action: str, rest: list[str]) -> None:
    match action, rest:
        case "read", _:
            context.put(Say(_card(context, story)))
            _menu(context, story)
        case "edit", _:
            conversation.reopen(context, story)
        case "who", _:
            own_consents.show(context, story)
        case "c", [purpose, _]:
            own_consents.switch(context, story, purpose)
        case "sure", _:
            own_consents.confirm(context, story)
            _menu(context, _story(context, story.id) or story)
        case "withdraw", _:
            conversation.ask(
                context,
                "withdraw_ask",
                [
                    Button(button_id("gone", story.id), context.words("withdraw_ask.yes")),
                    Button(button_id("stay", story.id), context.words("withdraw_ask.no")),
                ],
            )
        case "gone", _:
            conversation.withdraw(context, story.id)
            context.phrase("withdrawn")
        case _:
            _menu(context, story)


def read_as_code(context: TurnContext, text: str, *, idle: bool) -> bool:
    """Open the story of which this text is the code, on any device. False when the text is to be
    read as something else: while telling, five words that are no code are part of the story."""
    asked = context.person.memory.code
    if asked and len(normal_code(text).split()) not in ALMOST_A_CODE:
        context.remember(code=False)
        return False
    if not asked and not looks_like_code(text):
        return False
    since = (context.now - TRIES_WITHIN).timestamp()
    tries = [at for at in context.person.memory.tries if at > since]
    if len(tries) < TRIES:
        story_id = stories.by_code(context.connection, context.services.vault, text)
        story = story_id and stories.read(context.connection, context.services.vault, story_id)
        if story:
            others = [known for known in _found(context) if known != story.id]
            context.remember(code=False, tries=(), found=(*others, story.id))
            with context.about(story.id):
                _menu(context, story)
            return True
        context.remember(tries=(*tries, context.now.timestamp()))
    if not (asked or idle):
        return False
    if len(tries) < TRIES:
        context.phrase("code_unknown")
    else:
        context.phrase("code_wait", minutes=str(int((tries[0] - since) // 60) + 1))
    return True


def _found(context: TurnContext) -> tuple[str, ...]:
    """Stories opened with their code. They are not on the own list: erasing the person on this
    device does not take them away."""
    return context.person.memory.found


def _story(context: TurnContext, story_id: str) -> Story | None:
    if story_id not in (*context.person.stories, *_found(context)):
        return None
    return stories.read(context.connection, context.services.vault, story_id)


def _name(context: TurnContext, story: Story) -> str:
    return story.telling.name or context.words("story_unnamed")


def _menu(context: TurnContext, story: Story) -> None:
    actions: dict[Action, str] = {
        "read": "read",
        "edit": "edit",
        "who": "consents",
        "withdraw": "withdraw",
    }
    conversation.ask(
        context,
        "story_menu",
        [
            Button(button_id(action, story.id), context.words(f"story_menu.{name}"))
            for action, name in actions.items()
        ],
        name=_name(context, story),
    )


def _card(context: TurnContext, story: Story) -> str:
    guide = context.services.shelf.told_with(
        context.connection, story.telling, context.person.language
    )
    return card_text(kept_card(guide, story.telling))
