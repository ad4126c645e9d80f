"""What nobody reads is told by quarter, in steps, and never lets a few be found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.gate import publications
from storage.gate.rules import ALL, in_steps
from storage.stories.permissions import NOBODY
from storage.weeks import weeks_of_quarter
from tests.coordinators.office import Office
from tests.storage.stores import FLAGS, Store, shelve, telling

K = 5
QUARTER = "2026-Q3"


async def unread(store: Store, count: int) -> int | None:
    """What leaves when so many stories of a quarter are read by nobody, beside others."""
    weeks = weeks_of_quarter(QUARTER)
    alone = [(weeks[number % 13], telling()) for number in range(count)]
    others = [(weeks[0], telling())] * 7

    await store.database.write(lambda c: shelve(c, alone))
    await store.database.write(lambda c: shelve(c, others, **FLAGS["team"]))
    part = await store.database.read(lambda s: publications.unread_part(s, QUARTER, K))
    assert part is not None
    await store.database.write(lambda c: publications.let_out(c, part))
    assert await store.database.read(lambda s: publications.unread_part(s, QUARTER, K)) is None
    left = await store.database.read(lambda s: publications.figures(s, NOBODY, [QUARTER], ALL))
    return left.get(("story", ""))


@pytest.mark.parametrize(("count", "shown"), [(0, None), (4, None), (5, 5), (9, 5), (12, 10)])
async def test_what_nobody_reads_leaves_in_steps(
    sqlite_store: Store, count: int, shown: int | None
) -> None:
    assert await unread(sqlite_store, count) == shown


@given(st.integers(0, 60), st.integers(0, 60))
def test_nobody_can_tell_that_a_few_are_left_when_others_are_shared_later(
    count: int, shared: int
) -> None:
    """What can be known of the rest never lies between one and the threshold."""
    shown = in_steps(count, K)
    assert shown <= count < shown + K
    least, most = max(0, shown - shared), shown + K - 1 - shared
    assert not (shown and least >= 1 and most < K)


async def test_every_role_sees_it_and_no_smaller_number(office: Office) -> None:
    await unread(office.store, 12)
    for role, team in (("association", ""), ("team", "Oost"), ("reader", "Oost")):
        person = await office.login(role, team)  # type: ignore[arg-type]
        _, page = await person.get("/coordinator")
        assert "zijn 10 verhalen of meer bewaard die niemand leest" in page
