"""A whole story over the strict server: everything is taken, nothing refused, lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.scripts import PROFESSIONAL, RESIDENT, YES_TO_ALL, Deed, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import whatsapp_running

SCRIPTS: dict[str, tuple[Deed, ...]] = {
    "resident": (*RESIDENT, *YES_TO_ALL),
    "professional": (*PROFESSIONAL, *YES_TO_ALL),
}


@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_story_is_told(tmp_path: Path, name: str) -> None:
    async with CloudApi() as api, whatsapp_running(tmp_path, api) as house:
        alice = house.teller()
        await tell(alice, SCRIPTS[name])
        assert len(await house.rows("story")) == 1
        assert api.refused == {}
        assert api.outside == 0
        in_order = [each.number for each in alice.phone.shown]
        assert in_order == sorted(in_order)
