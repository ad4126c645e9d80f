"""What is counted of conversations, and what never is."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from sqlalchemy import select

from bot.authoring.learning.use_job import UseJob
from bot.use_tally import UseTally, Version
from conversations.checks.walk.probes import SEEN
from conversations.engine.events import Command, Start, Tapped
from conversations.engine.way import trail
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide
from storage.guides import use_counts
from storage.guides.use_counts import USE
from tests.authoring.walks import take, walk
from tests.conversations.conftest import facts_of
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, tell

SMALL = 5
VERSION = ("resident", "f")


@pytest.fixture
def guide() -> Guide:
    return load_guides().get("resident", "nl")


def test_a_question_is_left_in_one_way_and_came_before(guide: Guide) -> None:
    """Over walks by lot: answered and skipped only what came, never both, and each mark once."""
    lot = Random(7)
    kinds: Counter[str] = Counter()
    for _ in range(60):
        over, expired = walk(guide, lot)
        marks = trail.counted_marks(guide, over, expired=expired)
        assert len(set(marks)) == len(marks)
        came = {mark.split()[0] for mark in marks if mark.endswith(" came")}
        for how in ("answered", "skipped", "back", "stopped"):
            named = {mark.split()[0] for mark in marks if mark.endswith(f" {how}")}
            assert named <= came
            kinds[how] += len(named)
        both = {m.split()[0] for m in marks if m.endswith(" answered")} & {
            m.split()[0] for m in marks if m.endswith(" skipped")
        }
        assert both == set()
        assert sum(mark.endswith(" stopped") for mark in marks) <= 1
    assert all(kinds[how] for how in ("answered", "skipped", "back", "stopped"))


def test_a_trail_holds_no_word_of_its_teller(guide: Guide) -> None:
    """It names questions, ends, and nothing else that was not known before."""
    known = {"came", "answered", "skipped", "back", "stopped", "<"}
    known |= {f"<{bound}" for bound in trail.CLASSES} | {f">{name}" for name in guide.steps}
    for seed in range(20):
        over, _ = walk(guide, Random(seed))
        for mark in over.trail:
            step, how = mark.split(" ")
            assert step in guide.steps
            assert how in known


@pytest.mark.parametrize("answers", [["o:no"], ["o:yes", "o:no"]])
def test_who_declines_or_is_too_young_does_not_count(guide: Guide, answers: list[str]) -> None:
    state, _ = take(guide, None, Start(facts_of(guide), turn=1), 1000)
    for button in answers:
        state, _ = take(guide, state, Tapped(state.turn, button, SEEN), 1010)
    assert not state.open
    assert trail.counted_marks(guide, state, expired=False) == ()


def test_who_wipes_does_not_count(guide: Guide) -> None:
    state, _ = take(guide, None, Start(facts_of(guide), turn=1), 1000)
    for button in ("o:yes", "o:yes", "skip"):
        state, _ = take(guide, state, Tapped(state.turn, button, SEEN), 1010)
    state, _ = take(guide, state, Command("stop"), 1020)
    state, expired = take(guide, state, Tapped(state.turn, "erase", SEEN), 1030)
    assert not state.open
    assert not expired
    assert trail.counted_marks(guide, state, expired=expired) == ()


def test_who_never_said_to_be_old_enough_does_not_count(guide: Guide) -> None:
    state, _ = take(guide, None, Start(facts_of(guide), turn=1), 1000)
    state, _ = take(guide, state, Tapped(state.turn, "o:yes", SEEN), 1010)
    assert state.at == "age"
    assert trail.counted_marks(guide, state.but(mode="over"), expired=True) == ()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_tells_of_no_few(guide: Guide, seed: int) -> None:
    """Days of conversations by lot. No number that is written stands for fewer than the small
    number, and neither does the difference of any two of them: by day, by question, or summed."""
    lot, tally = Random(seed), UseTally()
    written: list[int] = []
    sums: Counter[str] = Counter()
    truth: Counter[str] = Counter()
    for day in range(1, 13):
        for n in range(lot.choice((0, 1, 3, 4, 8))):
            over, expired = walk(guide, lot)
            marks = trail.counted_marks(guide, over, expired=expired)
            if marks:
                tally.add((f"p{day}-{n}", ""), VERSION, f"2026-11-{day:02}", marks)
                truth.update(marks)
        for by_mark in tally.take(SMALL, f"2026-11-{day + 1:02}").values():
            for (_, mark), total in by_mark.items():
                written.append(total)
                sums[mark] += total
    numbers = {*written, *sums.values()}
    assert min(numbers) >= SMALL
    assert all(abs(a - b) >= SMALL for a in numbers for b in numbers if a != b)
    assert all(truth[mark] - sums[mark] >= 0 for mark in truth)
    assert sum(sums.values()) > sum(truth.values()) / 3


def test_a_day_that_is_not_over_and_few_conversations_wait(guide: Guide) -> None:
    tally = UseTally()
    for n in range(SMALL):
        assert tally.take(SMALL, "2026-11-30") == {}
        tally.add((f"p{n}", ""), VERSION, "2026-11-29", ("age came",))
    assert tally.take(SMALL, "2026-11-29") == {}
    assert tally.take(SMALL, "2026-11-30") == {
        "2026-11-29": {(Version(*VERSION), "age came"): SMALL}
    }


def test_who_wipes_the_same_day_no_longer_counts() -> None:
    tally = UseTally()
    for n in range(SMALL):
        tally.add((f"p{n}", f"s{n}"), VERSION, "2026-11-29", ("age came",))
    tally.forget("s3")
    assert tally.take(SMALL, "2026-11-30") == {}
    tally.add(("p9", ""), VERSION, "2026-11-29", ("age came",))
    tally.forget("p1")
    assert tally.take(SMALL, "2026-11-30") == {}


async def test_a_database_never_holds_the_way_of_one_person(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    app, day = house.app, "2026-11-18"
    use = app.services.use
    (waiting,) = [each for group in use._waiting.values() for each in group.values()]
    assert waiting.day == day
    assert {"age came", "age answered", "consent_keep answered", "review answered"} <= set(
        waiting.marks
    )
    job = UseJob(app.database, app.services, house.clock)
    await job.stopping()
    assert await app.database.read(lambda s: s.execute(select(USE)).all()) == []
    house.clock.move(days=1)
    await job.go()
    assert await app.database.read(lambda s: s.execute(select(USE)).all()) == []
    for n in range(SMALL - 1):
        use.add((f"other{n}", ""), ("resident", "f0"), day, ("age came",))
        version = next(iter(use._waiting))
        use.add((f"same{n}", ""), version, day, ("age came", "door came"))
    await job.go()
    (kept,) = await app.database.read(lambda s: use_counts.by_version(s, "resident"))
    assert kept.marks == {"age": {"came": SMALL}, "door": {"came": SMALL}}
    assert (kept.first, kept.last) == (day, day)


async def test_a_stop_writes_what_enough_left_today_in_whole_multiples(house: House) -> None:
    app, today = house.app, "2026-11-18"
    for n in range(SMALL + 2):
        marks = ("age came", "door came") if n else ("age came",)
        app.services.use.add((f"p{n}", ""), ("resident", "f1"), today, marks)
    app.services.use.add(("q", ""), ("resident", "f2"), today, ("age came",))
    job = UseJob(app.database, app.services, house.clock)
    await job.go()
    assert await app.database.read(lambda s: s.execute(select(USE)).all()) == []
    await job.stopping()
    (kept,) = await app.database.read(lambda s: use_counts.by_version(s, "resident"))
    assert kept.marks == {"age": {"came": SMALL}, "door": {"came": SMALL}}
