"""Every number of digest and overview, counted again from the rows; and every link followed: it
opens just the stories that its number counted."""

from __future__ import annotations

import random
import re
from functools import partial
from html import unescape
from typing import Any

import pytest

from bot.coordinators.digest.gaps import PROMISES
from storage.coordinators.coordinators import Role
from storage.stories.movements import MOVEMENTS
from storage.weeks import quarter_before, quarter_of, span_of, weeks_before, weeks_of_quarter
from tests.coordinators import recount
from tests.coordinators.digest.test_response_rate import ask, meeting
from tests.coordinators.office import Office, Person, telling
from tests.coordinators.recount import Row
from tests.storage.stores import FLAGS, shelve
from tests.storage.stores import WEEK as ASKED_IN

WEEK = "2026-W46"
WEEKS = ("2026-W47", WEEK, WEEK, WEEK, "2026-W45", "2026-W30", "2026-W31", "2026-W10")
READERS: tuple[tuple[Role, str], ...] = (
    ("association", ""),
    ("team", "Oost"),
    ("reader", "Oost"),
)
SCALES = {"professional": MOVEMENTS, "resident": (MOVEMENTS[1], *recount.OWN_WORDS.values())}
CHANNELS = ("web", "telegram")
LINK = re.compile(r'<a [^>]*href="(/coordinator/stories[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


async def fill(office: Office, count: int = 500) -> list[Row]:
    """Stories of all kinds, with every level of consent and in every state; their rows."""
    rng = random.Random(5)
    places = [office.teams["Oost"].id, office.teams["Oost"].id, office.teams["West"].id, ""]

    def made(guide: str) -> Any:
        answers: dict[str, Any] = {"promise": rng.sample(PROMISES[:4], rng.choice((1, 2)))}
        answers |= {step: rng.randint(0, 100) for step in SCALES[guide] if rng.random() < 0.8}
        if rng.random() < 0.1:
            del answers["promise"]
        return telling(
            guide=guide, team=rng.choice(places), answers=answers, kind=guide,
            language=rng.choice(("nl", "nl", "en")),
        )  # fmt: skip

    flags = [*FLAGS.values(), {**FLAGS["everyone"]}, {**FLAGS["held"], "state": "serious"}]
    for each in flags:
        told = [
            (rng.choice(WEEKS), made(rng.choice(("resident", "professional"))))
            for _ in range(count // len(flags))
        ]
        keep = partial(shelve, tellings=told, **each)
        await office.store.database.write(partial(keep, channel=rng.choice(CHANNELS)))
    vault = office.store.vault
    return [
        {**row, "channel": vault.open_json(f"story:{row['id']}", row["sealed"])["channel"]}
        for row in recount.rows(office.store.url)
    ]


@pytest.mark.parametrize(
    ("role", "team"), [("association", ""), ("association", "Oost"), ("team", "Oost")]
)
async def test_every_number_of_a_digest_is_that_of_the_rows(
    office: Office, role: Role, team: str
) -> None:
    stories = await fill(office)
    team_id = office.teams[team].id if team else ""
    who = await office.coordinator(role, team if role == "team" else "")
    digest = (await office.digests.told(who, WEEK, team_id, "nl")).digest
    audience = team_id if role == "team" else "association"
    quarter = weeks_of_quarter(quarter_before(quarter_of(WEEK)))
    last = {weeks_before(WEEK, back) for back in range(13)}
    assert len(digest.figures) > 10
    both = [(digest, audience, team_id if role == "association" else "")]
    if digest.together is not None:
        both.append((digest.together, "everyone" if role == "team" else "association", ""))
    for told, counted, within in both:
        seen = [
            row for row in stories
            if recount.told_to(counted)(row) and within in ("", row["team_id"])
        ]  # fmt: skip

        def count(
            weeks: Any, dimension: str = "story", value: str = "", seen: list[Row] = seen
        ) -> int:
            return sum(r["week"] in weeks and recount.gave(r, dimension, value) for r in seen)

        for (dimension, value), number in told.figures.items():
            if dimension != "prompt":
                assert number == count([WEEK], dimension, value), (dimension, value)
        for week, shown in told.weeks.items():
            assert week in last
            assert shown in (None, count([week]))
        for (dimension, value), number in told.before.items():
            if told.whole and dimension != "voice":
                assert number == count(quarter, dimension, value), (dimension, value)


@pytest.mark.parametrize(
    ("role", "team", "sides"),
    [
        ("association", "", {"host", "guest"}),
        ("association", "Oost", {"host"}),
        ("team", "West", {"guest"}),
    ],
)
async def test_who_was_asked_after_meetings_is_counted_again_from_the_rows(
    office: Office, role: Role, team: str, sides: set[str]
) -> None:
    visit = meeting()
    await ask(office.store, visit, "host", told=7, silent=6)
    await ask(office.store, visit, "guest", told=6, silent=9)
    office.clock.move(days=7)
    team_id = office.teams[team].id if team else ""
    who = await office.coordinator(role, team if role == "team" else "")
    digest = (await office.digests.told(who, ASKED_IN, team_id, "nl")).digest
    since, until = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in span_of(ASKED_IN))
    sent, told = recount.asked_after(office.store.url, sides, since, until)
    assert sent > told > 0
    assert digest.number("prompt", "sent") == sent
    assert digest.number("prompt", "answered") == told


async def links(person: Person, path: str) -> list[tuple[str, str]]:
    status, page = await person.get(path)
    assert status == 200
    return [(unescape(link), re.sub("<[^>]+>", " ", text)) for link, text in LINK.findall(page)]


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(("role", "team"), READERS)
async def test_every_link_opens_just_the_stories_that_its_number_counted(
    office: Office, role: Role, team: str
) -> None:
    stories = await fill(office, 220)
    team_id = office.teams[team].id if team else ""
    person = await office.login(role, team)
    pages = ["/coordinator"] if role == "reader" else ["/coordinator", "/coordinator/digest"]
    if role == "association":
        pages.append(f"/coordinator/digest?team={office.teams['Oost'].id}")
    followed = 0
    for path in pages:
        for link, text in await links(person, path):
            numbers = re.findall(r"\d+", text.partition("week")[2] or text)
            if not numbers:
                continue  # an entry of the menu
            number = int(numbers[-1])
            assert number == recount.behind(link, role, team_id, stories), (path, link, text)
            _, listed = await person.get(link)
            found = re.search(r'<p role="status">(\d+) verha', listed)
            assert found is not None, link
            assert int(found[1]) == number, (path, link)
            followed += 1
    assert followed >= (15 if role == "reader" else 30)
    of_team = [link for link, text in await links(person, pages[-1]) if "first=" in link]
    assert all("team=zwolle-oost" in link for link in of_team)
