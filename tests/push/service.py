"""A push service on the loopback that takes nothing which a real one would refuse, and a device
that opens what was sealed for it (RFC 8030, 8188, 8291, 8292)."""

from __future__ import annotations

import base64
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import http_ece
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.clock import Clock

MOST = 4096
"""Bytes of a message that a push service takes at least, and here at most."""
A_DAY = 24 * 3600.0


def to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """A browser that subscribed: its keys, and what came."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON` gives it."""
        raw = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": to_text(raw), "auth": to_text(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    @property
    def address(self) -> str:
        """As it lies, sealed, with us."""
        shown = self.subscription()
        return json.dumps({"endpoint": self.endpoint, **shown["keys"]}, separators=(",", ":"))

    def opened(self) -> list[dict[str, str]]:
        """What the pages of this device are told."""
        return [json.loads(self.plain(body)) for body in self.bodies]

    def plain(self, body: bytes) -> bytes:
        found: bytes = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return found


class PushService:
    """Takes messages for devices. `answers` are statuses (or headers with one) to give next,
    without taking the message."""

    def __init__(self, clock: Clock) -> None:
        self.devices: dict[str, Device] = {}
        self.answers: deque[tuple[int, Mapping[str, str]]] = deque()
        self.refused: list[str] = []
        self.url = ""
        self.key: str | None = None
        self._clock = clock

    def device(self) -> Device:
        name = secrets.token_urlsafe(12)
        self.devices[name] = Device(f"{self.url}/push/{name}")
        return self.devices[name]

    def gone(self, device: Device) -> None:
        self.devices = {name: each for name, each in self.devices.items() if each is not device}

    async def take(self, request: web.Request) -> web.Response:
        if self.answers:
            status, headers = self.answers.popleft()
            return web.Response(status=status, headers=dict(headers), text="endpoint and all")
        device = self.devices.get(request.match_info["name"])
        if device is None:
            return web.Response(status=410)
        body = await request.read()
        wrong = self._wrong(request, body)
        if wrong:
            self.refused.append(wrong)
            return web.Response(status=413 if wrong == "size" else 400, text=wrong)
        device.bodies.append(body)
        device.headers.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=201, headers={"Location": f"{self.url}/m/1"})

    def _wrong(self, request: web.Request, body: bytes) -> str:
        headers = request.headers
        if not headers.get("TTL", "").isdecimal():
            return "ttl"
        if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
            return "urgency"
        topic = headers.get("Topic", "")
        if len(topic) > 32 or not topic.replace("-", "").replace("_", "").isalnum():
            return "topic"
        if headers.get("Content-Encoding") != "aes128gcm":
            return "encoding"
        if len(body) > MOST:
            return "size"
        return self._unsigned(headers.get("Authorization", ""), self._clock.now())

    def _unsigned(self, authorization: str, now: datetime) -> str:
        """Why the signature is not good; empty: it is (RFC 8292)."""
        scheme, _, rest = authorization.partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "vapid" or given.keys() != {"t", "k"}:
            return "scheme"
        head, claims, signature = given["t"].split(".")
        if json.loads(to_bytes(head))["alg"] != "ES256" or given["k"] != self.key:
            return "key"
        raw = to_bytes(signature)
        number = [int.from_bytes(each, "big") for each in (raw[:32], raw[32:])]
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to_bytes(given["k"]))
        try:
            public.verify(
                encode_dss_signature(*number),
                f"{head}.{claims}".encode(),
                ec.ECDSA(hashes.SHA256()),
            )
        except InvalidSignature:
            return "signature"
        said = json.loads(to_bytes(claims))
        if said["aud"] != self.url or not 0 < said["exp"] - now.timestamp() <= A_DAY:
            return "claims"
        return "" if said["sub"].startswith(("mailto:", "https:")) else "subject"


@asynccontextmanager
async def push_service(clock: Clock) -> AsyncIterator[PushService]:
    service = PushService(clock)
    app = web.Application()
    app.router.add_post("/push/{name}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.url = f"http://{host}:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()
