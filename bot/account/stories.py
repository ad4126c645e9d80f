"""Account commands about one's own stories: list, read, change, consents, withdraw; and the five
words."""

from __future__ import annotations

from bot.account import own_consents, own_sentence, passport
from bot.account_buttons import Action, button_id
from bot.turns import conversation
from bot.turns.context import TurnContext
from conversations.engine.card import card_files, card_text, kept_card
from conversations.engine.effects import Button, Say
from conversations.engine.questions import apart
from storage.stories import stories
from storage.stories.stories import Story


def list_stories(context: TurnContext) -> None:
    """The stories this person may change, and a way to find one by its code."""
    context.remember(code=False)
    ids = (*context.person.stories, *_found(context))
    own = stories.for_person(context.connection, ids)
    code = Button(button_id("code"), context.words("stories_list.code"))
    if own:
        labels = apart([_name(context, story) for story in own])
        buttons = [
            Button(button_id("story", story.id), label)
            for story, label in zip(own, labels, strict=True)
        ]
        with context.about(*(story.id for story in own)):
            conversation.ask(context, "stories_list", [*buttons, code])
    else:
        context.remember(code=True)
        buttons = [code.but(id=button_id("code", "yes"))]  # "Heb je een code?"
        if context.state is not None and context.state.open:
            buttons.append(Button(button_id("on", "no"), context.words("button.continue")))
        conversation.ask(context, "stories_none", buttons)


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
    "uses",
    "back",
    "taken",
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
            context.put(Say(_card(context, story), files=card_files(story.telling)))
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
        case "uses" | "back" | "taken", [*key, _]:
            if not passport.handle_tap(context, story, _name(context, story), action, "".join(key)):
                _menu(context, story)
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


def _found(context: TurnContext) -> tuple[str, ...]:
    """Stories opened with their code. They are not on the own list: erasing the person on this
    device does not take them away."""
    return context.person.memory.found


def _story(context: TurnContext, story_id: str) -> Story | None:
    if story_id not in (*context.person.stories, *_found(context)):
        return None
    return stories.read(context.connection, story_id)


def _name(context: TurnContext, story: Story) -> str:
    """What stands above it, without the point that the sentence around it has too."""
    return story.telling.headline.removesuffix(".") or context.words("story_unnamed")


def _menu(context: TurnContext, story: Story) -> None:
    actions: dict[Action, str] = {
        "read": "read",
        "edit": "edit",
        "who": "consents",
        "uses": "uses",
        "withdraw": "withdraw",
    }
    buttons = [
        Button(button_id(action, story.id), context.words(f"story_menu.{name}"))
        for action, name in actions.items()
    ]
    if own_sentence.may_choose(story):
        choose = Button(
            button_id("headline", "ask", story.id), context.words("story_menu.sentence")
        )
        buttons.insert(-1, choose)
    conversation.ask(context, "story_menu", buttons, name=_name(context, story))


def _card(context: TurnContext, story: Story) -> str:
    guide = context.services.shelf.told_with(
        context.connection, story.telling, context.person.language
    )
    return card_text(kept_card(guide, story.telling))
