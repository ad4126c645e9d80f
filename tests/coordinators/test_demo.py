"""The invented stories: marked as such, the same every time, and not in the way of real ones."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bot.app import App
from bot.demo.__main__ import main
from bot.demo.fill import Filled, fill
from bot.demo.invented import STORIES, TEXTS, invent
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator, Role
from storage.sensemaking import changes, public_pages, record, sessions
from storage.stories import reading
from storage.stories.reading import Filters
from storage.weeks import week_of, weeks_before
from tests.coordinators.office import library
from tests.coordinators.year import Number, counts_in
from tests.end_to_end.kit import MovableClock, settings

TEAMS = [("a-noord", "a"), ("b-oost", "b")]


def test_every_invented_story_says_that_it_is_invented() -> None:
    made = list(invent(library(), TEAMS, "2026-W46"))
    assert len(made) == STORIES
    assert all(TEXTS["mark"] in each.telling.text for each in made)
    assert len({each.telling.text for each in made}) > STORIES * 0.7
    assert {each.telling.language for each in made} == {"nl", "en"}
    for each in made:  # the guides ask for a sentence of one's own
        assert each.telling.sentence
        assert not each.telling.name
        assert TEXTS["mark"] not in each.telling.sentence
    assert sum(each.telling.sentence in each.telling.text for each in made) > STORIES * 0.9


def test_the_same_stories_are_invented_every_time() -> None:
    assert list(invent(library(), TEAMS, "2026-W46")) == list(invent(library(), TEAMS, "2026-W46"))


def test_answers_are_those_of_their_guide() -> None:
    for each in invent(library(), TEAMS, "2026-W46"):
        steps = library().get(each.telling.guide, "nl").steps
        for step, answer in each.telling.answers.items():
            if isinstance(answer, list) and answer and isinstance(answer[0], str):
                assert {str(one) for one in answer} <= {o.id for o in steps[step].options}
                assert len(answer) <= max(1, steps[step].max)


@pytest.mark.parametrize("count", [1, 40, 3000])
def test_as_many_stories_are_invented_as_were_asked(count: int) -> None:
    """A tenth in the last week, whatever the number: the same life, larger."""
    made = list(invent(library(), TEAMS, "2026-W46", stories=count))
    assert len(made) == count
    assert sum(each.week == "2026-W46" for each in made) == count // 10


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "²"])
def test_no_number_of_stories_is_refused(
    wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bot.demo", "--stories", wrong])
    with pytest.raises(SystemExit):
        main()
    assert "give a number of stories" in capsys.readouterr().err


async def test_a_store_is_filled_once_and_never_beside_real_stories(tmp_path: Path) -> None:
    async with App.opened(settings(tmp_path), MovableClock()) as app:
        assert await fill(app, 120) == 120
        with pytest.raises(Filled):
            await fill(app, 60)
        known = await app.database.read(teams.all_teams)
        assert len(known) == 12
        assert all(TEXTS["suffix"] in team.name for team in known)
        chief = Coordinator("c", "association", "", "Alice")
        counted = await app.database.read(lambda s: reading.counted(s, chief))
        assert sum(counted.values()) > 20
        (session,) = await app.database.read(lambda s: sessions.listed(s, chief))
        (decided,) = await app.database.read(lambda s: record.decisions(s, session.id))
        assert decided.grounds.stories
        fair = await app.database.read(changes.justice)
        assert fair is not None
        assert fair.answers == 10
        pages = await app.database.read(public_pages.live)
        assert "" in pages
        standing = [
            await app.database.read(partial(public_pages.standing, edition=each))
            for each in pages.values()
        ]
        assert any(standing)


@pytest.mark.parametrize(("role", "weeks"), [("association", 52), ("team", 14)])
async def test_the_digests_of_a_year_leave_nothing_beside_what_can_be_read(
    tmp_path: Path, role: Role, weeks: int
) -> None:
    """The numbers of the demo, minus the exact ones of the same week and answer."""
    clock = MovableClock()
    async with App.opened(settings(tmp_path), clock) as app:
        await fill(app)
        team = (await app.database.read(teams.all_teams))[0].id if role == "team" else ""
        who = Coordinator("c", role, team, "Alice")
        read = await app.database.read(lambda s: reading.answered(s, who, Filters()))
        shown, rests = 0, []
        for back in range(1, weeks + 1):
            week = weeks_before(week_of(clock.now()), back)
            digest = (await app.jobs.digests.told(who, week, team, "nl")).digest
            every = digest.together
            for one, mine in ((digest, team), *(((every, ""),) if every else ())):
                for cell, count in one.figures.items():
                    if cell[0] not in ("prompt", "channel"):
                        number = Number("", (week,), mine, cell, count)
                        shown += 1
                        rests.append(count - sum(counts_in(each, number) for each in read))
        assert shown > 10
        assert [rest for rest in rests if 0 < rest < 5] == []
