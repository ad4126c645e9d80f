"""Text out of the fields of a form."""

from __future__ import annotations

import pytest

from bot.validation.form_fields import field_text


@pytest.mark.parametrize("lines", [1, 2, 7])
def test_a_text_that_just_fits_in_its_field_comes_in_whole(lines: int) -> None:
    """A browser counts the end of a line once and sends it as two characters."""
    typed = "\n".join("x" * 20 for _ in range(lines))
    assert field_text(typed.replace("\n", "\r\n"), len(typed)) == typed


def test_what_is_no_text_is_empty() -> None:
    assert field_text(None, 10) == field_text("  \r\n ", 10) == ""
