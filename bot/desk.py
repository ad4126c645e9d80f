"""The desk: coming in, the language, help, privacy, and erasing. Not guides; afterwards the open
question is asked again. Its buttons begin with `d:` and mean the same at any time."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import account_question, own_data, own_stories, shown, wiping
from bot.channels.base import Account
from bot.coordinators import linking
from bot.dwelling import weighed
from bot.meetings import answering, joining
from bot.meetings import desk as planning_desk
from bot.scene import Scene
from bot.wire import effect_from_json
from conversations import meaning
from conversations.effects import Button, Say
from conversations.events import (
    Asked,
    Command,
    Edited,
    Event,
    LanguageChosen,
    Returned,
    Said,
    Tapped,
)
from conversations.library import DUTCH
from conversations.meaning import plain
from conversations.safety import worrying
from storage import outbox, teams

ROLES = ("resident", "professional")
_SHORT = {"r": "resident", "p": "professional"}
_LINK = re.compile(r"[A-Za-z0-9_-]{1,128}")
GREETING = 3
"""The most words of a text that may be a greeting, of which nothing needs to be kept."""
_NO_LINK = "-"
"""What no link is: other letters are not even looked for."""


def button(scene: Scene, action: str, key: str) -> Button:
    """A button of the desk: `d:` and what it does, with a fixed sentence as its label."""
    return Button(f"d:{action}", scene.words(key))


def account(scene: Scene, event: Account) -> None:
    """An account command."""
    account_question.drop(scene)
    match event.name:
        case "start":
            came_in(scene, event.text)
            return
        case "erase":
            _erase(scene, event.text)
        case "stories":
            own_stories.listed(scene)
        case "data":
            own_data.given(scene)
        case "language":
            _language(scene, event.text)
            return
        case "privacy":
            scene.phrase("privacy_link")
        case "meetings":
            planning_desk.opened(scene)
        case "help_idle":
            scene.phrase("help_card")
        case "wipe" | "unwipe":
            wiping.asked(scene, event)
            return
    ask_again(scene)


def tapped(scene: Scene, event: Tapped) -> None:
    """A button of the desk. What changes something counts only on the question that stands: on an
    earlier one it is asked again."""
    if event.button in weighed(Say("", (Button(event.button, ""),))).weighty and event.turn:
        stands = account_question.last_turn(scene) == event.turn
        if not (stands and scene.person.prefs.get("stands")):
            _ask_anew(scene, event)
            return
    account_question.drop(scene)
    _, action, *rest = event.button.split(":")
    match action, rest:
        case "begin", [guide_id] if guide_id in scene.house.shelf.library.ids:
            _begin(scene, guide_id)
            return
        case "lang", [code]:
            _language(scene, code)
            return
        case "on", _:
            pass
        case "erase", ["yes"]:
            _erase(scene, "now" if event.turn else "")
        case "erase", ["no"]:
            scene.phrase("done_ok")
        case "prompt", [what, prompt_id]:
            if not answering.tapped(scene, what, prompt_id):
                return
        case "side", [what, meeting_id]:
            joining.tapped(scene, what, meeting_id)
        case "prompts", ["on"]:
            joining.switched_on(scene)
        case "tidy", [answer, turn] if turn.isdecimal():
            shown.answered(scene, answer, int(turn))
        case "plan", [what]:
            planning_desk.tapped(scene, what)
        case _ if not own_stories.tapped(scene, action, rest):
            scene.phrase("old_button")
    ask_again(scene)


def _ask_anew(scene: Scene, event: Tapped) -> None:
    """The question of an earlier turn, whose button was tapped too late to count."""
    scene.phrase("old_button")
    earlier = account_question.said_on(scene, event.turn)
    _, action, *rest = event.button.split(":")
    if action in ("c", "sure") and own_stories.tapped(scene, "who", rest[-1:]):
        pass  # as they stand by now
    elif earlier is not None:
        account_question.say_alone(scene, earlier)
    else:
        ask_again(scene)


def meant(scene: Scene, text: str) -> Tapped | None:
    """The button under the newest message that a typed text stands for: "ja" to "Wis alles?"."""
    said = outbox.last_said(scene.connection, scene.house.vault, scene.person.id)
    shown = effect_from_json("say", said) if said else None
    if not isinstance(shown, Say) or not any(b.id.startswith("d:") for b in shown.buttons):
        return None
    return meant_by(scene, shown, text)


def meant_by(scene: Scene, shown: Say, text: str) -> Tapped | None:
    """The button under this message that a typed text stands for."""
    guide = scene.house.shelf.today(ROLES[0], scene.person.language)
    whole = {_plainly(each.id): each.id for each in shown.buttons}
    named = [replace(each, id=_plainly(each.id)) for each in shown.buttons]
    found = meaning.button(guide, named, text)
    return Tapped(shown.turn, whole[found], seen=None) if found else None


def _plainly(button_id: str) -> str:
    """`yes` or `no` where a button of the desk says that, so that words can mean it."""
    action, *rest = button_id.removeprefix("d:").split(":")
    said = rest[0] if rest and rest[0] in ("yes", "no") else button_id
    return {"gone": "yes", "stay": "no", "on": "continue"}.get(action, said)


def planning(scene: Scene, text: str) -> bool:
    """A text of a coordinator who is planning a meeting. False when it is something else."""
    return planning_desk.typed(scene, text)


def answered(scene: Scene, event: Said) -> bool:
    """A text that answers what was asked outside a guide: after a meeting, or a code to join one.
    False when it is something else."""
    if answering.said(scene, event.text):
        return True
    if scene.state is None and joining.typed(scene, event.text):
        return True
    role = scene.state is None and _role(scene, event.text)
    return not role and answering.told(scene, event)


def without_conversation(scene: Scene, event: Event) -> None:
    """Something of a person with whom nothing is open."""
    match event:
        case Command("help"):
            scene.phrase("help_card")
        case Said(text) if role := _role(scene, text):
            _begin(scene, role)
        case Said(text) | Edited(text) if len(text.split()) > GREETING:
            _not_kept_yet(scene)
        case _:
            _nothing_open(scene)


def _not_kept_yet(scene: Scene) -> None:
    """More than a greeting, before there is a place for it."""
    scene.phrase("not_kept_yet")
    _nothing_open(scene)


def _nothing_open(scene: Scene) -> None:
    if scene.person.prefs.get("guide"):
        scene.phrase("unexpected_idle", [Button("begin", scene.words("unexpected_idle.begin"))])
    else:
        who_tells(scene)


def care(scene: Scene, text: str) -> None:
    """Who can help, before anything else, after words that sound heavy and that no guide read."""
    if worrying(text, scene.person.language):
        scene.put_first(Say(scene.words("help_card")))


def came_in(scene: Scene, payload: str) -> None:
    """`/start`, or a page opened: with a link perhaps, back perhaps."""
    if payload and not _LINK.fullmatch(payload):
        payload = _NO_LINK
    kind, _, code = payload.partition("-") if payload[1:2] == "-" else ("", "", payload)
    team = teams.by_code(scene.connection, code) if code else None
    if payload in scene.house.shelf.library.ids:
        _begin(scene, payload)
    elif team is not None:
        scene.prefer(known=teams.known(team))
        if kind in _SHORT:
            _begin(scene, _SHORT[kind])
        else:
            who_tells(scene)
    elif payload and linking.came(scene, payload):
        return
    elif payload and (again := joining.came(scene, payload)) is not None:
        if again:
            ask_again(scene)
    elif payload:
        scene.phrase("link_unknown")
        who_tells(scene)
    elif scene.person.prefs.get("expired"):
        expired(scene)
    elif scene.state is not None and scene.state.open:
        scene.take(Returned())
    elif not answering.show_open(scene):
        who_tells(scene)


def expired(scene: Scene) -> None:
    """Time threw the story away while the teller was not there."""
    scene.prefer(expired=None)
    scene.phrase("draft_expired", [Button("begin", scene.words("draft_expired.begin"))])


def begin_again(scene: Scene) -> None:
    """The button Begin: the guide of last time, or who tells."""
    guide_id = scene.person.prefs.get("guide")
    if scene.state is not None and scene.state.open:
        scene.take(Returned())
    elif guide_id in scene.house.shelf.library.ids:
        _begin(scene, str(guide_id))
    else:
        who_tells(scene)


def ask_again(scene: Scene) -> None:
    """After the desk the open question, if there is one; unless the desk asks something itself."""
    if scene.asks:
        return
    account_question.drop(scene)
    if scene.state is not None and scene.state.open:
        scene.take(Asked())


def who_tells(scene: Scene) -> None:
    """Who tells? Whose client speaks another language is offered Dutch too."""
    scene.notice()
    library = scene.house.shelf.library
    buttons = [button(scene, f"begin:{role}", f"who_tells.{role}") for role in ROLES]
    if scene.person.language != DUTCH:
        buttons.append(Button(f"d:lang:{DUTCH}", library.name(DUTCH)))
    if scene.person.language in library.unread:
        scene.phrase("language_note")
    scene.phrase("who_tells", buttons)


def _role(scene: Scene, text: str) -> str | None:
    """The role that a typed text names, when that was asked."""
    said = plain(text)
    named = [role for role in ROLES if said in (role, plain(scene.words(f"who_tells.{role}")))]
    return named[0] if named else None


def _begin(scene: Scene, guide_id: str) -> None:
    """Begin with a guide. An open story is offered first; beginning again is with this guide."""
    state = scene.state
    if state and state.open and (state.path or state.draft or state.guide == guide_id):
        scene.prefer(guide=guide_id)
        scene.take(Returned())
        return
    scene.begin(guide_id)


def _language(scene: Scene, code: str) -> None:
    """Go on in another language, or ask which."""
    library = scene.house.shelf.library
    wanted = code.strip().lower()[:2]
    if wanted not in library.spoken:
        buttons = [Button(f"d:lang:{each}", library.name(each)) for each in library.spoken]
        asked = scene.words("language_ask")
        if library.unread:
            asked = f"{asked}\n{scene.words('language_note')}"
        account_question.say_alone(scene, Say(asked, tuple(buttons)))
        return
    scene.person = scene.person.but(language=wanted)
    if wanted in library.unread:
        scene.phrase("language_note")
    if scene.state is not None and scene.state.open:
        scene.take(LanguageChosen(scene.facts()))
    elif scene.state is None:
        scene.phrase("language_changed")
        who_tells(scene)
    else:
        scene.phrase("language_changed")


def _erase(scene: Scene, what: str) -> None:
    """`now`: everything of the person. `chat`: all but the kept stories, which keep their code.
    Anything else asks first."""
    if what == "now":
        scene.phrase("erase_all_done")
        scene.state = None
        scene.erase_person()
    elif what == "chat":
        for story_id in scene.person.stories:
            scene.own(story_id, is_there=False)
        scene.phrase("stop_erased")
        scene.state = None
        scene.erase_person()
    else:
        yes, no = (
            button(scene, f"erase:{name}", f"erase_all_ask.{name}") for name in ("yes", "no")
        )
        account_question.ask(scene, "erase_all_ask", [yes, no])
