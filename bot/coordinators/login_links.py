"""Login links of coordinators, and the messages that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.channels.base import Letter
from bot.coordinators.after_login import HOME, with_page
from bot.coordinators.phrases import words
from bot.delivery.enqueue import enqueue
from conversations.engine.effects import Say
from storage.coordinators import coordinators, logins, teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.weeks import week_of

CHANNELS = ("mail", "telegram")


def send_link(
    connection: Transaction,
    who: Coordinator,
    url: str,
    now: datetime,
    page: str = HOME,
    as_whom: str = "",
) -> None:
    """Put a login link for someone into the outbox, by their channel. It leads on to a page;
    `as_whom` tells it from others that go to the same address."""
    if not reached(who):
        return
    token = logins.make_link(connection, who.id, now)
    link = with_page(f"{url}/coordinator/login/{token}", connection.vault, page)
    keys = (
        ("login.subject.as", "login.message.as") if as_whom else ("login.subject", "login.message")
    )
    send(connection, who, *keys, now, link=link, as_whom=as_whom)


def send_links(
    connection: Transaction,
    known: Sequence[Coordinator],
    url: str,
    now: datetime,
    page: str = HOME,
) -> None:
    """A link for each of those with one address: somebody may be there for several teams."""
    every = {team.id: team for team in teams.all_teams(connection)} if len(known) > 1 else {}
    for who in known:
        called = words(who.language)(f"role.{who.role}") if every else ""
        if who.team in every:
            called = f"{called}, {teams.full_name(every[who.team])}"
        send_link(connection, who, url, now, page, called)


def first_link(connection: Transaction, url: str, now: datetime) -> str:
    """A link for the first coordinator, who is made when there is none."""
    known = coordinators.listed(connection)
    chief = next((each for each in known if each.role == "association"), None)
    if chief is None:
        chief = coordinators.add(connection, "association", "", since=week_of(now))
    return f"{url}/coordinator/login/{logins.make_link(connection, chief.id, now)}"


def reached(who: Coordinator) -> bool:
    """Whether a message can be sent to someone."""
    return who.channel in CHANNELS and bool(who.address)


def send(
    connection: Transaction,
    who: Coordinator,
    subject: str,
    text: str,
    now: datetime,
    **slots: str,
) -> None:
    """Put a message (the keys of its sentences) for someone into the outbox, by their channel."""
    said = words(who.language)
    told = said(text, **slots)
    effect = Letter(said(subject, **slots), told) if who.channel == "mail" else Say(told)
    to = (who.channel, who.address, who.language)
    enqueue(connection, to, effect, "reply", now)
