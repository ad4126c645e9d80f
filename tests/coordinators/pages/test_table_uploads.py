"""Tables that come in over the pages: shown first, then taken over, by whoever may."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from aiohttp import ClientResponse, FormData
from multidict import MultiDict

from bot.coordinators.access_tables import open_reader_table, reader_rows
from bot.coordinators.held_upload import LASTS, Upload, uploaded
from storage.coordinators import coordinators, teams
from storage.engine.transaction import Snapshot
from storage.meetings import meetings
from tests.coordinators.office import Office, Person
from tests.spreadsheets.make import lines, workbook

TEAMS = "/coordinator/teams"
PEOPLE = "/coordinator/people"
MEETINGS = "/coordinator/meetings"
HELD = re.compile(r'name="held" value="([^"]+)"')


async def send(person: Person, path: str, data: bytes, name: str = "tabel.csv") -> ClientResponse:
    _, page = await person.get("/coordinator/settings")
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    form = FormData()
    form.add_field("csrf", found[1] if found else "")
    form.add_field("file", data, filename=name)
    return await person.client.post(path, data=form, allow_redirects=False)


async def names(office: Office) -> set[str]:
    def read(session: Snapshot) -> set[str]:
        people = coordinators.listed(session)
        return {team.name for team in teams.all_teams(session)} | {each.name for each in people}

    return await office.store.database.read(read)


async def test_teams_of_a_table_are_shown_with_what_is_left_out_and_then_added(
    office: Office,
) -> None:
    chief = await office.login("association")
    table = workbook(
        ("Lijst van gemeente Zwolle",), ("Wijkteam", "Gemeente", "Telefoon"),
        ("Noord", "Zwolle", 1),
        ("Oost", "zwolle", 2), ("", "Zwolle", 3), ("Noord", "Zwolle", 4), ("فريق", "Zwolle", 5),
    )  # fmt: skip
    answer = await send(chief, f"{TEAMS}/import", table, "lijst.xlsx")
    page = await answer.text()
    assert answer.status == 200
    for line in (4, 5, 6):
        assert f"Regel {line}: " in page
    assert "Telefoon" in page
    assert not {"Noord", "فريق"} & await names(office)
    held = HELD.search(page)
    assert held is not None
    answer = await chief.post(f"{TEAMS}/import", {"held": held[1], "act": "store"})
    assert (answer.status, answer.headers["Location"]) == (303, f"{TEAMS}?added=2")
    assert {"Noord", "فريق"} <= await names(office)
    assert "2 teams zijn toegevoegd" in (await chief.get(f"{TEAMS}?added=2"))[1]
    again = await chief.post(f"{TEAMS}/import", {"held": held[1], "act": "store"})
    assert again.status == 400


async def test_a_table_of_readers_gives_no_more_than_who_sends_it_may_give(office: Office) -> None:
    team = await office.login("team", "Oost")
    table = lines(
        "naam;e-mail;rol;team", "Ann;ann@x.nl;lezer;Oost", "Bob;bob@x.nl;lezer;West",
        "Cas;cas@x.nl;vereniging;", "Dee;dee@;lezer;Oost",
    )  # fmt: skip
    page = await (await send(team, f"{PEOPLE}/import", table)).text()
    held = HELD.search(page)
    assert held is not None
    assert [f"Regel {line}" in page for line in (2, 3, 4, 5)] == [False, True, True, True]
    other = await office.login("team", "West")
    assert (await other.post(f"{PEOPLE}/import", {"held": held[1], "act": "store"})).status == 400
    assert (await team.post(f"{PEOPLE}/import", {"held": held[1], "act": "store"})).status == 303
    found = await names(office)
    assert "Ann" in found
    assert not {"Bob", "Cas", "Dee"} & found


READERS = {
    "Ann;ann@x.nl;vereniging;": "",
    "Ann;ann@x.nl;Coördinator;oost (zwolle)": "",
    "Ann;mailto:ann@x.nl;LEZER;Oost, Zwolle": "",
    "Ann;ann@x.nl;team;Oost": "team_unknown",
    "Ann;ann@x.nl;team;": "role_no_team",
    "Ann;ann@x.nl;vereniging;Oost (Zwolle)": "role_team",
    "Ann;ann@x.nl;baas;Oost (Zwolle)": "role_unknown",
    ";ann@x.nl;vereniging;": "no_name",
    "Ann;;vereniging;": "empty_address",
    "Ann;ann@x.nl bob@x.nl;vereniging;": "no_address",
    "Ann;eva@x.nl;vereniging;": "reader_known",
    "Ann;eva@x.nl;lezer;Oost (Zwolle)": "",
}


@pytest.mark.parametrize("row", READERS)
def test_each_row_of_a_table_of_readers_is_taken_or_refused_for_its_own_reason(row: str) -> None:
    every = [
        teams.Team("z", "Oost", "Zwolle", "1"),
        teams.Team("m", "Oost", "Meppel", "2"),
    ]
    eva = coordinators.Coordinator("e", "association", "", "Eva", "mail", "eva@x.nl")
    opened = open_reader_table(lines("naam;e-mail;rol;team", row))
    taken, wrong = reader_rows(opened, every, [eva])
    assert [each.code for each in wrong] == [each for each in (READERS[row],) if each]
    assert len(taken) + len(wrong) == 1


async def test_a_file_of_meetings_is_not_chosen_again_to_answer_a_question(office: Office) -> None:
    chief = await office.login("association")
    head = "soort;titel;datum;begin;einde"
    await send(chief, f"{MEETINGS}/import", lines(head, "leergroep;Zorg;1-12-2026;10:00;12:00"))
    page = await (
        await send(chief, f"{MEETINGS}/import", lines(head, "leergroep;Zorg;3-12-2026;10:00;12:00"))
    ).text()
    held = HELD.search(page)
    assert held is not None
    answer = await chief.post(f"{MEETINGS}/import", {"held": held[1], "alike": "same"})
    assert answer.status == 200
    assert 'name="held"' not in await answer.text()
    rows = await office.store.database.read(meetings.listed)
    assert len(rows) == 1


async def test_people_of_a_table_are_invited_and_wrong_rows_are_named(office: Office) -> None:
    chief = await office.login("association")
    form = {"kind": "learning_group", "title": "Zorg", "day": "2026-12-01", "start": "10:00",
            "end": "12:00", "teams": "Oost"}  # fmt: skip
    there = (await chief.post(MEETINGS, form)).headers["Location"].partition("?")[0]
    assert (await chief.post(f"{there}/invite", {"addresses": " "})).status == 400
    table = lines("Display Name,Primary SMTP Address", "Ann,ann@x.nl", "Bob,bob", "Cas,cas@x.nl")
    page = await (await send(chief, f"{there}/invite", table)).text()
    assert "2 mensen zijn uitgenodigd" in page
    assert "Regel 3: " in page


def test_what_a_form_carries_opens_for_one_use_and_for_half_an_hour(office: Office) -> None:
    vault, now = office.store.vault, office.clock.now()
    sent = Upload("x.csv", b"\x00naam;gemeente\xff" * 9)
    held = sent.sealed(vault, "teams:a", now)

    def opened(text: str, use: str = "teams:a", later: timedelta = timedelta()) -> Upload | None:
        return uploaded(MultiDict(held=text), vault, use, now + later)

    assert opened(held) == opened(held, later=LASTS) == sent
    assert b"gemeente" not in held.encode()
    other = "B" if held[40] == "A" else "A"
    wrong = (opened(held, "teams:b"), opened(held, later=LASTS + timedelta(seconds=1)),
             opened(held[:-8]), opened("é"),
             opened(held[:40] + other + held[41:]), opened(""))  # fmt: skip
    assert wrong == (None,) * 6
