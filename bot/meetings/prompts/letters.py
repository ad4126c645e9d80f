"""Messages outside a conversation: in the chat, or as a letter with links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.base import OPENING_QUESTIONS, Letter
from bot.services import Services, form_of
from bot.slots import facts
from bot.validation.signed_ids import sign_id
from conversations.engine.effects import Button, Say
from conversations.guide.model import fill_slots
from storage.engine.transaction import Transaction
from storage.meetings import links
from storage.meetings.links import Link
from storage.people.people import Person

if TYPE_CHECKING:
    from jinja2 import Template

LINK_DAYS = 90
NO_LETTERS = "no letters"
"""What the id is signed for in the link that ends all letters."""
"""How long a link in a letter leads somewhere."""
TOKEN_LENGTH = 43
"""Characters of a token; behind it a link may name what to do."""

Action = tuple[str, str]
"""The id of a button (`d:…`), and its label."""


def words(services: Services, person: Person, key: str, slots: Mapping[str, str]) -> str:
    """A fixed sentence, in the language and form of address of a person."""
    phrases = services.shelf.library.phrases(person.language)
    known = facts(services.settings, phrases, {})
    return fill_slots(phrases.get(key, form_of(person)), {**known, **slots})


def compose(
    connection: Transaction,
    services: Services,
    person: Person,
    text: str,
    actions: Sequence[Action],
    *,
    subject: str,
    about: Link,
    now: datetime,
    pages: Sequence[Action] = (),
    opens: str = "",
) -> Say | Letter:
    """The same words for every channel. In a letter each action becomes a link into the web chat,
    which does what the button does; `about` is what they are about, unless a button names another
    prompt. `pages` are links of a letter that are made already: a label, and a payload. A letter
    leaves room for the questions that open the meeting `opens`."""
    if person.channel != "mail":
        return Say(text, tuple(Button(action, label) for action, label in actions))
    return letter(
        connection, services, person, text, actions, subject=subject, about=about, now=now,
        pages=pages, opens=opens,
    )  # fmt: skip


def letter(
    connection: Transaction,
    services: Services,
    person: Person,
    text: str,
    actions: Sequence[Action],
    *,
    subject: str,
    about: Link,
    now: datetime,
    pages: Sequence[Action] = (),
    opens: str = "",
) -> Letter:
    """Words as a letter, wherever the person talks: each action is a link into the web chat."""
    expires = now + timedelta(days=LINK_DAYS)
    token = links.make(connection, about, expires)
    url = services.settings.public_url
    shown = [(label, f"{url}/v/{payload}") for label, payload in pages]
    for action, label in actions:
        _, _, what, target = action.split(":")
        mine = token
        if target not in (about.prompt_id, about.meeting_id):
            other = Link(about.person_id, None, target)
            mine = links.make(connection, other, expires)
        shown.append((label, f"{url}/v/{mine}" if what == "now" else f"{url}/v/{mine}-{what}"))
    texts = {key: words(services, person, f"mail_{key}", {}) for key in ("why", "stop")}
    texts["how"] = words(services, person, "mail_how", {}) if shown else ""
    unsubscribe = f"{url}/u/{sign_id(connection.vault, NO_LETTERS, about.person_id)}"
    room = OPENING_QUESTIONS if opens else ""
    lines = [text + room, *(f"{label}:\n{address}" for label, address in shown), texts["how"]]
    lines += ["--", texts["why"], f"{texts['stop']}: {unsubscribe}"]
    html = _template().render(
        language=person.language,
        subject=subject,
        text=text,
        room=room,
        actions=shown,
        unsubscribe=unsubscribe,
        **texts,
    )
    plain = "\n\n".join(line for line in lines if line) + "\n"
    return Letter(subject, plain, html, unsubscribe=unsubscribe, opens=opens)


def split_payload(payload: str) -> tuple[str, str]:
    """The token in the payload of a link, and what to do (empty: now)."""
    return payload[:TOKEN_LENGTH], payload[TOKEN_LENGTH:].removeprefix("-")


@cache
def _template() -> Template:
    """That of a letter. What reads it is imported with the first one: who plans a meeting at a
    command line mostly writes none."""
    from bot.templating import templates_in

    return templates_in(Path(__file__).parents[1] / "templates").get_template("letter.html")
