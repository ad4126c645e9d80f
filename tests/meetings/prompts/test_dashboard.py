"""Meetings on the pages of coordinators: planned, imported, called off, each by its own team."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import FormData

from bot.meetings import agenda
from bot.meetings.agenda import Listed
from tests.coordinators.office import Office, Person, close_office, open_office
from tests.storage.stores import open_store

HERE = "/coordinator/meetings"
VISIT = {
    "kind": "visite", "host": "Oost", "guest": "West", "day": "2026-11-24",
    "start": "14:00", "end": "16:00", "repeat": "",
}  # fmt: skip

GROUP = {
    "kind": "learning_group", "title": "Jeugd", "teams": "Oost", "day": "2026-11-24",
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
    return await office.store.database.read(agenda.listed)


async def others(office: Office) -> None:
    for name in ("Noord", "Zuid"):
        await office.team(name)


async def later(office: Office, minutes: float = 10) -> bool:
    """Time goes on, and what is due is called off; whether anything was."""
    office.clock.move(minutes=minutes)
    database, now = office.store.database, office.clock.now()
    return await database.write(lambda c: agenda.cancel_due(c, office.house, now))


def calendar(*titles: str, day: str = "20261124") -> bytes:
    events = [
        f"BEGIN:VEVENT\r\nUID:{number}@x\r\nSUMMARY:{title}\r\n"
        f"DTSTART:{day}T100000Z\r\nDTEND:{day}T120000Z\r\nEND:VEVENT\r\n"
        for number, title in enumerate(titles)
    ]
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n"
    return text.encode()


async def imported(person: Person, file: bytes, name: str = "a.ics", **fields: str) -> str:
    _, page = await person.get("/coordinator/settings")
    form = FormData()
    form.add_field("csrf", page.split('name="csrf" value="')[1].split('"')[0])
    form.add_field("file", file, filename=name)
    for field, value in fields.items():
        form.add_field(field, value)
    async with person.client.post(f"{HERE}/import", data=form) as answer:
        return await answer.text()


async def test_a_visit_is_planned_on_the_page(office: Office) -> None:
    person = await office.login("association")
    answer = await person.post(HERE, VISIT)
    (made,) = await planned(office)
    assert answer.headers["Location"] == f"{HERE}/{made.meeting.id}?done=added"
    assert "Het staat erin" in (await person.get(answer.headers["Location"]))[1]
    assert (made.meeting.title, made.meeting.host_team) == ("Oost ← West", "Oost")
    _, page = await person.get(f"{HERE}/{made.meeting.id}")
    assert made.meeting.code in page
    for kind in ("png", "svg", "pdf", "slide"):
        async with person.client.get(f"{HERE}/{made.meeting.id}/{kind}") as drawn:
            assert drawn.status == 200


async def test_a_group_comes_back_every_other_week(office: Office) -> None:
    person = await office.login("association")
    await person.post(HERE, {**GROUP, "repeat": "om de week"})
    (made,) = await planned(office)
    assert made.meeting.rrule == "FREQ=WEEKLY;INTERVAL=2"


async def test_what_is_wrong_in_the_form_is_said(office: Office) -> None:
    person = await office.login("association")
    answer = await person.post(HERE, {**VISIT, "end": "half vier"})
    assert answer.status == 400
    shown = await answer.text()
    assert "Einde: de dag is niet te lezen (half vier). Schrijf het als 16:00 of" in shown
    assert "egel 2" not in shown
    assert await planned(office) == []


async def test_a_reader_plans_nothing(office: Office) -> None:
    person = await office.login("reader", "Oost")
    assert (await person.get(HERE))[0] == 403
    assert (await person.post(HERE, VISIT)).status == 403


async def test_a_team_sees_and_changes_only_meetings_it_is_named_in(office: Office) -> None:
    await others(office)
    chief = await office.login("association")
    await chief.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    (other,) = await planned(office)
    person = await office.login("team", "Oost")
    assert other.meeting.id not in (await person.get(HERE))[1]
    assert (await person.get(f"{HERE}/{other.meeting.id}"))[0] == 404
    assert (await person.get(f"{HERE}/{other.meeting.id}/cancel"))[0] == 404
    assert (await person.post(f"{HERE}/{other.meeting.id}/keep")).status == 404
    assert (await person.get(f"{HERE}/{other.meeting.id}/pdf"))[0] == 404
    assert (await person.post(f"{HERE}/{other.meeting.id}/cancel")).status == 404
    await person.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    await person.post(HERE, VISIT)
    assert [each.meeting.host_team for each in await planned(office)].count("Noord") == 1
    assert len(await planned(office)) == 2


async def test_html_in_a_title_is_only_text(office: Office) -> None:
    person = await office.login("association")
    await person.post(HERE, {**GROUP, "title": "<script>alert(1)</script>"})
    (made,) = await planned(office)
    for path in ("", f"/{made.meeting.id}", f"/{made.meeting.id}/cancel"):
        status, page = await person.get(HERE + path)
        assert status == 200
        assert "<script>" not in page


async def test_what_is_of_another_team_is_not_taken_over_and_that_is_said(office: Office) -> None:
    await others(office)
    person = await office.login("team", "Oost")
    answer = await person.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    assert answer.status == 400
    assert "Je eigen team doet hier niet aan mee" in await answer.text()
    shown = await imported(person, calendar("Visite Noord ← Zuid"))
    assert "Wat van andere teams is, is niet overgenomen" in shown
    assert await planned(office) == []


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
    await later(office)
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
    for wrong in ({"day": "nooit"}, {"start": ""}, {"day": "1019-01-01"}):
        answer = await person.post(f"{there}/move", {**new, **wrong})
        assert answer.status == 400
        assert "Kijk nog eens naar de dag" in await answer.text()
    assert await planned(office) == [moved]
    await others(office)
    other = await office.login("team", "Oost")
    await person.post(HERE, {**VISIT, "host": "Noord", "guest": "Zuid"})
    (hidden,) = (each for each in await planned(office) if each.meeting.host_team == "Noord")
    assert (await other.post(f"{HERE}/{hidden.meeting.id}/move", new)).status == 404


async def test_one_day_of_a_series_is_moved_or_called_off_on_the_page(office: Office) -> None:
    person = await office.login("association")
    await person.post(HERE, {**GROUP, "repeat": "elke week"})
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}"
    _, page = await person.get(there)
    for day in ("2026-11-24", "2026-12-01", "2027-05-18"):
        assert page.count(f'<option value="{day}">') == 2  # to move, and to call off
    assert (await person.post(f"{there}/cancel", {"which": "2026-12-02"})).status == 400
    assert (await person.post(f"{there}/cancel", {"which": "nooit"})).status == 400
    assert (await person.post(f"{there}/cancel", {"which": "2026-12-01"})).status == 303
    new = {"which": "2026-12-08", "day": "2026-12-09", "start": "10:00", "end": "11:30"}
    assert (await person.post(f"{there}/move", new)).status == 303
    await later(office)
    (series,) = await planned(office)
    off, moved = series.meeting.overrides
    assert (off.cancelled, moved.cancelled, series.meeting.state) == (True, False, "planned")
    assert f"{series.meeting.local(moved.start):%m-%d %H:%M}" == "12-09 10:00"
    assert '<option value="2026-12-01">' not in (await person.get(there))[1]


async def test_the_kind_comes_first_and_then_what_belongs_to_it(office: Office) -> None:
    await office.team("Noord", "Utrecht")
    person = await office.login("team", "Oost")
    _, first = await person.get(f"{HERE}/new")
    assert {f"{HERE}/new?kind={kind}" for kind in ("visit", "learning_group")} <= set(
        re.findall(r'href="([^"]+)"', first)
    )
    _, visit = await person.get(f"{HERE}/new?kind=visit")
    _, group = await person.get(f"{HERE}/new?kind=learning_group")
    assert 'name="guest"' in visit
    assert 'name="guest"' not in group
    assert '<option value="Oost" selected>' in visit
    assert re.findall(r'name="teams" value="(\w+)"', group) == ["Noord", "Oost", "West"]
    assert 'value="Oost" checked' in group
    titles = {re.findall("<title>(.*?)</title>", page)[0] for page in (first, visit, group)}
    assert len(titles) == 3


async def test_a_group_has_as_many_teams_as_take_part(office: Office) -> None:
    await others(office)
    person = await office.login("team", "Oost")
    named = ("Oost", "West", "Noord", "Zuid")
    form = [(key, value) for key, value in GROUP.items() if key != "teams"]
    await person.post(HERE, [*form, *(("teams", name) for name in named)])
    (made,) = await planned(office)
    assert made.meeting.teams == named


async def test_a_team_that_is_not_known_is_asked_about(office: Office) -> None:
    person = await office.login("association")
    typed = {**VISIT, "guest": "", "guest_other": "Wset"}
    shown = await (await person.post(HERE, typed)).text()
    assert "kennen wij niet" in shown
    assert 'name="instead-0" value="West"' in shown
    assert await planned(office) == []
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    again = await (await person.post(HERE, {**fields, "change": "yes"})).text()
    assert 'name="guest_other" maxlength="200" value="Wset"' in again
    await person.post(HERE, {**fields, "instead-0": "West"})
    await person.post(HERE, {**fields, "day": "2026-12-24", "instead-0": "="})
    assert [each.meeting.guest_team for each in await planned(office)] == ["West", "Wset"]


async def test_a_day_that_is_over_is_asked_about_when_planned_and_when_moved(
    office: Office,
) -> None:
    person = await office.login("association")
    past = {**VISIT, "day": "2025-11-24"}
    question = "Deze dag is voorbij: er wordt niemand gevraagd. Toch bewaren?"
    assert question in await (await person.post(HERE, past)).text()
    assert await planned(office) == []
    assert (await person.post(HERE, {**past, "sure": "yes"})).status == 303
    (made,) = await planned(office)
    there = f"{HERE}/{made.meeting.id}/move"
    new = {"day": "2025-11-25", "start": "10:00", "end": "11:00"}
    assert question in await (await person.post(there, new)).text()
    assert await planned(office) == [made]
    assert (await person.post(there, {**new, "sure": "yes"})).status == 303
    assert await planned(office) != [made]


async def test_what_is_not_recognised_in_a_calendar_is_told_as_that(office: Office) -> None:
    await office.team("Noord", "Utrecht")
    person = await office.login("team", "Oost")
    shown = await imported(person, calendar("Visite Ost", "Leergroep Jeugd"))
    assert "In „Ost” herkennen wij geen team" in shown
    assert "In „Jeugd” herkennen wij geen team" in shown
    assert "Schrijf je team als Oost (Zwolle)" in shown
    assert "van andere teams" not in shown
    chief = await office.login("association")
    shown = await imported(chief, calendar("Visite Ost ← West", day="20251124"))
    assert "Het team „Ost” kennen wij niet. Bedoel je Oost?" in shown
    assert "al voorbij" in shown


async def test_a_visit_called_after_a_team_is_of_that_team_also_among_namesakes(
    office: Office,
) -> None:
    await office.team("Noord", "Utrecht")
    await office.team("Noord", "Zwolle")
    person = await office.login("team", "Noord")
    shown = await imported(person, calendar("Visite Noord"))
    assert "1 nieuw" in shown
    (made,) = await planned(office)
    assert made.meeting.host_team == "Noord (Zwolle)"


async def test_a_row_that_was_corrected_is_asked_about_and_then_moved(office: Office) -> None:
    person = await office.login("association")
    row = b"soort;titel;datum;begin;einde\r\nleergroep;Zorg;3-11-2027;10:00;12:00\r\n"
    later = row.replace(b"10:00;12:00", b"11:00;13:00")
    await imported(person, row, "a.csv")
    shown = await imported(person, later, "a.csv")
    assert "Zorg op 03-11-2027 11:00 lijkt op de bijeenkomst van 03-11-2027 10:00" in shown
    assert 'name="alike" value="same"' in shown
    assert [one.meeting.start.hour for one in await planned(office)] == [9]
    await imported(person, later, "a.csv", alike="same")
    assert [one.meeting.start.hour for one in await planned(office)] == [10]
    assert "1 hetzelfde" in await imported(person, later, "a.csv")
    await imported(person, later.replace(b"11:00", b"12:00"), "a.csv", alike="both")
    assert [one.meeting.start.hour for one in await planned(office)] == [10, 11]
