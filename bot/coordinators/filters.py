"""Filters of a page, parsed from its address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from aiohttp import web

from storage.stories.reading import Filters
from storage.weeks import day_of

_NAME = re.compile(r"[a-z0-9_-]{1,60}")
_ANSWER = re.compile(r"([a-z0-9_]{1,60}):([a-z0-9_:-]{1,60})")
STATES = ("waiting", "held", "serious")
MOST_ANSWERS = 4


def filters_of(request: web.Request) -> Filters:
    """The filters of an address; what is not well formed is left out."""
    query = request.query
    answers = [_ANSWER.fullmatch(each) for each in query.getall("answer", [])[:MOST_ANSWERS]]
    state = query.get("state", "")
    return Filters(
        guide=_name(query.get("guide", "")),
        team=_name(query.get("team", "")),
        language=_name(query.get("language", "")),
        first=week_in(query.get("first", "")),
        last=week_in(query.get("last", "")),
        state=state if state in STATES else "",
        answers={match[1]: match[2] for match in answers if match},
    )


def address(path: str, filters: Filters, /, **more: str | int) -> str:
    """The address of a page with these filters."""
    pairs: list[tuple[str, str]] = [
        (name, value)
        for name in ("guide", "team", "language", "first", "last", "state")
        if (value := getattr(filters, name))
    ]
    pairs += [("answer", f"{step}:{value}") for step, value in filters.answers.items()]
    pairs += [(name, str(value)) for name, value in more.items() if value not in ("", None)]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def behind(filters: Filters, answers: Mapping[str, str]) -> str:
    """The address of the stories behind a mark of a pattern."""
    both = replace(filters, answers={**filters.answers, **answers})
    return address("/coordinator/stories", both)


def week_in(text: str) -> str:
    """The week that a text is, or nothing."""
    try:
        day_of(text)
    except ValueError:
        return ""
    return text


def _name(text: str) -> str:
    return text if _NAME.fullmatch(text) else ""
