"""The channels that only ring, as far as they are configured."""

from __future__ import annotations

from bot.channels.base import Channel
from bot.channels.push.channel import WebPush
from bot.channels.push.sealed_push import VapidKey
from bot.channels.sms import Sms
from bot.clock import Clock
from bot.services import Services


def ringing_channels(services: Services, clock: Clock) -> dict[str, Channel]:
    """By name: web push and SMS. Mail, which is more than a bell, is made elsewhere."""
    settings, found = services.settings, dict[str, Channel]()
    if settings.push.subject:
        key = VapidKey(services.vault.push_seed(), settings.push.subject)
        found[WebPush.name] = WebPush(key, clock, private=settings.push.private)
    if settings.sms.url:
        found[Sms.name] = Sms(settings.sms)
    return found


def public_key(channels: dict[str, Channel]) -> str:
    """The key that pages subscribe with; empty without web push."""
    push = channels.get(WebPush.name)
    return push.key.public if isinstance(push, WebPush) else ""
