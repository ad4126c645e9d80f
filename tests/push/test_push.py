"""What goes to a push service: sealed, signed, of one size; and what each of its answers means."""

from __future__ import annotations

import json
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.base import (
    Bell,
    Letter,
    Outgoing,
    Refused,
    SendError,
    TryLater,
    Uncertain,
    Unreachable,
)
from bot.channels.push.channel import WebPush
from bot.channels.push.sealed_push import SIZE, VapidKey
from bot.channels.push.subscription import NoSubscription, read_subscription
from conversations.guide.loading import load_guides
from tests.end_to_end.kit import MovableClock
from tests.push.conftest import KEY
from tests.push.service import Device, PushService

LANGUAGES = ("nl", "en", "tr", "ar")


def bell(language: str = "nl") -> Bell:
    said = load_guides().phrases(language).get("bell_question")
    return Bell("Vertelbot", said, "https://vertel.example.nl/", language)


def outgoing(device: Device, effect: Bell | Letter) -> Outgoing:
    return Outgoing(1, device.address, effect, "nl")


async def test_a_push_says_only_that_a_question_waits_in_one_size(
    service: PushService, push: WebPush
) -> None:
    device = service.device()
    for language in LANGUAGES:
        await push.send(outgoing(device, bell(language)))
    assert [each["text"] for each in device.opened()] == [bell(each).text for each in LANGUAGES]
    assert all(each.keys() == {"title", "text", "language"} for each in device.opened())
    assert {len(body) for body in device.bodies} == {SIZE + 103}
    assert {len(device.plain(body)) for body in device.bodies} == {SIZE}
    for headers in device.headers:
        assert (headers["ttl"], headers["urgency"]) == ("172800", "normal")
        assert headers["topic"] == "vertelbot"
        assert "cookie" not in headers
    assert service.refused == []


@pytest.mark.parametrize(
    ("status", "headers", "meant"),
    [
        (200, {}, None),
        (202, {}, None),
        (301, {"Location": "http://127.0.0.1:9/"}, Refused),
        (400, {}, Refused),
        (401, {}, Refused),
        (403, {}, Refused),
        (404, {}, Unreachable),
        (410, {}, Unreachable),
        (413, {}, Refused),
        (429, {"Retry-After": "30"}, TryLater),
        (500, {}, Uncertain),
        (502, {}, Uncertain),
        (503, {}, TryLater),
    ],
)
async def test_what_an_answer_means(
    service: PushService,
    push: WebPush,
    status: int,
    headers: dict[str, str],
    meant: type[SendError] | None,
) -> None:
    device = service.device()
    service.answers.append((status, headers))
    if meant is None:
        assert await push.send(outgoing(device, bell())) == ""
        return
    with pytest.raises(meant) as refused:
        await push.send(outgoing(device, bell()))
    assert type(refused.value) is meant
    assert "endpoint" not in str(refused.value)
    assert "127.0.0.1" not in str(refused.value)
    if isinstance(refused.value, TryLater):
        assert refused.value.after == (30.0 if status == 429 else None)
        assert refused.value.tries


async def test_a_service_that_is_away_was_given_nothing(push: WebPush) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        device = Device(f"http://127.0.0.1:{free.getsockname()[1]}/push/x")
    with pytest.raises(TryLater):
        await push.send(outgoing(device, bell()))


async def test_only_bells_go_by_push(service: PushService, push: WebPush) -> None:
    with pytest.raises(Refused):
        await push.send(outgoing(service.device(), Letter("Hoe was het?", "Hoe was het?")))


async def test_the_same_key_file_is_the_same_key() -> None:
    seed = bytes(range(32))
    assert VapidKey(seed, "mailto:a@example.nl").public == KEY.public
    assert VapidKey(bytes(32), "mailto:a@example.nl").public != KEY.public


PRIVATE = (
    "http://push.example.org/x",
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://10.0.0.1/x",
    "https://169.254.169.254/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://user:word@push.example.org/x",
    "ftp://push.example.org/x",
    "nonsense",
    "",
    "https://push.example.org/" + "x" * 2000,
)


@pytest.mark.parametrize("endpoint", PRIVATE)
def test_an_endpoint_that_is_not_in_the_open_internet_is_no_subscription(endpoint: str) -> None:
    sent = Device(endpoint).subscription()
    with pytest.raises(NoSubscription):
        read_subscription(json.dumps(sent).encode(), private=False)


@pytest.mark.parametrize("name", ["p256dh", "auth"])
def test_keys_that_are_none_are_no_subscription(name: str) -> None:
    sent = Device("https://push.example.org/x").subscription()
    assert read_subscription(json.dumps(sent).encode(), private=False).endpoint
    sent["keys"][name] = "A" * len(sent["keys"][name])
    if name == "auth":
        sent["keys"][name] = "AAAA"
    with pytest.raises(NoSubscription):
        read_subscription(json.dumps(sent).encode(), private=False)


class Inside(AbstractResolver):
    """Every name leads into the own network."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None: ...


async def test_a_name_that_leads_inside_is_not_called() -> None:
    channel = WebPush(KEY, MovableClock(), resolver=Inside())
    try:
        with pytest.raises(Unreachable, match="private"):
            await channel.send(outgoing(Device("https://push.example.org/x"), bell()))
    finally:
        await channel.close()
