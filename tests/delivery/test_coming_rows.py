"""What a look at the outbox leaves out, because it is handed over anyway."""

from __future__ import annotations

import pytest

from bot.delivery import coming_rows
from bot.delivery.coming_rows import ComingRows


def test_a_look_leaves_out_what_is_coming_and_what_came_since_it_was_asked_for() -> None:
    coming = ComingRows()
    coming.expect([1, 2, 3])
    coming.came(1)
    coming.look()
    coming.came(2)
    assert sorted(coming.ids()) == [2, 3]
    coming.look()
    assert coming.ids() == [3]


def test_what_never_comes_is_looked_for_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    coming = ComingRows()
    monkeypatch.setattr(coming_rows, "WHILE", -1)
    coming.expect([1])
    assert coming.ids() == []
    assert not coming


def test_what_was_not_announced_is_never_left_out() -> None:
    coming = ComingRows()
    coming.came(1)
    assert coming.ids() == []
