"""How someone who has only a page is reached later: by mail, in Telegram, by a date, or not.

A page cannot ring. So after something is promised in the web chat (`TurnContext.promise`), its
teller is asked, and what was promised moves to the way that was chosen.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.account_buttons import button_id, parse
from bot.delivery.enqueue import enqueue
from bot.meetings import telegram_link
from bot.meetings.invitations import invite
from bot.meetings.model.rows import from_row
from bot.meetings.model.series import occurrences
from bot.meetings.prompts.letters import compose, words
from bot.meetings.prompts.planning import HORIZON, drop_member, rules_of
from bot.meetings.prompts.schedule import allowed, due
from bot.meetings.telegram_link import is_theirs
from bot.turns import account_question, conversation
from bot.turns.context import TurnContext
from bot.validation.mail_addresses import NoAddress, parse_address
from conversations.engine.effects import Button, Say
from conversations.guide.library import DUTCH
from storage.bells import bells
from storage.meetings import meetings, prompts
from storage.meetings.links import Link
from storage.meetings.meetings import StoredMeeting
from storage.meetings.prompts import StoredPrompt
from storage.people import people
from storage.people.people import Person
from storage.stories import stories
from storage.stories.stories import NoStory, ReturnAddress
from storage.weeks import week_of

MOST_ADDRESSES = 3
"""Addresses that one page may give: it is no machine to send mail with."""


def ask(context: TurnContext) -> None:
    """Ask how to be reached for what was promised in this turn, if there is anything to choose."""
    if context.promised is None:
        return
    about, its_id = context.promised
    if bells.can_ring(context.connection, context.person.id):
        _say_above(context, "reach_rings")
        return
    ways = ["bell"] if _can_ring(context) else []
    ways += ["mail"] if context.services.settings.mail.host else []
    ways += ["telegram"] if _by_telegram(context, about) else []
    ways += ["calendar"] if _moment(context, about, its_id) else []
    if ways:
        _ask(context, "reach_ask", (*ways, "self"), about, its_id)
    else:
        _say_above(context, _comes_back(about))


def handle_tap(context: TurnContext, way: str, about: str, its_id: str) -> None:
    """A way was chosen; for mail, the address is asked next."""
    moment = _moment(context, about, its_id)
    if not is_theirs(context.connection, context.person, about, its_id):
        context.phrase("old_button")
    elif way == "telegram" and _by_telegram(context, about):
        context.phrase("reach_telegram", (), link=telegram_link.make(context, about, its_id))
        _close(context, about)
    elif way == "bell" and _can_ring(context):
        context.phrase("reach_bell", (), link=f"{context.services.settings.public_url}/bereik")
        _close(context, about)
    elif way == "mail" and context.services.settings.mail.host:
        _ask(context, "reach_mail", ("self",), about, its_id)
    elif way == "calendar" and moment is not None:
        row, at = moment
        link = f"{context.services.settings.public_url}/agenda/{row.code}/{at:%Y%m%dT%H%MZ}.ics"
        link += f"?taal={context.person.language}" if context.person.language != DUTCH else ""
        context.phrase("reach_calendar", (), link=link)
    elif way == "self":
        context.phrase(_comes_back(about))
        _close(context, about)
    else:
        context.phrase("old_button")


def handle_text(context: TurnContext, asked: Say, text: str) -> bool:
    """The address, where the account question that stands asks for one. False when it does not, or
    this is something else: words of a story go where they belong."""
    ways = [
        rest
        for action, rest in filter(None, (parse(each.id) for each in asked.buttons))
        if action == "reach"
    ]
    telling = context.state is not None and context.state.open
    if [way for way, *_ in ways] != ["self"] or (telling and "@" not in text):
        return False
    _, about, its_id = ways[0]
    try:
        address = parse_address(text)
    except NoAddress:
        _ask(context, "reach_mail_again", ("self",), about, its_id)
        return True
    theirs = is_theirs(context.connection, context.person, about, its_id)
    if not (theirs and _by_mail(context, about, its_id, address)):
        _ask(context, "reach_mail_refused", ("self",), about, its_id)
        return True
    account_question.drop(context)
    context.phrase("reach_mail_ok")
    _close(context, about)
    conversation.ask_open_question(context)
    return True


def remind_of_draft(context: TurnContext) -> None:
    """A letter or a message about a story that waits, to who asked for it. It holds no word of the
    story, and leads to it only on the device where it was begun."""
    connection, services, memory = context.connection, context.services, context.person.memory
    person = people.by_id(connection, memory.draft_mail)
    if person is None or person.blocked or person.memory.prompts == "off":
        return
    slots = {"url": services.settings.public_url}
    letter = compose(
        connection,
        services,
        person,
        words(services, context.person, "mail_draft", slots),
        (),
        subject=words(services, context.person, "mail_draft_subject", slots),
        about=Link(person.id),
        now=context.now,
    )
    rules = rules_of(services.settings.prompts)
    enqueue(connection, person.id, letter, "prompt", allowed(context.now, rules))
    context.remember(draft_mail="")


def _ask(context: TurnContext, key: str, ways: tuple[str, ...], about: str, its_id: str) -> None:
    buttons = [
        Button(button_id("reach", way, about, its_id), context.words(f"reach_ask.{way}"))
        for way in ways
    ]
    conversation.ask(context, key, buttons)


def _close(context: TurnContext, about: str) -> None:
    """How to be reached for news of a story was the last question: what is left is the code."""
    if about == "story":
        conversation.close_page(context)


def _comes_back(about: str) -> str:
    """What is said to who comes back by themselves."""
    return f"reach_self_{about}" if about in ("story", "draft") else "reach_self"


def _say_above(context: TurnContext, key: str) -> None:
    """There is nothing to choose: it is said, and the open question stays."""
    with conversation.above_question(context):
        context.phrase(key)
    context.promised = None
    conversation.ask_open_question(context)


def _can_ring(context: TurnContext) -> bool:
    """Whether this Vertelbot has something that rings, besides mail."""
    settings = context.services.settings
    whatsapp = settings.whatsapp.token.get_secret_value()
    return bool(settings.push.subject or settings.sms.url or whatsapp)


def _by_mail(context: TurnContext, about: str, its_id: str, address: str) -> bool:
    """Move what was promised to this address. False when no mail may go there. Whose address it is
    nobody knows yet: this page is tied to that person only by a link of a letter."""
    connection = context.connection
    memory, spoken = context.person.memory, context.person.language
    if memory.addresses >= MOST_ADDRESSES:
        return False
    context.remember(addresses=memory.addresses + 1)
    is_new = not people.at(connection, "mail", [address])
    person = people.find_or_make(connection, "mail", address, spoken, week_of(context.now))
    if is_new:
        context.remember(given=(*memory.given, person.id))
    if person.blocked or person.memory.prompts == "off":
        return False
    if about == "draft":
        context.remember(draft_mail=person.id)
    elif about == "story":
        back = ReturnAddress(person.id, "mail", address, spoken)
        try:
            stories.readdress(connection, its_id, back)
        except NoStory:
            return False
    else:
        prompt = prompts.by_id(connection, its_id) if about == "prompt" else None
        row = meetings.by_id(connection, prompt.meeting_id if prompt else its_id)
        if row is None or not _takes_over(context, row, person, prompt):
            return False
    return True


def _takes_over(
    context: TurnContext, row: StoredMeeting, person: Person, prompt: StoredPrompt | None
) -> bool:
    """The person of the address takes part instead of the page, on the same side; a letter says so
    at once, so that a wrong address is noticed and a stranger can refuse."""
    connection, services, mine = context.connection, context.services, context.person.id
    member = meetings.member(connection, row.id, mine)
    if member is None:
        return False
    if prompt is not None:
        about = row.id, prompt.day, prompt.kind, prompt.ended_at, prompt.due_at
        prompts.add(connection, [prompts.new_row(services.vault, person.id, *about)])
    invite(
        connection,
        services,
        from_row(row),
        [person.address],
        context.now,
        side=member.side,
        language=person.language,
        asked=True,
    )
    meetings.leave(connection, row.id, mine)
    drop_member(connection, row.id, mine, context.now)
    return True


def _by_telegram(context: TurnContext, about: str) -> bool:
    """Whether Telegram can be the way: for a story that waits on this page only where a message
    can lead back to it."""
    leads_back = conversation.is_reachable(context.services.settings.public_url)
    return bool(context.services.telegram()) and (about != "draft" or leads_back)


def _moment(context: TurnContext, about: str, its_id: str) -> tuple[StoredMeeting, datetime] | None:
    """When the question comes, in UTC, and after which meeting."""
    connection = context.connection
    if about == "prompt":
        prompt = prompts.by_id(connection, its_id)
        row = meetings.by_id(connection, prompt.meeting_id) if prompt else None
        return (row, prompt.due_at.astimezone(UTC)) if prompt and row else None
    row = meetings.by_id(connection, its_id) if about == "meeting" else None
    if row is None:
        return None
    meeting, rules = from_row(row), rules_of(context.services.settings.prompts)
    coming = occurrences(meeting, context.now, context.now + HORIZON)
    for one in coming:
        if one.state != "cancelled" and one.end > context.now:
            return row, due(one.end, meeting.delay, rules).astimezone(UTC)
    return None
