"""A subscription to web push, as a browser gives it: where to ring, and the keys of the device."""

from __future__ import annotations

import base64
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import DecodeError, Struct, ValidationError, json
from yarl import URL

from bot.validation.public_addresses import is_ip, is_public

MOST = 2000
"""Characters of an endpoint at most."""
_P256DH, _AUTH = re.compile(r"[A-Za-z0-9_-]{87}=?"), re.compile(r"[A-Za-z0-9_-]{22}(==)?")


class NoSubscription(ValueError):
    """This is no subscription that we can ring."""


class Subscription(Struct, frozen=True):
    """The endpoint is an address of a person, and is sealed like one."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def origin(self) -> str:
        """Whose push service it is; for whom our signature is."""
        return str(URL(self.endpoint).origin())

    @property
    def address(self) -> str:
        """All of it in one line."""
        return json.encode(self).decode()

    @classmethod
    def from_address(cls, address: str) -> Subscription:
        """Raises NoSubscription."""
        try:
            return json.decode(address, type=cls)
        except (DecodeError, ValidationError):
            raise NoSubscription("unreadable") from None

    def keys(self) -> dict[str, Any]:
        """As `pywebpush` wants it."""
        return {
            "endpoint": self.endpoint,
            "keys": {"p256dh": self.p256dh, "auth": self.auth},
        }


class _Sent(Struct):
    class Keys(Struct):
        p256dh: str
        auth: str

    endpoint: str
    keys: Keys


def read_subscription(body: bytes, *, private: bool) -> Subscription:
    """What a page sends (`PushSubscription.toJSON`). `private`: an endpoint inside the own network
    is allowed, and so is http. Raises NoSubscription."""
    try:
        sent = json.decode(body, type=_Sent)
    except (DecodeError, ValidationError):
        raise NoSubscription("no subscription") from None
    made = Subscription(sent.endpoint, sent.keys.p256dh.rstrip("="), sent.keys.auth.rstrip("="))
    if not (_P256DH.fullmatch(made.p256dh) and _AUTH.fullmatch(made.auth)):
        raise NoSubscription("no keys")
    _check_point(made.p256dh)
    check_endpoint(made.endpoint, private=private)
    return made


def check_endpoint(endpoint: str, *, private: bool) -> None:
    """Raises NoSubscription for what is no address in the open internet over https; a name is
    looked at again when it is looked up."""
    try:
        url = URL(endpoint)
    except ValueError:
        raise NoSubscription("no address") from None
    if len(endpoint) > MOST or url.user or not url.host:
        raise NoSubscription("no address")
    if url.scheme != "https" and not (private and url.scheme == "http"):
        raise NoSubscription("not over https")
    if not private and ((is_ip(url.host) and not is_public(url.host)) or url.host == "localhost"):
        raise NoSubscription("a private address")


def _check_point(p256dh: str) -> None:
    try:
        raw = base64.urlsafe_b64decode(p256dh + "=")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise NoSubscription("no point on the curve") from None
