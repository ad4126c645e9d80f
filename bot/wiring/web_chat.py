"""The web chat, with what its pages read from the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot.channels.base import Account, Arrival, Outgoing, ReceivedFile
from bot.channels.web.channel import WebChat
from bot.channels.web.cookies import Cookies
from bot.channels.web.pages import Choices
from bot.clock import Clock
from bot.delivery.history import history
from bot.inbox.first_answer import opening
from bot.media.attachments import for_owner
from bot.media.speech_to_text import why_not
from bot.meetings.link_choices import choices_of
from bot.privacy_notice import sections
from bot.sensemaking.changes.change_links import change_choices
from bot.sensemaking.sessions.session_chat import session_choices
from bot.services import Services
from storage.engine.database import Database
from storage.people import people


def web_chat(
    database: Database,
    services: Services,
    clock: Clock,
    announce: Callable[[str, str], Awaitable[None]] | None,
) -> WebChat:
    """The web chat. `announce` tells other processes, if there are any, what happened to a page."""

    async def log(address: str, after: int) -> Sequence[Outgoing]:
        """What the page of an address shows, after one of its messages."""
        return await database.read(partial(history, at=(WebChat.name, address), after=after))

    async def first_page(address: str, language: str) -> Sequence[Outgoing] | None:
        """What a browser that was never here sees first."""
        came = Arrival(WebChat.name, "", address, Account("start"), language)
        now = clock.now()
        return await database.read(lambda s: opening(s, services, came, now))

    async def choices(payload: str, language: str) -> Choices:
        """What the page of a link asks."""
        now = clock.now()
        return await database.read(
            lambda s: (
                session_choices(s, services, payload, language)
                or change_choices(s, services, payload, now)
                or choices_of(s, services, payload, language, now)
            )
        )

    async def own_file(address: str, blob_id: str) -> ReceivedFile | None:
        content = await database.read(partial(for_owner, address=address, blob_id=blob_id))
        return ReceivedFile(content.data, content.media_type) if content else None

    async def is_known(address: str) -> bool:
        find = partial(people.find, channel=WebChat.name, address=address)
        return await database.read(find) is not None

    settings, library = services.settings, services.shelf.library
    https = settings.public_url.startswith("https:")
    speech = settings.speech
    return WebChat(
        log=log,
        opening=first_page,
        choices=choices,
        own_file=own_file,
        labels=lambda language: library.phrases(language).sentences,
        languages=[(each, library.name(each)) for each in library.spoken],
        public_url=settings.public_url,
        cookies=Cookies(services.vault.cookie_signature, is_known, https=https),
        privacy=partial(sections, settings, library),
        announce=announce,
        voice_minutes=speech.max_minutes if speech.recordings else 0,
        voice_heard=not why_not(speech),
        photos=settings.pictures.allowed,
        draft_days=settings.retention.draft_days,
        trusted_proxies=settings.web.trusted_proxies,
        dwell=lambda: services.shelf.dwell,
    )
