"""Periods in every way that files write them."""

from __future__ import annotations

import pytest

from bot.sensemaking.figures.periods import Period, first_day, last_day, period_in


@pytest.mark.parametrize(
    ("text", "code", "mark", "days"),
    [
        ("2024JJ00", "2024", None, ("2024-01-01", "2024-12-31")),
        ("2024HJ02", "2024-H2", None, ("2024-07-01", "2024-12-31")),
        ("2024KW03", "2024-Q3", None, ("2024-07-01", "2024-09-30")),
        ("2024MM02", "2024-02", None, ("2024-02-01", "2024-02-29")),
        ("2023SJ00", "2023/24", None, ("2023-08-01", "2024-07-31")),
        ("2007G400", "2007G400", None, ("2007-01-01", "2007-12-31")),
        ("2024*", "2024", "provisional", ("2024-01-01", "2024-12-31")),
        ("2024**", "2024", "revised", ("2024-01-01", "2024-12-31")),
        ("2024 1e halfjaar*", "2024-H1", "provisional", ("2024-01-01", "2024-06-30")),
        ("2016/'17*", "2016/17", "provisional", ("2016-08-01", "2017-07-31")),
        ("1 januari 2024", "2024-01-01", None, ("2024-01-01", "2024-01-01")),
        ("31-12-2023", "2023-12-31", None, ("2023-12-31", "2023-12-31")),
        ("2024.0", "2024", None, ("2024-01-01", "2024-12-31")),
        ("2007/2010", "2007/2010", None, ("2007-01-01", "2010-12-31")),
        ("mrt 2024", "2024-03", None, ("2024-03-01", "2024-03-31")),
    ],
)
def test_a_period_is_read(text: str, code: str, mark: str | None, days: tuple[str, str]) -> None:
    period = period_in(text)
    assert period is not None
    assert (period.code, period.mark) == (code, mark)
    assert (first_day(code), last_day(code)) == days
    assert period_in(code) == Period(code) or code == "2007G400"


@pytest.mark.parametrize("text", ["", "kerst", "12345", "kw1", "31-2-2024", "2024-13-01", "0363"])
def test_what_is_no_period_is_not_read(text: str) -> None:
    assert period_in(text) is None
