"""Taking part in a session in the chat: by a code, in a role, until it closes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import count

import pytest
from sqlalchemy import func, select

from bot.account_buttons import button_id
from bot.channels.base import Account, Arrival
from bot.codec import effect_from_json
from bot.inbox.dispatch import take_turn
from bot.sensemaking.sessions import session_chat
from bot.sensemaking.sessions.session_chat import SessionChat, session_choices
from bot.services import Services
from conversations.engine.effects import Say
from conversations.engine.events import Event, Said, Tapped
from storage import tables
from storage.coordinators import coordinators
from storage.engine.transaction import Transaction
from storage.engine.types import core
from storage.outbox import outbox
from storage.people import people
from storage.sensemaking import patterns, rounds, sessions
from storage.sensemaking.patterns import SessionPattern
from storage.sensemaking.sessions import SenseSession
from tests.coordinators.office import Office, Person
from tests.coordinators.test_sessions import PATTERN, prepared

IDS = count(1)


@dataclass
class Phone:
    """Someone in the chat."""

    office: Office
    address: str

    @property
    def services(self) -> Services:
        return replace(self.office.house, rooms=(SessionChat(),))

    async def do(self, event: Event | Account) -> Say:
        """What is said last after this event."""

        def turn(connection: Transaction) -> None:
            came = Arrival("telegram", f"{next(IDS)}", self.address, event, "nl")
            take_turn(self.services, connection, came, self.office.clock.now())

        await self.office.store.database.write(turn)
        return await self.last()

    async def last(self) -> Say:

        def read(connection: Transaction) -> Say:
            person = people.find(connection, "telegram", self.address)
            assert person is not None
            said = outbox.last_said(connection, person.id)
            found = effect_from_json("say", said) if said else None
            assert isinstance(found, Say)
            return found

        return await self.office.store.database.write(read)

    async def tap(self, said: Say, label: str) -> Say:
        button = next(each for each in said.buttons if each.label == label)
        return await self.do(Tapped(said.turn, button.id, seen=None))

    async def sit(self, session: SenseSession, role: str) -> Say:
        return await self.do(Account("start", f"s-{session.code}-{role}"))


async def opened(office: Office, path: str) -> SenseSession:
    found = await office.store.database.read(lambda s: sessions.known(s, path.rsplit("/", 1)[1]))
    assert found is not None
    return found


async def led(office: Office, many: int = 12) -> tuple[Person, str, SenseSession, list[Phone]]:
    """An open session with a pattern and so many phones, half of them residents."""
    person, path = await prepared(office)
    await person.post(f"{path}/pattern", PATTERN)
    await person.post(f"{path}/lead", {"act": "open"})
    session = await opened(office, path)
    phones = [Phone(office, f"{n}") for n in range(many)]
    for n, phone in enumerate(phones):
        await phone.sit(session, ("resident", "professional")[n % 2])
    return person, path, session, phones


async def act(person: Person, path: str, name: str) -> str:
    """A step of who leads; the page after it."""
    _, page = await person.get(f"{path}/lead")
    found = re.findall(r'name="pattern" value="([0-9a-f]{32})"', page)
    answer = await person.post(f"{path}/lead", {"act": name, "pattern": (found or [""])[0]})
    assert answer.status == 303
    return (await person.get(f"{path}/lead"))[1]


async def test_twelve_phones_predict_and_the_gap_is_shown_by_role(office: Office) -> None:
    person, path, _, phones = await led(office)
    page = await act(person, path, "predict")
    assert "Verschil" not in page
    for n, phone in enumerate(phones):
        asked = await phone.last()
        assert [button.label for button in asked.buttons] == [str(each) for each in range(11)]
        await phone.tap(asked, str((2, 8)[n % 2]))
    assert (await person.get(f"{path}/count"))[1] == '{"here": 12, "given": 12}'
    page = await act(person, path, "end")
    assert "Verschil met de voorspelling" in page
    assert "midden 2, minstens de helft tussen 1 en 3" in page
    assert "midden 8, minstens de helft tussen 7 en 9" in page
    assert page.count("ernaast") == 2  # each role, beside all together


async def test_votes_leave_as_shares_and_a_split_is_named(office: Office) -> None:
    person, path, session, phones = await led(office, 24)
    await act(person, path, "vote")
    for n, phone in enumerate(phones):
        asked = await phone.last()
        assert asked.text.endswith("Het team kijkt naar kracht")
        asked = await phone.tap(asked, ("Kan kloppen", "Klopt niet")[n % 2])
        assert asked.text.endswith("Alleen wie het goed ging vertelt")
        asked = await phone.tap(asked, "Kan kloppen")
        assert asked.buttons[0].label == "Ik zie het anders"
    own = await phones[0].tap(await phones[0].last(), "Ik zie het anders")
    assert own.buttons[0].label == "Toch niet"
    await phones[0].do(Said("Het hangt van de week af"))
    page = await act(person, path, "end")
    assert "Hierover verschilt men" in page
    assert "Gedeeld" in page
    assert "kan kloppen minstens 90 %, klopt niet hooguit 10 %" in page
    assert "Het hangt van de week af" in page
    assert session.live


async def test_what_a_session_asks_now_is_answered_before_what_was_asked_earlier(
    office: Office,
) -> None:
    person, path, _, (phone,) = await led(office, 1)
    assert "taal" in (await phone.do(Account("language"))).text
    await act(person, path, "predict")
    await phone.do(Said("3"))
    assert (await person.get(f"{path}/count"))[1] == '{"here": 1, "given": 1}'


async def test_an_own_interpretation_is_kept_whole_or_said_not_to_be(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, path, _, (phone,) = await led(office, 1)
    await act(person, path, "vote")
    await phone.tap(await phone.tap(await phone.last(), "Kan kloppen"), "Kan kloppen")
    own = await phone.tap(await phone.last(), "Ik zie het anders")
    again = await phone.do(Said("Het is te lang. " * 40))
    assert again.text == own.text
    again = await phone.do(Said("Dat zegt een ander", forwarded=True))
    assert again.text == own.text
    monkeypatch.setattr(session_chat, "MOST_OWN", 0)
    await phone.do(Said("Er is geen plek meer"))
    page = await act(person, path, "end")
    assert not re.search("te lang|een ander<|geen plek", page)


async def test_who_sits_sees_no_story_and_is_forgotten_at_the_end(office: Office) -> None:
    person, path, session, phones = await led(office, 6)
    await act(person, path, "predict")
    asked = await phones[0].last()
    assert "Fatima" not in asked.text
    await phones[0].tap(asked, "3")
    await act(person, path, "close")
    assert "gewist" in (await phones[0].last()).text
    late = await phones[0].tap(asked, "5")
    assert "voorbij" in late.text
    assert "niet open" in (await phones[1].sit(session, "resident")).text
    tables_of = (tables.Participant, tables.SessionSeat, tables.Prediction)
    counts = [select(func.count()).select_from(core(model)) for model in tables_of]
    left = await office.store.database.read(lambda s: [s.execute(q).scalar() for q in counts])
    assert left == [0, 0, 0]


async def test_a_link_to_a_session_asks_the_role_and_does_nothing_yet(office: Office) -> None:
    person, path = await prepared(office)
    session = await opened(office, path)
    payload = f"s-{session.code}"

    async def asked() -> tuple[str, tuple[tuple[str, str], ...]]:
        found = await office.store.database.read(
            lambda s: session_choices(s, office.house, payload, "nl")
        )
        assert found is not None
        return found.text, found.buttons

    assert not (await asked())[1]
    await person.post(f"{path}/lead", {"act": "open"})
    assert [each for each, _ in (await asked())[1]] == [
        f"{payload}-{role}" for role in rounds.PARTICIPANT_ROLES
    ]
    here = await office.store.database.read(lambda s: rounds.taking_part(s, session.id))
    assert here == 0
    first = await Phone(office, "1").do(Account("start", payload))
    assert first.buttons[0].label == "Als bewoner"


async def test_in_another_role_the_same_person_is_one_participant(office: Office) -> None:
    _, _, session, phones = await led(office, 1)
    said = await phones[0].sit(session, "coordinator")
    assert said.buttons == ()
    here = await office.store.database.read(lambda s: rounds.taking_part(s, session.id))
    assert here == 1


async def test_a_session_is_full_for_who_comes_new_only(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_chat, "MOST_SEATS", 1)
    _, _, session, phones = await led(office, 1)
    await Phone(office, "late").sit(session, "resident")
    await phones[0].sit(session, "coordinator")
    here = await office.store.database.read(lambda s: rounds.taking_part(s, session.id))
    assert here == 1
    assert (await Phone(office, "late").sit(session, "resident")).text.startswith(
        "Dit gesprek is vol"
    )


async def _pattern(office: Office, session: SenseSession) -> SessionPattern:
    return (await office.store.database.read(lambda s: patterns.listed(s, session.id)))[0]


async def test_help_a_code_and_heavy_words_are_no_interpretation(office: Office) -> None:
    """Who can help comes first, and no code of a story gets to a facilitator."""
    person, path, session, (phone,) = await led(office, 1)
    await act(person, path, "vote")
    for _ in range(2):
        asked = await phone.tap(await phone.last(), "Weet niet")
    texts = ("hulp", "ik wil niet meer leven", "appel appel appel appel appel", "Toch niet")
    for text in texts:
        await phone.tap(asked, "Ik zie het anders")
        await phone.do(Said(text))
        assert len((await _pattern(office, session)).interpretations) == 2, text
    await phone.tap(asked, "Ik zie het anders")
    await phone.do(Said("Het hangt van de week af"))
    assert len((await _pattern(office, session)).interpretations) == 3
    await act(person, path, "close")
    assert len((await _pattern(office, session)).interpretations) == 2


async def test_a_button_that_was_not_shown_changes_nothing(office: Office) -> None:
    person, path, session, (phone,) = await led(office, 1)
    pattern = await _pattern(office, session)
    await act(person, path, "predict")
    asked = await phone.last()
    for place in ("7", "101", "9" * 20):
        answer = await phone.do(Tapped(asked.turn, button_id("sense", place, pattern.id)))
        assert "voorbij" in answer.text
    await act(person, path, "end")
    await act(person, path, "vote")
    asked = await phone.last()
    answer = await phone.do(Tapped(asked.turn, button_id("sense", "holds", pattern.id)))
    assert "voorbij" in answer.text
    given = await office.store.database.read(
        lambda s: [rounds.answered(s, pattern.id, votes=votes) for votes in (True, False)]
    )
    assert given == [0, 0]


async def test_who_comes_late_or_comes_back_is_asked_what_the_group_is_asked_now(
    office: Office,
) -> None:
    """A page that is loaded again, another phone, a colleague who was stuck in traffic."""
    person, path, session, (phone, *_) = await led(office, 2)
    late = Phone(office, "late")
    await act(person, path, "predict")
    asked = await late.sit(session, "resident")
    assert asked.buttons[0].label == "0"
    await phone.tap(await phone.last(), "4")
    again = await phone.sit(session, "professional")
    assert again.buttons[0].label == "0"
    await act(person, path, "end")
    assert "Wacht" in (await late.sit(session, "resident")).text
    await act(person, path, "vote")
    first = await late.last()
    await late.tap(first, "Kan kloppen")
    again = await late.sit(session, "resident")
    assert again.text != first.text, "what was answered is not asked again"
    assert [button.label for button in again.buttons] == ["Kan kloppen", "Klopt niet", "Weet niet"]


async def test_a_session_goes_on_from_another_screen_and_with_another_facilitator(
    office: Office,
) -> None:
    """The laptop of who leads is closed in the middle of a round: nothing of it stood there."""
    person, path, _, phones = await led(office, 6)
    await act(person, path, "predict")
    for phone in phones:
        await phone.tap(await phone.last(), "3")
    colleague = await office.login("team", "Oost", "Bea")
    everybody = await office.store.database.read(coordinators.listed)
    (bea,) = (each.id for each in everybody if each.name == "Bea")
    assert (await colleague.post(f"{path}/lead", {"act": "end"})).status == 403
    assert (await person.post(f"{path}/hand", {"to": bea})).status == 303
    page = await act(colleague, path, "end")
    assert "midden 3" in page
    assert (await person.post(f"{path}/lead", {"act": "close"})).status == 403
    assert (await opened(office, path)).state == "open"
