"""A year in short: eight teams, fifty people, both clock changes, holidays, a day of downtime."""

from __future__ import annotations

from pathlib import Path

from tests.meetings.prompts.year import Year


async def test_in_a_year_every_prompt_comes_once_and_none_at_a_bad_moment(tmp_path: Path) -> None:
    year = Year(tmp_path, teams=8, persons=50)
    await year.live()
    counts = await year.table()
    assert year.judge.wrong == []
    assert counts["messages"] > 100
    for upset in ("moved", "called off", "left", "restarts", "ask answered", "ask declined"):
        assert counts[upset] > 0, upset
