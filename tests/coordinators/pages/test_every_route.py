"""Every route there is: strangers, roles, forms without their mark, and addresses full of nonsense.
A new route without a line in the matrix fails here."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from storage.coordinators.coordinators import Role
from tests.coordinators.office import Office, Person

ALL = ("association", "team", "reader")
MODERATORS = ("association", "team")
OPEN = (
    "/coordinator/login", "/coordinator/login/{token}", "/coordinator/unsubscribe",
    "/coordinator/static",
)  # fmt: skip
MATRIX: dict[tuple[str, str], tuple[str, ...]] = {
    ("GET", "/coordinator"): ALL,
    ("GET", "/coordinator/stories"): ALL,
    ("GET", "/coordinator/story/{id}"): ALL,
    ("GET", "/coordinator/story/{id}/file/{number}"): ALL,
    ("GET", "/coordinator/queue"): MODERATORS,
    ("POST", "/coordinator/selections"): ALL,
    ("GET", "/coordinator/selection/{id}"): ALL,
    ("POST", "/coordinator/selection/{id}/remove"): ALL,
    ("GET", "/coordinator/patterns"): ALL,
    ("GET", "/coordinator/teams"): ALL,
    ("POST", "/coordinator/teams"): ("association",),
    ("GET", "/coordinator/teams/{id}"): ("association",),
    ("GET", "/coordinator/teams/{id}/{kind}"): ALL,
    ("POST", "/coordinator/teams/{id}/{act}"): ("association",),
    ("GET", "/coordinator/settings"): ALL,
    ("POST", "/coordinator/settings"): ALL,
    ("POST", "/coordinator/settings/telegram"): ALL,
    ("POST", "/coordinator/settings/push"): MODERATORS,
    ("POST", "/coordinator/logout"): ALL,
    ("POST", "/coordinator/logout/everywhere"): ALL,
    ("GET", "/coordinator/digest"): MODERATORS,
    ("GET", "/coordinator/files"): MODERATORS,
    ("POST", "/coordinator/files"): MODERATORS,
    ("GET", "/coordinator/people"): MODERATORS,
    ("POST", "/coordinator/people"): MODERATORS,
    ("POST", "/coordinator/people/{id}/{act}"): MODERATORS,
    ("GET", "/coordinator/figures"): ALL,
    ("POST", "/coordinator/figures"): MODERATORS,
    ("GET", "/coordinator/figures/template.csv"): ALL,
    ("GET", "/coordinator/figures/import/{number}"): MODERATORS,
    ("GET", "/coordinator/figures/area/{area}"): ALL,
    ("GET", "/coordinator/figures/contradictions"): ALL,
    ("GET", "/coordinator/figures/enough"): ALL,
    ("POST", "/coordinator/figures/contradictions"): MODERATORS,
    ("GET", "/coordinator/figures/{id}"): ALL,
    ("POST", "/coordinator/figures/{id}/remove"): MODERATORS,
    ("GET", "/coordinator/guides"): ALL,
    ("GET", "/coordinator/guides/new"): ("association",),
    ("POST", "/coordinator/guides/check"): ("association",),
    ("POST", "/coordinator/guides/new"): ("association",),
    ("GET", "/coordinator/guides/{id}"): ALL,
    ("POST", "/coordinator/guides/{id}/head"): ("association",),
    ("GET", "/coordinator/guides/{id}/step"): ("association",),
    ("POST", "/coordinator/guides/{id}/step"): ("association",),
    ("POST", "/coordinator/guides/{id}/move"): ("association",),
    ("POST", "/coordinator/guides/{id}/remove"): ("association",),
    ("POST", "/coordinator/guides/{id}/mend"): ("association",),
    ("GET", "/coordinator/guides/{id}/text"): ("association",),
    ("POST", "/coordinator/guides/{id}/text"): ("association",),
    ("GET", "/coordinator/guides/{id}/saves"): ("association",),
    ("POST", "/coordinator/guides/{id}/undo"): ("association",),
    ("POST", "/coordinator/guides/{id}/merge"): ("association",),
    ("POST", "/coordinator/guides/{id}/away"): ("association",),
    ("POST", "/coordinator/guides/{id}/try"): ("association",),
    ("GET", "/coordinator/guides/{id}/publish"): ("association",),
    ("POST", "/coordinator/guides/{id}/publish"): ("association",),
    ("GET", "/coordinator/guides/{id}/versions"): ALL,
    ("POST", "/coordinator/guides/{id}/versions/{number}/back"): ("association",),
    ("POST", "/coordinator/guides/{id}/versions/{number}/recall"): ("association",),
    ("POST", "/coordinator/guides/file"): ("association",),
    ("GET", "/coordinator/guides/{id}/bundle"): ("association",),
    ("GET", "/coordinator/guides/{id}/xlsform"): ("association",),
    ("GET", "/coordinator/guides/{id}/overlay"): MODERATORS,
    ("POST", "/coordinator/guides/{id}/overlay"): MODERATORS,
    ("GET", "/coordinator/guides/{id}/overlay/phone/{team}/{step}"): MODERATORS,
    ("GET", "/coordinator/guides/{id}/overlay/phone/{team}/{step}/{loading}/ws"): MODERATORS,
    ("GET", "/coordinator/guides/{id}/translations"): ("association",),
    ("POST", "/coordinator/guides/{id}/translations"): ("association",),
    ("GET", "/coordinator/guides/{id}/translations/{language}.po"): ("association",),
    ("POST", "/coordinator/guides/{id}/translations/{language}"): ("association",),
    ("GET", "/coordinator/guides/{id}/phone/{step}"): ("association",),
    ("GET", "/coordinator/guides/{id}/phone/{step}/{loading}/ws"): ("association",),
    ("GET", "/coordinator/guides/{id}/use"): MODERATORS,
    ("GET", "/coordinator/guides/{id}/dryrun"): MODERATORS,
    ("GET", "/coordinator/whatsapp"): ("association",),
    ("POST", "/coordinator/whatsapp"): ("association",),
    ("GET", "/coordinator/log"): MODERATORS,
    ("GET", "/coordinator/blocked"): ("association",),
    ("POST", "/coordinator/blocked/{id}/free"): ("association",),
    ("GET", "/coordinator/meetings"): MODERATORS,
    ("POST", "/coordinator/meetings"): MODERATORS,
    ("POST", "/coordinator/meetings/import"): MODERATORS,
    ("POST", "/coordinator/people/import"): MODERATORS,
    ("POST", "/coordinator/teams/import"): ("association",),
    ("GET", "/coordinator/meetings/new"): MODERATORS,
    ("GET", "/coordinator/meetings/{id}"): MODERATORS,
    ("GET", "/coordinator/meetings/{id}/{kind}"): MODERATORS,
    ("GET", "/coordinator/meetings/{id}/cancel"): MODERATORS,
    ("POST", "/coordinator/meetings/{id}/cancel"): MODERATORS,
    ("POST", "/coordinator/meetings/{id}/keep"): MODERATORS,
    ("POST", "/coordinator/meetings/{id}/invite"): MODERATORS,
    ("POST", "/coordinator/meetings/{id}/move"): MODERATORS,
    ("POST", "/coordinator/story/{id}/{act}"): MODERATORS,
    ("GET", "/coordinator/sessions"): ALL,
    ("POST", "/coordinator/sessions"): MODERATORS,
    ("GET", "/coordinator/sessions/{id}"): ALL,
    ("GET", "/coordinator/sessions/{id}/swap/{card}"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/swap"): MODERATORS,
    ("GET", "/coordinator/sessions/{id}/add"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/add"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/hand"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/pack.pdf"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/remove"): MODERATORS,
    ("GET", "/coordinator/sessions/{id}/pattern"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/pattern"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/pattern/remove"): MODERATORS,
    ("GET", "/coordinator/sessions/{id}/lead"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/lead"): MODERATORS,
    ("GET", "/coordinator/sessions/{id}/count"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/reading"): MODERATORS,
    ("GET", "/coordinator/sessions/{id}/screen/{place}"): ALL,
    ("GET", "/coordinator/sessions/{id}/record"): ALL,
    ("POST", "/coordinator/sessions/{id}/record/outcome"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/record/decision"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/record/remove"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/record/change"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/record/change/tell"): MODERATORS,
    ("POST", "/coordinator/sessions/{id}/record/change/offer"): MODERATORS,
    ("GET", "/coordinator/limits"): ALL,
    ("POST", "/coordinator/limits"): MODERATORS,
    ("GET", "/coordinator/threads"): ALL,
    ("GET", "/coordinator/threads/{key}"): ALL,
    ("POST", "/coordinator/threads/{key}/question"): MODERATORS,
    ("GET", "/coordinator/public"): ("association",),
    ("GET", "/coordinator/public/{place}"): ("association",),
    ("POST", "/coordinator/public/{place}/look"): ("association",),
    ("POST", "/coordinator/public/{place}/on"): ("association",),
    ("POST", "/coordinator/public/{place}/off"): ("association",),
}
SLOTS = {
    "area": "GM0193",
    "id": "0" * 32,
    "number": "0",
    "act": "hold",
    "kind": "pdf",
    "card": "0" * 32,
    "place": "0",
    "step": "-",
    "team": "0" * 32,
    "loading": "0" * 32,
    "language": "tr",
    "key": "visit.a.b",
}


def served(office: Office) -> set[tuple[str, str]]:
    """What is served to coordinators, as (method, path)."""
    return {
        (route.method, route.resource.canonical)
        for route in office.server.app.router.routes()
        if route.resource is not None
        and route.resource.canonical.startswith("/coordinator")
        and not route.resource.canonical.startswith(OPEN)
        and route.method != "HEAD"
    }


async def ask(person: Person, method: str, path: str, csrf: str | None = None) -> int:
    slots = {**SLOTS, "act": "close"} if "/teams/" in path else SLOTS
    filled = path.format(**slots)
    if method == "GET":
        return (await person.get(filled))[0]
    return (await person.post(filled, {"note": "x"}, csrf=csrf)).status


async def marked(office: Office, role: Role, team: str) -> tuple[Person, str]:
    """Somebody who is logged in, and the mark of their forms."""
    person = await office.login(role, team)
    _, page = await person.get("/coordinator/settings")
    return person, page.split('name="csrf" value="')[1].split('"')[0]


async def test_every_route_is_in_the_matrix(office: Office) -> None:
    assert served(office) == set(MATRIX)


async def test_a_stranger_gets_nowhere(office: Office) -> None:
    stranger = await office.browser()
    for method, path in MATRIX:
        assert await ask(stranger, method, path, csrf="") == 401, path


@pytest.mark.parametrize("role", ALL)
async def test_each_role_gets_as_far_as_the_matrix_says(office: Office, role: Role) -> None:
    team = "" if role == "association" else "Oost"
    person, csrf = await marked(office, role, team)
    for (method, path), roles in MATRIX.items():
        status = await ask(person, method, path, csrf)
        if path.startswith("/coordinator/logout"):
            person, csrf = await marked(office, role, team)
        if role in roles:
            assert status in (200, 303, 400, 404), (path, status)
        else:
            assert status == 403, (path, status)


@pytest.mark.parametrize("role", ALL)
async def test_no_form_counts_without_the_mark_of_its_session(office: Office, role: Role) -> None:
    team = "" if role == "association" else "Oost"
    person = await office.login(role, team)
    _, borrowed = await marked(office, role, team)
    for method, path in MATRIX:
        if method == "POST":
            for csrf in ("", "x" * 64, borrowed):
                assert await ask(person, method, path, csrf=csrf) == 403, path


async def test_titles_of_pages_differ(office: Office) -> None:
    """So that tabs, bookmarks and screen readers tell them apart."""
    person = await office.login("association")
    story_id = await office.tell("Oost")
    paths = [path for method, path in MATRIX if method == "GET" and "{" not in path]
    paths = [path for path in paths if path != "/coordinator/queue"]  # it leads elsewhere
    paths = [path for path in paths if not path.endswith(".csv")]  # a file
    more = [f"/coordinator/story/{story_id}", "/coordinator/stories?state=waiting"]
    titles = {}
    for path in (*paths, *more):
        _, page = await person.get(path)
        titles[path] = page.split("<title>")[1].split("</title>")[0]
    assert len(set(titles.values())) == len(titles) > 12, titles


STORY = ("clear", "take-out", "hold", "serious", "release", "close", "nonsense", "..")


async def test_a_story_of_another_team_is_as_if_it_were_not_there(office: Office) -> None:
    story_id = await office.tell("Oost", "team", reviewed=True)
    before = await office.story(story_id)
    others: tuple[tuple[Role, str], ...] = (
        ("team", "West"),
        ("reader", "West"),
        ("association", ""),
    )
    for role, team in others:
        person = await office.login(role, team)
        missing = await person.get(f"/coordinator/story/{'0' * 32}")
        assert await person.get(f"/coordinator/story/{story_id}") == missing
        assert (await person.get(f"/coordinator/story/{story_id}/file/0"))[0] == 404
        for act in STORY:
            answer = await person.post(f"/coordinator/story/{story_id}/{act}", {"note": "x"})
            assert answer.status in (403, 404)
    assert await office.story(story_id) == before


NONSENSE = (
    "", "'", "\"><script>alert(1)</script>", "\x00", "../../etc/passwd", "9" * 400, "-1", "1e9",
    "²", "٣", "2026-W99", "2026-W00", "0000-W01", "0001-W01", "9999-W53", "promise:", ":",
    "promise:own_life:x",
    "movement_problems_strengths:a-b", "essence:pole:99", "essence:pole:-1", "feeling:0-100",
    "promise:unanswered", "movement_problems_strengths:²-³", "💬", "%", "{}", "{{7*7}}",
)  # fmt: skip
QUERIES = {
    "/coordinator/stories": (
        "q", "page", "guide", "team", "language", "first", "last", "state", "answer", "told", "was",
        "had",
    ),
    "/coordinator/files": ("q", "guide", "answer", "first", "state"),
    "/coordinator/patterns": ("a", "b", "merge", "answer", "first", "guide", "state"),
    "/coordinator/digest": ("week", "team"),
    "/coordinator/log": ("before",),
    "/coordinator/meetings/new": ("kind",),
    "/coordinator": ("x",),
}  # fmt: skip


async def test_nonsense_in_an_address_breaks_nothing(office: Office, torture: bool) -> None:
    """Every page meets all of it, by one name or another; with `--torture`, by every name."""
    await office.tell("Oost", reviewed=True)
    for path, names in QUERIES.items():
        share = 1 if torture else min(3, len(names))
        for place, name in enumerate(names):
            person = await office.login("association")  # whose pace is fresh
            for value in NONSENSE[place % share :: share]:
                status, page = await person.get(f"{path}?{name}={quote(value)}")
                assert status == 200, (path, name, value)
                assert "<script>alert" not in page
