"""What changed goes back to the tellers, once, and the share of justice leaves in steps."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.channels.base import Arrival, Letter
from bot.codec import effect_from_json
from bot.inbox.dispatch import take_turn
from bot.meetings.prompts.prompt_lane import PromptLane
from bot.sensemaking.changes.change_chat import ChangeChat
from bot.sensemaking.changes.change_messages import ChangeLane, tell_change
from conversations.engine.effects import Mark, Say
from conversations.engine.events import Tapped
from conversations.sensemaking.coarse_shares import told_next
from storage import tables
from storage.engine.transaction import Transaction
from storage.engine.types import core
from storage.outbox import outbox
from storage.people import people
from storage.sensemaking import changes
from storage.sensemaking.changes import Justice, NamedChange
from storage.stories import stories
from storage.stories.stories import ReturnAddress
from tests.coordinators.office import Office, Person, telling
from tests.coordinators.test_sessions import QUESTION, key_of
from tests.storage.stores import WEEK, consent

HERE = "/coordinator/sessions"
OUTBOX = core(tables.Outbox)
NOTICE = core(tables.ChangeNotice)
LANGUAGES = ("nl", "en", "tr", "ar")


async def teller(office: Office, n: int, *, contact: str = "yes", channel: str = "telegram") -> str:
    """Somebody with a story of Oost, who wants to hear of it or not; the story's id."""
    told = telling(team=office.teams["Oost"].id, answers={QUESTION: (n * 37) % 101})

    def keep(connection: Transaction) -> str:
        language = LANGUAGES[n % len(LANGUAGES)]
        person = people.find_or_make(connection, channel, f"70{n}", language, WEEK)
        story_id, _ = stories.keep(connection, told, consent(), WEEK, person.id)
        back = ReturnAddress(person.id, channel, f"70{n}", language)
        stories.record(connection, story_id, consent("team", "yes"), back)
        stories.record(connection, story_id, consent("contact", contact), back)
        return story_id

    return await office.store.database.write(keep)


async def decided(
    office: Office, many: int, *, refused: int = 0, channel: str = "telegram"
) -> tuple[Person, str, str]:
    """A decision that rests on stories of so many tellers who want to hear of it, and of some who
    do not. Who leads the session, its address, and the decision's id."""
    for n in range(many + refused):
        await teller(office, n, contact="yes" if n < many else "no", channel=channel)
    person = await office.login("team", "Oost")
    form = {"question": await key_of(person, QUESTION), "sits": "team", "weeks": "0"}
    session = (await person.post(HERE, form)).headers["Location"]
    _, page = await person.get(f"{session}/record")
    cards = dict.fromkeys(re.findall(r'name="card" value="([0-9a-f]{32})"', page))
    assert len(cards) == many + refused
    form = {"text": "Bellen binnen een week", "owner": "Ans", "due": "2027-02-01"}
    pairs = [*form.items(), *(("card", card) for card in cards)]
    assert (await person.post(f"{session}/record/decision", pairs)).status == 303
    _, page = await person.get(f"{session}/record")
    return person, session, re.findall(r'id="decision-([0-9a-f]{32})"', page)[0]


async def rows(office: Office) -> list[tuple[int, str, Say | Letter]]:
    """What stands in the outbox: the row, its person, and what is said."""
    vault = office.store.vault

    def read(connection: Transaction) -> list[tuple[int, str, Say | Letter]]:
        found = []
        for row in connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)):
            effect = effect_from_json(row.kind, outbox.opened(vault, row)["effect"])
            if isinstance(effect, Mark):
                continue  # buttons of a question that is over
            assert isinstance(effect, Say | Letter)
            found.append((row.id, row.person_id, effect))
        return found

    return await office.store.database.write(read)


def told_of(office: Office, decision: str) -> dict[str, str]:
    """The form of a change."""
    day = office.clock.now().date().isoformat()
    return {"decision": decision, "text": "Er wordt binnen een week gebeld.", "day": day}


async def tell(office: Office, decision: str, change_id: str = "a" * 32) -> int:
    change = NamedChange(change_id, decision, "2026-11-01", "Er wordt binnen een week gebeld.")
    now, house = office.clock.now(), office.house
    return await office.store.database.write(lambda c: tell_change(c, house, change, now))


async def answer(office: Office, person_id: str, button: str) -> None:
    """A tap of somebody in the chat."""
    house = replace(office.house, rooms=(ChangeChat(),))

    def turn(connection: Transaction) -> None:
        person = people.by_id(connection, person_id)
        assert person is not None
        came = Arrival(
            "telegram", f"{person_id}{button}", person.address, Tapped(0, button, seen=None), "nl"
        )
        take_turn(house, connection, came, office.clock.now())

    await office.store.database.write(turn)


async def test_it_asks_first_and_then_tells_each_teller_once(office: Office) -> None:
    person, session, decision = await decided(office, 6, refused=2)
    asked = await person.post(f"{session}/record/change", told_of(office, decision))
    page = await asked.text()
    assert "6 vertellers krijgen bericht." in page
    assert await rows(office) == []
    form = dict(re.findall(r'name="(change|decision|text|day)" value="([^"]+)"', page))
    for _ in range(2):  # a form that is sent twice
        assert (await person.post(f"{session}/record/change/tell", form)).status == 303
    sent = await rows(office)
    assert len(sent) == len({person_id for _, person_id, _ in sent}) == 6
    labels = {
        tuple(button.label for button in said.buttons)
        for _, _, said in sent
        if isinstance(said, Say)
    }
    assert ("Ja", "Een beetje", "Nee") in labels
    assert len(labels) == len(LANGUAGES)
    ids = await office.store.database.write(
        lambda c: set(c.execute(select(core(tables.Story).c.id)).scalars())
    )
    for _, _, said in sent:
        assert "Er wordt binnen een week gebeld." in said.text
        assert not any(story_id in repr(said) for story_id in ids)
    _, page = await person.get(f"{session}/record")
    assert "Er wordt binnen een week gebeld." in page


