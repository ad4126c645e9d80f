"""What goes to a push service: one size, sealed for the device, signed by us. Pure but for chance.

`pywebpush` encrypts and `py_vapid` signs; both are imported with the first push, for they bring
along a client for HTTP that is not used here.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import json

from bot.channels.base import Bell
from bot.channels.push.subscription import Subscription

SIZE = 512
"""Bytes of every message before it is sealed, so that its length says nothing."""
SIGNED_FOR = timedelta(hours=12)
"""How long a signature is good; push services take at most 24 hours."""
KEPT_FOR = timedelta(days=2)
"""How long a push service keeps a message for a device that is off."""
TOPIC = "vertelbot"
"""Of several messages that wait for a device only the newest comes. The name says nothing."""

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256: a private key is a number below it, and not 0."""


class VapidKey:
    """The key by which push services know us, made of 32 bytes (RFC 8292)."""

    def __init__(self, seed: bytes, subject: str) -> None:
        number = int.from_bytes(seed, "big") % (_ORDER - 1) + 1
        self._private = ec.derive_private_key(number, ec.SECP256R1())
        self._subject = subject

    @cached_property
    def public(self) -> str:
        """As a page gives it to `PushManager.subscribe`."""
        key = self._private.public_key()
        raw = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def sign(self, origin: str, now: datetime) -> str:
        """The header `Authorization` for one push service."""
        from py_vapid import Vapid02  # see above

        claims = {
            "aud": origin,
            "exp": int((now + SIGNED_FOR).timestamp()),
            "sub": self._subject,
        }
        signed: dict[str, str] = Vapid02(private_key=self._private).sign(claims)
        return signed["Authorization"]


def payload_of(bell: Bell) -> bytes:
    """That a question waits, in the language of the person, padded to one size."""
    said = json.encode({"title": bell.title, "text": bell.text, "language": bell.language})
    if len(said) > SIZE:
        raise ValueError("a bell says too much")
    return said.ljust(SIZE)


def seal(subscription: Subscription, payload: bytes) -> bytes:
    """Encrypted for one device (RFC 8291, aes128gcm)."""
    from pywebpush import WebPusher  # see above

    encoded: Any = WebPusher(subscription.keys()).encode(payload, content_encoding="aes128gcm")
    return bytes(encoded["body"])


def headers_of(authorization: str) -> dict[str, str]:
    """With every push."""
    return {
        "Authorization": authorization,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEPT_FOR.total_seconds())),
        "Urgency": "normal",
        "Topic": TOPIC,
    }
