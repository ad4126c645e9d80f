"""Addresses as coordinators paste them."""

from __future__ import annotations

import pytest

from bot.meetings.inviting import addresses_of


@pytest.mark.parametrize(
    ("text", "good", "wrong"),
    [
        ("a@x.nl b@x.nl", ["a@x.nl", "b@x.nl"], []),
        ("A@X.nl, a@x.nl;\nb@sub.x.nl.", ["a@x.nl", "b@sub.x.nl"], []),
        ('"Jansen, Piet" <p.jansen@x.nl>; An <an@x.nl>', ["p.jansen@x.nl", "an@x.nl"], []),
        ("mailto:a@x.nl", ["a@x.nl"], []),
        ("a@x b.x.nl c@@x.nl @x.nl d@x..nl e@-x.nl", [],
         ["a@x", "b.x.nl", "c@@x.nl", "@x.nl", "d@x..nl", "e@-x.nl"]),
        ("An <an@x>", [], ["an@x"]),
        ("", [], []),
    ],
)  # fmt: skip
def test_addresses_are_found_and_slips_are_named(
    text: str, good: list[str], wrong: list[str]
) -> None:
    assert addresses_of(text) == (good, wrong)
