"""Puts the channel together from the configuration."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.base import AccountName
from bot.channels.whatsapp.cloud_api import Reports, WhatsApp
from bot.channels.whatsapp.cloud_webhook import CloudWebhook, FileFetches
from bot.channels.whatsapp.graph_client import GraphClient
from bot.channels.whatsapp.graph_errors import Cause
from bot.channels.whatsapp.ledger import Ledger
from bot.channels.whatsapp.message_shapes import ShapeWords
from bot.clock import Clock
from bot.settings import Settings
from conversations.distress.detect import worrying
from conversations.engine.intent import plain
from conversations.guide.library import Library
from storage.engine.database import Database


def make(
    settings: Settings,
    database: Database,
    clock: Clock,
    library: Library,
    reports: Reports,
    told: Callable[[Cause | None], None],
    hidden: Callable[[str], str],
) -> CloudWebhook | None:
    """None without a token. `hidden` is what is kept of an id of a message."""
    config = settings.whatsapp
    token = config.token.get_secret_value()
    if not token:
        return None
    number, account = config.phone_number_id, config.business_account_id
    client = GraphClient(config.base_url, token, number, account)
    ledger = Ledger(database, clock, config.new_people_a_day, hidden)
    rings = config.mode == "doorbell"
    channel = WhatsApp(
        client,
        ledger,
        lambda language: shape_words(library, language),
        (config.question_template, config.bell_template),
        config.languages,
        settings.public_url,
        clock.now,
        told,
    )
    speech = settings.speech
    files = FileFetches(channel, voice=speech.recordings, photo=settings.pictures.allowed)
    secrets = config.app_secret.get_secret_value(), config.verify_token.get_secret_value()
    never = never_words(library, only_rings=rings)
    bell = bell_words(library, never) if rings else None
    return CloudWebhook(channel, (number, account), secrets, reports, never, files, bell)


def shape_words(library: Library, language: str) -> ShapeWords:
    """The few words of a language that messages need."""
    get = library.phrases(language).get
    return ShapeWords(
        list=get("whatsapp_list"),
        footer=get("whatsapp_footer"),
        more=get("whatsapp_more"),
        first=get("whatsapp_first"),
        numbers=get("whatsapp_numbers"),
        help=get("button.help"),
        stop=get("button.stop"),
    )


def never_words(library: Library, *, only_rings: bool) -> Callable[[str], bool]:
    """Whether a whole message asks for no messages any more, in any language; where nothing is
    told, stopping means that too."""
    keys = ("words.never", "words.stop") if only_rings else ("words.never",)
    known = _words(library, *keys)
    return lambda text: plain(text) in known


def bell_words(library: Library, never: Callable[[str], bool]) -> Callable[[str], AccountName]:
    """What words to a number that only rings are about: none but asking for no messages, or for
    help, in any language. Heavy words ask for help too."""
    asks = _words(library, "words.help")

    def about(text: str) -> AccountName:
        if never(text):
            return "never"
        heavy = any(worrying(text, language) for language in library.spoken)
        return "bell_help" if heavy or plain(text) in asks else "bell"

    return about


def _words(library: Library, *keys: str) -> frozenset[str]:
    return frozenset(
        plain(word)
        for language in library.spoken
        for key in keys
        for word in library.phrases(language).get(key).split("|")
    )
