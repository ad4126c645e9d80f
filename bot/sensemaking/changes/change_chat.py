"""Whether a change does a teller justice, answered in the chat, with room for a sentence.

The sentence is a remark of its own. It is shown as it would be kept, without what may identify
someone, and kept only after a yes to that; whether it may lie beside the story is a yes of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.account_buttons import button_id, parse
from bot.sensemaking.changes.change_links import ChangeLink, reader_of
from bot.turns import account_question, consent, conversation
from bot.turns.context import TurnContext
from conversations.distress.detect import worrying
from conversations.engine.effects import Button, Record, Say
from storage.sensemaking import changes, remarks
from storage.sensemaking.changes import JUSTICE_ANSWERS
from storage.sensemaking.remarks import TellerRemark
from storage.stories import stories
from storage.stories.consents import ConsentRecord

LONGEST = 300
_APART = "\n\n"


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was told of which change, and the story for which: the person of this chat, or, over a
    link in a letter (with its `token`), the person of that letter."""

    change_id: str
    person_id: str
    story_id: str
    token: str = ""

    def button(self, context: TurnContext, what: str, key: str) -> Button:
        rest = (self.change_id, self.token) if self.token else (self.change_id,)
        return Button(button_id("change", what, *rest), context.words(key))


class ChangeChat:
    """The room of the chat in which tellers answer. An answer can be changed at any time."""

    action = "change"
    link = "c"

    def follow(self, context: TurnContext, code: str) -> bool:
        """A tap on the page of a letter."""
        link = ChangeLink.of(code)
        return self._answer(context, link.answer, link.change_id, link.token)

    def tap(self, context: TurnContext, rest: list[str]) -> bool:
        """A button of somebody who was told. Whether the open question is asked again."""
        what, change_id, token = (*rest, "", "", "")[:3]
        if what in JUSTICE_ANSWERS:
            return self._answer(context, what, change_id, token)
        if what == "done":
            context.phrase("done_ok")
        elif what in ("keep", "beside", "forget"):
            self._decide(context, what, _heard(context, change_id, token))
        else:
            context.phrase("old_button")
        return True

    def words(self, context: TurnContext, asked: Say, text: str) -> bool:
        """A sentence about a change, where the question that stands has room for it. Words that
        sound heavy are kept nowhere: who can help comes first, the question stands."""
        about = _asked_about(asked)
        if about is None:
            return False
        if worrying(text, context.person.language):
            context.heard = True
            context.phrase("help_card")
            conversation.ask_again(context, asked)
            return True
        heard, line = _heard(context, *about), " ".join(text.split())
        if heard is None:
            account_question.drop(context)
            context.phrase("change_remark_over")
            conversation.ask_open_question(context)
        elif len(line) > LONGEST:
            context.unkept("too_long_answer", max=str(LONGEST))
            conversation.ask_again(context, asked)
        else:
            self._ask_to_keep(context, heard, line)
        return True

    def _answer(self, context: TurnContext, said: str, change_id: str, token: str) -> bool:
        answer = next((each for each in JUSTICE_ANSWERS if each == said), None)
        k = context.services.settings.privacy.small_number
        person_id = _person(context, change_id, token)
        if answer is None or not changes.keep_answer(
            context.connection, change_id, person_id, answer, k
        ):
            context.phrase("link_unknown" if token else "old_button")
            return True
        context.phrase("change_answered")
        heard = _heard(context, change_id, token)
        if heard is None:
            return True
        nothing = heard.button(context, "done", "change_remark.no")
        conversation.ask(context, "change_remark", [nothing])
        return False

    def _ask_to_keep(self, context: TurnContext, heard: Heard, text: str) -> None:
        """The remark as it would be kept, as the last paragraph, and whether it may be."""
        many = changes.rests_on(context.connection, heard.change_id)
        guess = many < context.services.settings.privacy.small_number
        shown = _redacted(text, context.person.language)
        parts = (
            context.words("change_remark_ask"),
            *([context.words("change_remark_few")] if guess else []),
            f"“{shown}”",
        )
        buttons = tuple(
            heard.button(context, each, f"change_remark_ask.{each}")
            for each in ("keep", "beside", "forget")
        )
        with context.about(heard.story_id):
            conversation.ask_alone(context, Say(_APART.join(parts), buttons))

    def _decide(self, context: TurnContext, what: str, heard: Heard | None) -> None:
        """What is answered to the question that stood last: its last paragraph is the remark."""
        asked = account_question.said_on(context, account_question.last_turn(context))
        if heard is None or asked is None or _asked_about(asked) != (heard.change_id, heard.token):
            context.phrase("old_button")
            return
        if what == "forget":
            context.phrase("change_remark_gone")
            return
        beside = what == "beside"
        text = asked.text.rsplit(_APART, 1)[-1][1:-1]
        remark = TellerRemark(heard.change_id, heard.story_id, text, beside)
        given = _consent(context, heard, asked.text)
        remarks.keep(context.connection, remark, given)
        context.phrase("change_remark_kept")


def _person(context: TurnContext, change_id: str, token: str) -> str:
    """Who answers: the person of this chat, or whose letter had the link; empty: nobody."""
    if not token:
        return context.person.id
    reads = context.connection
    reader = reader_of(reads, token, change_id, context.now)
    return reader.id if reader else ""


def _heard(context: TurnContext, change_id: str, token: str) -> Heard | None:
    """None: nobody was told here, or the story is gone, or was taken back from it."""
    reads = context.connection
    person_id = _person(context, change_id, token)
    change = changes.told_of(reads, change_id)
    if change is None or not changes.was_told(reads, change_id, person_id):
        return None
    story_id = changes.tellers(reads, change.decision_id).get(person_id)
    return Heard(change_id, person_id, story_id, token) if story_id else None


def _asked_about(asked: Say) -> tuple[str, str] | None:
    """The change and the token of a question that has room for a sentence."""
    for action, rest in filter(None, (parse(each.id) for each in asked.buttons)):
        if action == "change" and rest[:1] in (["done"], ["forget"]):
            return (*rest[1:], "", "")[0], (*rest[1:], "", "")[1]
    return None


def _consent(context: TurnContext, heard: Heard, shown: str) -> ConsentRecord:
    guide, fingerprint = stories.told_with(context.connection, heard.story_id)
    given = consent.consent(context, Record("contact", "yes", shown), guide, fingerprint)
    return replace(given, purpose="remark")


def _redacted(text: str, language: str) -> str:
    """Without what may identify someone."""
    from conversations.redaction.find import find, replace  # it is long, and hardly ever needed

    return replace(text, find(text, language))
