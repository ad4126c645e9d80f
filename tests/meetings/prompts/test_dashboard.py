"""Meetings on the pages of coordinators: planned, imported, called off, each by its own team."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.meetings import agenda
from bot.meetings.agenda import Listed
from tests.coordinators.office import Office, close_office, open_office
from tests.storage.stores import open_store

HERE = "/coordinator/meetings"
VISIT = {
    "kind": "visite", "host": "Oost", "guest": "West", "day": "2026-11-24",
    "start": "14:00", "end": "16:00", "repeat": "",
}  # fmt: skip


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    opened = await open_office(store)
    yield opened
    await close_office(opened)
    store.close()


async def planned(office: Office) -> list[Listed]:
    return await office.store.database.read(lambda s: agenda.listed(s, office.house))


async def test_a_visit_is_planned_on_the_page(office: Office) -> None:
    person = await office.login("association")
    answer = await person.post(HERE, VISIT)
    assert "1 nieuw" in await answer.text()
    (made,) = await planned(office)
    assert (made.meeting.title, made.meeting.host_team) == ("Oost ← West", "Oost")
    _, page = await person.get(HERE)
    assert made.meeting.code in page
    for kind in ("png", "svg", "pdf", "slide"):
        async with person.client.get(f"{HERE}/{made.meeting.id}/{kind}") as drawn:
            assert drawn.status == 200


async def test_a_group_comes_back_every_other_week(office: Office) -> None:
    person = await office.login("association")
    await person.post(
        HERE, {**VISIT, "kind": "leergroep", "title": "Jeugd", "repeat": "om de week"}
    )
    (made,) = await planned(office)
    assert made.meeting.rrule == "FREQ=WEEKLY;INTERVAL=2"


async def test_what_is_wrong_in_the_form_is_said(office: Office) -> None:
    person = await office.login("association")
    answer = await person.post(HERE, {**VISIT, "end": "half vier"})
    assert answer.status == 400
    shown = await answer.text()
    assert "Einde: de dag is niet te lezen. Schrijf het als 16:00 of 24-11-2026 16:00." in shown
    assert "egel 2" not in shown
    assert await planned(office) == []


async def test_a_reader_plans_nothing(office: Office) -> None:
    person = await office.login("reader", "Oost")
    assert (await person.get(HERE))[0] == 403
    assert (await person.post(HERE, VISIT)).status == 403


async def test_a_team_sees_and_changes_only_meetings_it_is_named_in(office: Office) -> None:
    chief = await office.login("association")
    await chief.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    (other,) = await planned(office)
    person = await office.login("team", "Oost")
    assert other.meeting.code not in (await person.get(HERE))[1]
    assert (await person.get(f"{HERE}/{other.meeting.id}/pdf"))[0] == 404
    assert (await person.post(f"{HERE}/{other.meeting.id}/cancel")).status == 404
    await person.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    await person.post(HERE, VISIT)
    assert [each.meeting.host_team for each in await planned(office)].count("Noord") == 1
    assert len(await planned(office)) == 2


async def test_a_meeting_is_called_off(office: Office) -> None:
    person = await office.login("team", "West")
    await person.post(HERE, VISIT)
    (made,) = await planned(office)
    assert (await person.post(f"{HERE}/{made.meeting.id}/cancel")).status == 303
    (off,) = await planned(office)
    assert off.meeting.state == "cancelled"
    assert "afgezegd" in (await person.get(HERE))[1]


async def test_html_in_a_title_is_only_text(office: Office) -> None:
    person = await office.login("association")
    await person.post(HERE, {**VISIT, "kind": "leergroep", "title": "<script>alert(1)</script>"})
    assert "<script>" not in (await person.get(HERE))[1]


async def test_what_is_of_another_team_is_not_taken_over_and_that_is_said(office: Office) -> None:
    person = await office.login("team", "Oost")
    answer = await person.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    assert answer.status == 400
    assert "Wat van andere teams is, is niet overgenomen" in await answer.text()


async def test_a_slip_in_an_address_is_said_and_the_others_are_invited(office: Office) -> None:
    person = await office.login("association")
    await person.post(HERE, VISIT)
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}/invite"
    text = "Piet Jansen <piet@example.nl>; an@example.nl, bob@example, <b>bob</b>@x"
    shown = await (await person.post(there, {"addresses": text})).text()
    assert "2 mensen zijn uitgenodigd" in shown
    assert "Dit is geen mailadres: bob@example" in shown
    assert "<b>bob" not in shown
    assert (await planned(office))[0].joined == 2
    crowd = " ".join(f"a{n}@example.nl" for n in range(201))
    shown = await (await person.post(there, {"addresses": crowd})).text()
    assert "hoogstens 200 mensen" in shown
    assert (await planned(office))[0].joined == 2
    await person.post(f"{HERE}/{made.meeting.id}/cancel")
    assert (await person.post(there, {"addresses": "carol@example.nl"})).status == 404


async def test_a_meeting_is_moved_on_the_page_and_keeps_who_joined(office: Office) -> None:
    person = await office.login("association")
    await person.post(HERE, VISIT)
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}"
    new = {"day": "2026-11-26", "start": "10:00", "end": "11:30"}
    assert (await person.post(f"{there}/move", new)).status == 303
    (moved,) = await planned(office)
    assert moved.meeting.code == made.meeting.code
    assert f"{moved.meeting.local(moved.meeting.start):%m-%d %H:%M}" == "11-26 10:00"
    assert "verzet" in (await person.get(HERE))[1]
    for wrong in ({"day": "gisteren"}, {"start": ""}, {"day": "2019-01-01"}):
        answer = await person.post(f"{there}/move", {**new, **wrong})
        assert answer.status == 400
        assert "Kijk nog eens naar de dag" in await answer.text()
    assert await planned(office) == [moved]
    other = await office.login("team", "Oost")
    await person.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    (hidden,) = (each for each in await planned(office) if each.meeting.host_team == "Noord")
    assert (await other.post(f"{HERE}/{hidden.meeting.id}/move", new)).status == 404


async def test_one_day_of_a_series_is_moved_or_called_off_on_the_page(office: Office) -> None:
    person = await office.login("association")
    form = {**VISIT, "kind": "leergroep", "title": "Jeugd", "repeat": "elke week"}
    await person.post(HERE, form)
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}"
    assert (await person.post(f"{there}/cancel", {"which": "2026-12-02"})).status == 400
    assert (await person.post(f"{there}/cancel", {"which": "nooit"})).status == 400
    assert (await person.post(f"{there}/cancel", {"which": "2026-12-01"})).status == 303
    new = {"which": "2026-12-08", "day": "2026-12-09", "start": "10:00", "end": "11:30"}
    assert (await person.post(f"{there}/move", new)).status == 303
    (series,) = await planned(office)
    off, moved = series.meeting.overrides
    assert (off.cancelled, moved.cancelled, series.meeting.state) == (True, False, "planned")
    assert f"{series.meeting.local(moved.start):%m-%d %H:%M}" == "12-09 10:00"
