"""Telegram as the configuration has it: asked for updates, by one of several processes, or posted
to."""

from __future__ import annotations

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.files import FileLimits
from bot.channels.telegram.profile import labels
from bot.channels.telegram.webhook import Webhook
from bot.inbox.runner import Runner
from bot.operations.poll_leader import PollLeader
from bot.services import Services
from storage.engine.database import Database


def telegram_bot(services: Services, runner: Runner) -> Telegram | None:
    """The bot of the token. None without one."""
    settings = services.settings
    token = settings.telegram.token.get_secret_value()
    if not token:
        return None
    known = labels(services.shelf.library)
    speech, pictures = settings.speech, settings.pictures
    rules = FileLimits(speech.recordings, pictures.allowed, speech.max_minutes * 60)
    return Telegram(token, settings.telegram.base_url, runner.offset, known, rules=rules)


def telegram_channel(
    bot: Telegram, services: Services, database: Database
) -> Telegram | Webhook | PollLeader:
    """How its updates come in."""
    config = services.settings.telegram
    if config.mode == "polling":
        return bot if database.sqlite else PollLeader(bot, database)
    secret = config.webhook_secret.get_secret_value()
    return Webhook(bot, services.settings.public_url, secret)
