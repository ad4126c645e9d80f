"""The registry of account buttons: everything a button outside a guide can do.

Their ids begin with `d:` and mean the same at any time; those of a guide never begin so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from conversations.engine.effects import Button, Say

_PREFIX = "d:"

Action = Literal[
    "begin",  # :guide
    "lang",  # :language
    "on",  # go on with the open question; :no where that says no
    "erase",  # :yes or :no, everything of a person
    "tidy",  # :yes or :no:turn, the messages of a conversation
    "code",  # five words will be typed; :yes where that says yes
    "help",  # who can help
    "story",  # :story, and so are those that follow
    "read",
    "edit",
    "who",
    "c",  # :purpose:story, one switch of its consents
    "sure",
    "withdraw",
    "gone",
    "stay",
    "uses",  # where it was used
    "back",  # :which:story, whether a use is to be taken back
    "taken",
    "headline",  # :which:story, the sentence that it turns on
    "prompt",  # :answer:prompt
    "prompts",  # :on
    "side",  # :side:meeting
    "plan",  # :answer, while a meeting is being planned
    "reach",  # :way:about:id, how a page is reached afterwards
    "sense",  # :answer:id, in a sense-making session
    "change",  # :answer:change, whether it does the teller justice, and a remark about it
]
ACTIONS: tuple[Action, ...] = get_args(Action)

_WEIGHTY: Mapping[str, tuple[str, ...]] = {
    "erase": ("yes",),
    "tidy": ("yes",),
    "gone": (),
    "taken": (),
    "c": (),
    "sure": (),
    "headline": ("keep", "quote", "alone"),
    "change": ("keep", "beside", "forget"),
}
"""Actions that erase something or change a consent, with the answers that do so, if not all do."""
_PLAINLY: Mapping[tuple[str, str], str] = {
    ("headline", "keep"): "yes",
    ("change", "done"): "no",
    ("change", "forget"): "no",
}
"""The answers that a bare yes or no means. Where two of them say yes, a bare one means neither."""
_LEADS_BACK = {"on": "", "stay": "", "erase": "no", "tidy": "no"}
"""Actions after which the question that was open is asked again, and nothing else happens."""
_SWITCHES = ("c", "sure")


def button_id(action: Action, *rest: str) -> str:
    """The id of an account button."""
    return ":".join((_PREFIX + action, *rest))


def parse(button: str) -> tuple[Action, list[str]] | None:
    """The action of a button and what it is about; None when it is no account button."""
    if not button.startswith(_PREFIX):
        return None
    action, *rest = button.removeprefix(_PREFIX).split(":")
    return (action, rest) if action in ACTIONS else None


def is_account_button(button: str) -> bool:
    """Whether a button is none of a guide, also one that no longer exists."""
    return button.startswith(_PREFIX)


def is_weighty(button: str) -> bool:
    """Whether a button erases something or changes a consent."""
    action, rest = parse(button) or ("", [])
    return action in _WEIGHTY and (not _WEIGHTY[action] or (rest or [""])[0] in _WEIGHTY[action])


def is_switch(button: str) -> bool:
    """Whether a button belongs to the screen of switches of a kept story."""
    action, _ = parse(button) or ("", [])
    return action in _SWITCHES


def leads_back(button: str) -> bool:
    """Whether a button only goes back to the question that was open."""
    action, rest = parse(button) or ("", [])
    return action in _LEADS_BACK and _LEADS_BACK[action] in ("", *rest[:1])


def meaning(button: str) -> str:
    """`yes`, `no` or `continue` where a button says that, so that typed words can mean it; else its
    id."""
    action, rest = parse(button) or ("", [])
    if rest and rest[0] in ("yes", "no"):
        return rest[0]
    if rest and (plainly := _PLAINLY.get((action, rest[0]))):
        return plainly
    return {"gone": "yes", "taken": "yes", "stay": "no", "on": "continue"}.get(action, button)


def weighed(say: Say) -> Say:
    """A message that says of itself which of its account buttons are weighty."""
    found = tuple(each.id for each in say.buttons if is_weighty(each.id))
    return say.but(weighty=found) if found and not say.weighty else say


def yes_or_no(action: Action, labels: tuple[str, str], *rest: str) -> tuple[Button, Button]:
    """Two buttons that answer a question."""
    yes, no = labels
    return Button(button_id(action, "yes", *rest), yes), Button(button_id(action, "no", *rest), no)
