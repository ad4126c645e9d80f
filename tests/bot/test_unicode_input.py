"""No half character comes in: whatever a channel is given, what it hands over can be stored."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Arrival
from bot.channels.telegram.request import Request
from bot.channels.telegram.updates import arrivals
from bot.channels.telegram.webhook import _update
from bot.channels.terminal import Terminal
from bot.channels.web.frames import BadFrame, Message, read_frame
from bot.codec import arrival_from_json, arrival_to_json
from bot.settings import SettingsError, load
from bot.validation.unicode_input import decode_json, replace_surrogates

HALF = st.characters(categories=["Cs"])
TEXTS = st.lists(st.text(max_size=4) | HALF, min_size=1, max_size=5).map("".join)
"""Any text, most with halves of a character in it."""

Json = dict[str, Any]


def updates(text: str) -> Iterator[Json]:
    """Every kind of update, with the text wherever a text may stand."""
    chat = {"id": 7, "type": "private", "first_name": text}
    sender = {"id": 7, "language_code": text, "first_name": text}
    message = {"message_id": 3, "chat": chat, "from": sender, "date": 1}
    album = {"media_group_id": text, "photo": [{"file_id": text}], "caption": text}
    query = {"id": text, "from": sender, "message": message, "data": f"3:{text}"}
    member = {"chat": chat, "from": sender, "old_chat_member": {"status": "kicked"}}
    yield {"message": {**message, "text": text}}
    yield {"message": {**message, "text": f"/start {text}"}}
    yield {"message": {**message, **album}}
    yield {"edited_message": {**message, "text": text}}
    yield {"callback_query": query}
    yield {"my_chat_member": {**member, "new_chat_member": {"status": "member"}}}
    yield {"channel_post": {**message, "text": text}}


def bodies(value: object) -> Iterator[bytes]:
    """JSON with halves of characters as escapes, and as the bytes that they have in no encoding."""
    yield json.dumps(value).encode()
    yield json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def is_whole(arrival: Arrival) -> bool:
    """Whether an arrival can be kept, and comes back as it was."""
    kept = msgspec.json.encode(arrival_to_json(arrival))
    return arrival_from_json(msgspec.json.decode(kept)) == arrival


@given(TEXTS)
def test_telegram_hands_over_no_half_character(text: str) -> None:
    for update in updates(text):
        for body in bodies({"update_id": 5, **update}):
            posted = _update(body)
            assert posted is not None
            [polled] = Request.parse_json_payload(b'{"result": [%s]}' % body)["result"]
            for each in (posted, polled):
                found = arrivals(each, {})
                assert found or "edited_message" in each
                assert all(map(is_whole, found))


@given(TEXTS)
def test_the_web_chat_hands_over_no_half_character(text: str) -> None:
    for frame in (
        {"t": "say", "text": text},
        {"t": "say", "text": f"/start {text}"},
        {"t": "edit", "text": text, "ref": "b"},
        {"t": "tap", "turn": 1, "button": text[:64]},
        {"t": "tap", "turn": 1, "button": "begin", "label": text},
        {"t": "command", "name": f"language:{text}"},
        {"t": "place", "turn": 1, "shares": [3], text: text},
    ):
        for given_frame in ({"id": "a", **frame}, {"id": text, **frame}):
            for body in (json.dumps(given_frame), json.dumps(given_frame, ensure_ascii=False)):
                try:
                    found = read_frame(body)
                except BadFrame as bad:
                    bad.id.encode()  # it goes back to the browser
                    continue
                assert isinstance(found, Message)
                assert is_whole(Arrival("web", found.id, "a", found.event, echo=found.echo))


@pytest.mark.parametrize("line", ["Dag \udcff", "\udcff", "/start \ud83d", "half \ud83d\ud83d é"])
async def test_the_terminal_hands_over_no_half_character(line: str) -> None:
    taken: list[Arrival] = []

    async def accept(
        arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        taken.extend(arrivals)

    async def settled() -> None:
        """Nothing is to be shown."""

    await Terminal(settled, io.StringIO(f"{line}\n"), io.StringIO()).run(accept)
    assert len(taken) == 2
    assert all(map(is_whole, taken))


def test_a_setting_with_a_byte_that_is_no_letter_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VERTELBOT_ORGANISATION__NAME", "Vereniging \udce9")
    with pytest.raises(SettingsError, match="ORGANISATION__NAME in the environment is no UTF"):
        load()


@given(TEXTS)
def test_what_is_whole_stays_as_it_is_and_each_half_is_one_question_mark(text: str) -> None:
    found = replace_surrogates(text)
    assert len(found) == len(text)
    assert all(
        new == ("?" if "\ud800" <= old <= "\udfff" else old)
        for old, new in zip(text, found, strict=True)
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@given(VALUES)
def test_json_with_half_characters_is_read_and_all_else_as_it_is(value: object) -> None:
    forms: list[bytes | str] = [*bodies(value), json.dumps(value)]
    for body in forms:
        found = decode_json(body)
        json.dumps(found, ensure_ascii=False).encode()
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    assert found == value


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_json(body)
