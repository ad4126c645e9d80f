"""Which buttons of account questions erase or change something that matters."""

from __future__ import annotations

import re
from dataclasses import replace

from conversations.engine.effects import Say

WEIGHTY = re.compile(r"d:(erase:yes|gone|tidy:yes|c|sure)\b")


def weighed(say: Say) -> Say:
    """A message of the desk that says of itself which of its buttons are weighty."""
    found = tuple(each.id for each in say.buttons if WEIGHTY.match(each.id))
    return replace(say, weighty=found) if found and not say.weighty else say
