"""Who comes in, how, and what each role may do: the whole matrix, over HTTP."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.coordinators.pages.site import COOKIE
from storage.coordinators import audit
from storage.coordinators.coordinators import Role
from storage.outbox import queue
from tests.coordinators.office import Office, Person

RUNGS = ("keep", "coordinator", "team", "network")
ROLES: tuple[tuple[Role, str], ...] = (
    ("association", ""),
    ("team", "Oost"),
    ("team", "West"),
    ("reader", "Oost"),
    ("reader", "West"),
)
READS = {
    # (role, team): the rungs of a story of Oost that it reads, before and after a moderator looked
    ("association", ""): ({"network"}, {"network"}),
    ("team", "Oost"): ({"coordinator", "team", "network"}, {"coordinator", "team", "network"}),
    ("team", "West"): (set(), {"network"}),
    ("reader", "Oost"): ({"team", "network"}, {"team", "network"}),
    ("reader", "West"): (set(), {"network"}),
}


@pytest.mark.parametrize("reviewed", [False, True])
@pytest.mark.parametrize(("role", "team"), ROLES)
async def test_each_role_reads_what_the_consents_let_it_read_and_nothing_else(
    office: Office, role: Role, team: str, reviewed: bool
) -> None:
    person = await office.login(role, team)
    for rung in RUNGS:
        story_id = await office.tell("Oost", rung, name=f"Naam {rung}", reviewed=reviewed)
        status, page = await person.get(f"/coordinator/story/{story_id}")
        _, listed = await person.get("/coordinator/stories")
        _, found = await person.get("/coordinator/stories?q=fatima")
        reads = rung in READS[role, team][reviewed]
        assert status == (200 if reads else 404), rung
        assert ("Fatima" in page) == reads
        assert (f"Naam {rung}" in listed) == reads
        assert (f"Naam {rung}" in found) == reads


@pytest.mark.parametrize("state", ["hold", "serious"])
@pytest.mark.parametrize(("role", "team"), ROLES)
async def test_a_story_that_waits_is_read_by_moderators_only(
    office: Office, role: Role, team: str, state: str
) -> None:
    story_id = await office.tell("Oost", reviewed=True)
    chief = await office.coordinator("team", "Oost")
    moderator = await office.login("team", "Oost")
    form = {"note": "even kijken", "who": chief.id, "due": "2026-12-01"}
    answer = await moderator.post(f"/coordinator/story/{story_id}/{state}", form)
    assert answer.status == 303
    person = await office.login(role, team)
    status, _ = await person.get(f"/coordinator/story/{story_id}")
    assert status == (200 if (role, team) in {("association", ""), ("team", "Oost")} else 404)


PAGES = {
    "/coordinator": {"association", "team", "reader"},
    "/coordinator/stories": {"association", "team", "reader"},
    "/coordinator/people": {"association", "team"},
    "/coordinator/log": {"association", "team"},
    "/coordinator/teams": {"association", "team", "reader"},
    "/coordinator/settings": {"association", "team", "reader"},
}
ACTS = ("clear", "take-out", "hold", "serious", "release")


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_is_for_its_roles(office: Office, path: str) -> None:
    stranger = await office.browser()
    assert (await stranger.get(path))[0] == 401
    for role, team in ROLES:
        person = await office.login(role, team)
        assert (await person.get(path))[0] == (200 if role in PAGES[path] else 403)


@pytest.mark.parametrize("act", ACTS)
async def test_only_the_moderators_of_a_story_change_it(office: Office, act: str) -> None:
    story_id = await office.tell("Oost", reviewed=True)
    before = await office.story(story_id)
    others: tuple[tuple[Role, str], ...] = (
        ("team", "West"),
        ("reader", "Oost"),
        ("reader", "West"),
    )
    for role, team in others:
        person = await office.login(role, team)
        form = {"mark": "text:0:6", "note": "x", "who": "x", "due": "2026-12-01"}
        answer = await person.post(f"/coordinator/story/{story_id}/{act}", form)
        assert answer.status in (403, 404)
    assert await office.story(story_id) == before


@pytest.mark.parametrize("path", ["/coordinator/people", "/coordinator/settings"])
async def test_a_form_without_the_mark_of_the_session_changes_nothing(
    office: Office, path: str
) -> None:
    person = await office.login("association")
    for csrf in ("", "wrong", "ë"):
        answer = await person.post(path, {"name": "Eve", "role": "association"}, csrf=csrf)
        assert answer.status == 403
    _, page = await person.get("/coordinator/people")
    assert "Eve" not in page


async def test_a_form_of_another_site_changes_nothing(office: Office) -> None:
    person = await office.login("association")
    answer = await person.client.post(
        "/coordinator/people", data={"name": "Eve"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status == 403


async def test_a_link_works_once_and_for_fifteen_minutes(office: Office) -> None:
    someone = await office.coordinator("association")
    token = await office.link(someone)
    first, second, late = [await office.browser() for _ in range(3)]
    assert (await first.get(f"/coordinator/login/{token}"))[0] == 200
    answer = await first.client.post(f"/coordinator/login/{token}", allow_redirects=False)
    assert answer.status == 303
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/coordinator"
    again = await second.client.post(f"/coordinator/login/{token}", allow_redirects=False)
    assert again.status == 403
    token = await office.link(someone)
    office.clock.move(minutes=16)
    assert (await late.client.post(f"/coordinator/login/{token}")).status == 403


async def test_sessions_end(office: Office) -> None:
    person = await office.login("association")
    assert (await person.get("/coordinator"))[0] == 200
    assert (await person.post("/coordinator/logout")).status == 303
    assert (await person.get("/coordinator"))[0] == 401
    other = await office.login("association")
    office.clock.move(hours=13)
    assert (await other.get("/coordinator"))[0] == 401


async def test_whose_access_is_taken_away_is_out_at_once(office: Office) -> None:
    chief = await office.login("association")
    someone = await office.coordinator("reader", "Oost", "Bob")
    bob = await office.browser()
    await bob.client.post(f"/coordinator/login/{await office.link(someone)}")
    assert (await bob.get("/coordinator"))[0] == 200
    asked = await chief.post(f"/coordinator/people/{someone.id}/remove")
    assert asked.status == 200
    assert 'name="sure"' in await asked.text()
    assert (await bob.get("/coordinator"))[0] == 200
    sure = {"sure": "yes"}
    assert (await chief.post(f"/coordinator/people/{someone.id}/remove", sure)).status == 303
    assert (await bob.get("/coordinator"))[0] == 401


async def test_a_team_gives_access_to_its_own_people_only(office: Office) -> None:
    person = await office.login("team", "Oost")
    for role, team, status in (
        ("reader", "Oost", 200),
        ("team", "Oost", 200),
        ("reader", "West", 400),
        ("association", "", 400),
    ):
        team_id = office.teams[team].id if team else ""
        answer = await person.post(
            "/coordinator/people", {"name": f"{role} {team}", "role": role, "team": team_id}
        )
        assert answer.status == status, (role, team)
    other = await office.coordinator("reader", "West")
    for act in ("link", "end", "remove"):
        assert (await person.post(f"/coordinator/people/{other.id}/{act}")).status == 404


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "application/x-www-form-urlencoded; charset=nope"]
)
async def test_a_form_that_cannot_be_read_is_refused(office: Office, kind: str) -> None:
    someone, stranger = await office.login("association"), await office.browser()
    headers = {"Content-Type": kind}
    for person, path in ((stranger, "login"), (someone, "settings")):
        answer = await person.client.post(f"/coordinator/{path}", data=b"a=1", headers=headers)
        assert answer.status == 403


@pytest.mark.parametrize("path", ["login", "settings"])
@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("unicode_escape", b"%s=a\\ud83d"),
        ("utf-7", b"%s=+2D0-"),
        ("unicode_escape", b"%s\\udcff=a"),
    ],
)
async def test_a_form_with_half_a_character_is_refused(
    office: Office, path: str, charset: str, body: bytes
) -> None:
    someone = await office.login("association")
    for field in (b"address", b"csrf", b"other"):
        answer = await someone.client.post(
            f"/coordinator/{path}",
            data=body % field,
            headers={"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"},
        )
        assert answer.status == 403


async def test_a_cookie_with_half_a_character_is_nobodys(office: Office) -> None:
    host, port = office.server.host, office.server.port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET /coordinator HTTP/1.1\r\nHost: a\r\nConnection: close\r\n")
    writer.write(b"Cookie: vertelbot_coordinator=\xff\r\n\r\n")
    assert b" 401 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("address", ["no address", "a@example.org\r\nBcc: b@example.org"])
async def test_nobody_gets_access_under_what_is_no_address(office: Office, address: str) -> None:
    person = await office.login("association")
    form = {"name": "Bob", "role": "association", "address": address}
    answer = await person.post("/coordinator/people", form)
    assert answer.status == 400
    assert "Dit is geen mailadres" in await answer.text()
    assert "Bob" not in (await person.get("/coordinator/people"))[1]


async def test_a_link_for_someone_else_is_in_the_log(office: Office) -> None:
    chief = await office.login("association", name="Alice")
    other = await office.coordinator("reader", "Oost", "Bob")
    assert (await chief.post(f"/coordinator/people/{other.id}/link")).status == 200
    lines = await office.store.database.read(lambda s: audit.entries(s, team=other.team))
    assert ("coordinator_added", "reader") in [(each.action, each.detail) for each in lines]


async def test_the_log_says_in_words_what_was_done(office: Office) -> None:
    person = await office.login("association", name="Alice")
    story_id = await office.tell("Oost", reviewed=True)
    await person.get("/coordinator/stories?q=fatima")
    await person.post("/coordinator/people", {"name": "Bob", "role": "association"})
    await person.post("/coordinator/files", {"purpose": "network", "format": "csv"})
    _, page = await person.get("/coordinator/people")
    bob = re.findall("/people/([^/]+)/link", page)[-1]
    form = {"who": bob, "due": "2026-12-01", "note": "even bellen"}
    await person.post(f"/coordinator/story/{story_id}/serious", form)
    _, page = await person.get("/coordinator/log")
    for said in (
        "1 van 1 gevonden",
        ">Associatie<",
        "voor leergroepen, andere teams en de associatie (csv)",
        "uiterlijk 1 december 2026",
    ):
        assert said in page


async def test_a_link_is_sent_to_a_known_address_and_nobody_learns_which_are_known(
    office: Office,
) -> None:
    await office.coordinator("association", name="Alice", channel="mail", address="a@example.org")
    stranger = await office.browser()
    answers = []
    for address in ("a@example.org", "b@example.org"):
        answer = await stranger.client.post("/coordinator/login", data={"address": address})
        answers.append((answer.status, await answer.text()))
    assert answers[0] == answers[1]
    now = office.clock.now()
    rows = await office.store.database.write(lambda c: queue.due(c, now, 9))
    assert [(row.channel, row.address) for row in rows] == [("mail", "a@example.org")]
    link = rows[0].effect["text"].split("/coordinator/login/")[1]
    assert (await stranger.client.post(f"/coordinator/login/{link}")).status == 200


async def test_asking_for_links_to_one_address_is_slowed_down(office: Office) -> None:
    stranger = await office.browser()
    statuses = [
        (await stranger.client.post("/coordinator/login", data={"address": "a@b.nl"})).status
        for _ in range(7)
    ]
    assert statuses[:5] == [200] * 5
    assert statuses[5:] == [429] * 2


async def test_every_look_at_a_story_is_in_the_log(office: Office) -> None:
    story_id = await office.tell("Oost")
    alice = await office.login("team", "Oost", "Alice")
    await alice.get(f"/coordinator/story/{story_id}")
    await alice.get("/coordinator/stories?q=fatima")
    lines = await office.store.database.read(audit.entries)
    assert [line.action for line in lines] == ["search", "read", "login"]
    hashed = office.store.vault.story_hash(story_id)
    assert lines[1].story_hash == hashed
    assert "fatima" not in repr(lines).casefold()
    _, page = await alice.get("/coordinator/log")
    assert "Alice: las een verhaal" in page
    other = await office.login("team", "West", "Carol")
    _, page = await other.get("/coordinator/log")
    assert "Alice" not in page


async def headers(person: Person, path: str) -> dict[str, str]:
    async with person.client.get(path) as answer:
        return dict(answer.headers)


async def test_pages_keep_to_themselves(office: Office) -> None:
    person = await office.login("association")
    sent = await headers(person, "/coordinator")
    assert "default-src 'none'" in sent["Content-Security-Policy"]
    assert "unsafe" not in sent["Content-Security-Policy"]
    assert sent["Cache-Control"] == "no-store"
