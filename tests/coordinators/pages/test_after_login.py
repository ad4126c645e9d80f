"""A link into the pages survives the login; a link made elsewhere leads nowhere else."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.coordinators.after_login import HOME, checked_page, signed
from storage.outbox import queue
from tests.coordinators.office import Office

ASKED = "/coordinator/digest?week=2026-W46&team=a%2Db"


async def carried_by(office: Office, path: str) -> dict[str, str]:
    """What the login form of a page carries along."""
    _, page = await (await office.browser()).get(path)
    found = re.findall(r'type="hidden" name="(to|mark)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


async def test_a_digest_link_leads_to_the_digest_through_the_login(office: Office) -> None:
    await office.coordinator("association", name="Alice", channel="mail", address="a@example.org")
    stranger = await office.browser()
    form = await carried_by(office, ASKED)
    assert form["to"] == "/coordinator/digest?week=2026-W46&team=a-b"
    wrong = await stranger.client.post("/coordinator/login", data={"address": "x", **form})
    assert form["mark"] in await wrong.text()
    await stranger.client.post("/coordinator/login", data={"address": "a@example.org", **form})
    now = office.clock.now()
    (row,) = await office.store.database.write(lambda c: queue.due(c, now, 9))
    link = re.search(r"/coordinator/login/\S+", row.effect["text"])
    assert link is not None
    status, page = await stranger.get(link[0])  # looking at it uses nothing up
    action = re.search(r'action="([^"]+)"', page)
    assert status == 200
    assert action is not None
    answer = await stranger.client.post(unescape(action[1]), allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, form["to"])
    assert (await stranger.get(form["to"]))[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/coordinator", "/coordinator/digest", "/coordinator/stories?q=fatima&first=2026-W01",
     "/coordinator/story/" + "0" * 32, "/coordinator/patterns?answer=promise%3Aown_life"],
)  # fmt: skip
async def test_every_page_comes_along_and_no_word_that_was_searched_for(
    office: Office, path: str
) -> None:
    form = await carried_by(office, path)
    page = checked_page(office.store.vault, form)
    assert page.partition("?")[0] == path.partition("?")[0]
    assert "fatima" not in page


@pytest.mark.parametrize(
    "page",
    ["https://evil.example", "//evil.example", "/coordinator.evil", "/coordinator/../x", "/",
     "/coordinator\\evil", "/coordinator/logout", "/coordinator/digest\r\nX: y", "/coordinatorx",
     "/coordinator/" + "a" * 2000],
)  # fmt: skip
def test_nothing_but_a_page_of_ours_is_gone_on_to(office: Office, page: str) -> None:
    vault = office.store.vault
    assert checked_page(vault, signed(vault, page)) == HOME
    made_up = {"to": "/coordinator/digest", "mark": signed(vault, page)["mark"]}
    assert checked_page(vault, made_up) == HOME
    assert checked_page(vault, {"to": "/coordinator/digest", "mark": "\udcff"}) == HOME


async def test_a_form_does_not_come_along(office: Office) -> None:
    stranger = await office.browser()
    answer = await stranger.client.post("/coordinator/settings", data={"digest": "yes"})
    assert answer.status == 401
    assert 'name="to"' not in await answer.text()