@pytest.mark.parametrize("many", [0, 4])
async def test_of_a_few_it_says_only_that_they_are_few(office: Office, many: int) -> None:
    person, session, decision = await decided(office, many, refused=1)
    asked = await person.post(f"{session}/record/change", told_of(office, decision))
    page = await asked.text()
    assert "Hooguit enkele vertellers krijgen bericht." in page
    assert f"{many} vertellers" not in page


async def test_a_change_says_what_and_when_and_belongs_to_the_session(office: Office) -> None:
    person, session, decision = await decided(office, 1)
    good = told_of(office, decision)
    later = (office.clock.now() + timedelta(days=3)).date().isoformat()
    for wrong in ({"text": " "}, {"day": "x"}, {"day": later}, {"decision": "0" * 32}):
        for path in ("", "/tell"):
            refused = await person.post(f"{session}/record/change{path}", good | wrong)
            assert refused.status == 400
            if "text" not in wrong:  # what was typed stays in the form
                assert f">{good['text']}</textarea>" in await refused.text()
    reader = await office.login("reader", "Oost")
    assert (await reader.post(f"{session}/record/change/tell", good)).status == 403
    other = await office.login("team", "West")
    assert (await other.post(f"{session}/record/change/tell", good)).status == 404
    assert await rows(office) == []


async def test_who_takes_the_yes_back_before_it_is_sent_hears_nothing(office: Office) -> None:
    _, _, decision = await decided(office, 2)
    assert await tell(office, decision) == 2
    (kept, _, _), (stopped, whose, _) = await rows(office)
    lane = ChangeLane(office.house, PromptLane(office.house))

    def may(connection: Transaction) -> tuple[bool, bool, bool]:
        story = changes.tellers(connection, decision)[whose]
        stories.record(connection, story, consent("contact", "no"))
        now = office.clock.now()
        return tuple(lane.may_send(connection, row, now) for row in (kept, stopped, stopped + 9))  # type: ignore[return-value]

    assert await office.store.database.write(may) == (True, False, True)


async def test_by_mail_it_is_told_without_buttons(office: Office) -> None:
    _, _, decision = await decided(office, 1, channel="mail")
    assert await tell(office, decision) == 1
    ((_, _, letter),) = await rows(office)
    assert isinstance(letter, Letter)
    assert "Er wordt binnen een week gebeld." in letter.text
    assert letter.text.count("/v/") == 1
    assert all(f"-{each}\n" not in letter.text for each in ("yes", "partly", "no"))


async def test_an_answer_counts_once_can_change_and_leaves_from_k_on(office: Office) -> None:
    person, _, decision = await decided(office, 8)
    await tell(office, decision)
    read = office.store.database.read
    sent = [(whose, said.buttons) for _, whose, said in await rows(office) if isinstance(said, Say)]
    k = office.house.settings.privacy.small_number
    for n, (whose, buttons) in enumerate(sent[:k]):
        assert await read(changes.justice) is None
        await answer(office, whose, buttons[2].id)
        await answer(office, whose, buttons[0 if n < k - 2 else 1].id)
    assert await read(changes.justice) == Justice(50, k)
    for whose, buttons in sent[k:]:
        await answer(office, whose, buttons[2].id)
        assert await read(changes.justice) == Justice(50, k)
    for page in ("/coordinator", "/coordinator/digest"):
        assert f"Deed het recht: 50 % van minstens {k} antwoorden" in (await person.get(page))[1]


async def test_who_was_not_told_cannot_answer(office: Office) -> None:
    _, _, decision = await decided(office, 1)
    await tell(office, decision)
    await teller(office, 5)

    def outsider(connection: Transaction) -> str:
        found = people.find(connection, "telegram", "705")
        assert found is not None
        return found.id

    await answer(office, await office.store.database.write(outsider), f"d:change:yes:{'a' * 32}")
    given = select(func.count()).where(NOTICE.c.answer != "")
    assert await office.store.database.write(lambda c: c.execute(given).scalar_one()) == 0


async def test_a_decision_without_a_change_stands_in_the_to_do_after_six_weeks(
    office: Office,
) -> None:
    person, session, decision = await decided(office, 1)
    link = f"{session}/record"
    assert link not in (await person.get("/coordinator"))[1]
    office.clock.move(weeks=6, days=1)
    person = await office.login("team", "Oost")
    for page in ("/coordinator", "/coordinator/digest"):
        assert f'{link}#decision-{decision}"' in (await person.get(page))[1]
    other = await office.login("team", "West")
    assert link not in (await other.get("/coordinator"))[1]
    await tell(office, decision)
    assert link not in (await person.get("/coordinator"))[1]


@pytest.mark.parametrize("many", range(3, 60))
def test_it_is_never_told_that_all_or_nobody_said_so(many: int) -> None:
    highest, lowest = told_next([], many, many), told_next([], 0, many)
    assert highest == told_next([], many - 1, many)
    assert lowest == told_next([], 1, many)
    assert Justice(highest, many).bound == "least"
    assert Justice(lowest, many).bound == "most"
