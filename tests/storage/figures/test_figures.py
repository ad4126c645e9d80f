"""Figures in the store: imported, replaced, read in the version that somebody holds, removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from storage.figures import figures
from storage.figures.model import Figure, Indicator
from tests.storage.stores import Store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WMO = Indicator("Wmo-cliënten", "CBS", "86158NED", "aantal", 1, "count")
LONELY = Indicator("Eenzaam", "GGD", "", "%", 1, "percentage")
FIRST = (
    Figure(WMO, "GM0193", "2023", 2010, "provisional"),
    Figure(WMO, "GM0439", "2023", None, "unknown", "withheld", upper=10),
    Figure(LONELY, "GM0193", "2024", 44.5, "modelled", lower=42.1, upper=47.0),
)


async def test_the_same_again_changes_nothing_and_another_value_replaces(store: Store) -> None:
    write, read = store.database.write, store.database.read
    first = await write(lambda c: figures.save(c, FIRST, NOW))
    assert (first.added, len(first.changed), first.unchanged) == (3, 0, 0)
    again = await write(lambda c: figures.save(c, FIRST, NOW))
    assert (again.added, len(again.changed), again.unchanged) == (0, 0, 3)
    newer = replace(FIRST[0], value=2050, certainty="definitive")
    seen = await read(lambda s: figures.compare(s, [newer, FIRST[1]]))
    assert (seen.added, seen.unchanged, seen.version) == (0, 1, 0)
    changed = await write(lambda c: figures.save(c, [newer, FIRST[1]], NOW))
    assert [(each.before.value, each.now.value) for each in changed.changed] == [(2010, 2050)]
    told = await read(lambda s: figures.imported(s, changed.version))
    assert told is not None
    assert told.changed == changed.changed
    mine = await read(lambda s: figures.of_areas(s, ["GM0193"]))
    assert {(each.figure.indicator.title, each.figure.value) for each in mine} == {
        ("Wmo-cliënten", 2050),
        ("Eenzaam", 44.5),
    }
    wmo = next(each.indicator_id for each in mine if each.figure.indicator == WMO)
    held = await read(lambda s: figures.as_of(s, wmo, "GM0193", "2023", first.version))
    assert held is not None
    assert held.figure == FIRST[0]


async def test_kinds_are_never_mixed_between_imports(store: Store) -> None:
    await store.database.write(lambda c: figures.save(c, FIRST, NOW))
    other = Figure(replace(LONELY, kind="count"), "GM0193", "2025", 4450, "unknown")
    result = await store.database.write(lambda c: figures.save(c, [other], NOW))
    assert (result.added, list(result.kinds)) == (0, [other])
    listed = await store.database.read(figures.listed)
    assert [(each.indicator, each.figures) for each in listed] == [(WMO, 2), (LONELY, 1)]


async def test_what_is_removed_is_gone(store: Store) -> None:
    await store.database.write(lambda c: figures.save(c, FIRST, NOW))
    wmo = (await store.database.read(figures.listed))[0]
    assert (wmo.areas, wmo.first, wmo.last) == (2, "2023", "2023")
    assert await store.database.write(lambda c: figures.remove(c, wmo.id)) == 2
    left = await store.database.read(figures.listed)
    assert [each.indicator for each in left] == [LONELY]
    assert await store.database.read(lambda s: figures.listed(s, ["GM0439"])) == []
