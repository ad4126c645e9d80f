"""Filters of a page, parsed from its address, and what the address tells of what was just done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from multidict import MultiDict, MultiMapping

from storage.stories.reading import Filters
from storage.weeks import day_of

if TYPE_CHECKING:  # the helper process does without
    from aiohttp import web

_NAME = re.compile(r"[a-z0-9_-]{1,60}")
_ANSWER = re.compile(r"((?:[a-z0-9_-]{1,400}\.)?[a-z0-9_]{1,60}):([a-z0-9_:,+-]{1,400})")
STATES = ("waiting", "held", "serious")
MOST_ANSWERS = 12


LONGEST = 100
"""Letters of what somebody searches for."""
DONE = (
    "cleared", "closed", "held", "kept", "released", "removed", "serious", "taken_out",
)  # fmt: skip
"""What a page can say that was done."""
_STORY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class LastAction:
    """What was just done (one of `DONE`, or nothing), with which story, and how many stories of a
    queue somebody has had before this one."""

    told: str = ""
    was: str = ""
    had: int = 0


def filters_of(request: web.Request) -> Filters:
    """The filters of an address, without the words that are searched for."""
    return replace(filters_in(request.query), words="")


def filters_in(query: MultiMapping[str]) -> Filters:
    """The filters of an address or a form; what is not well formed is left out."""
    answers = [_ANSWER.fullmatch(each) for each in query.getall("answer", [])[: 2 * MOST_ANSWERS]]
    state = query.get("state", "")
    chosen = [(match[1], match[2]) for match in answers if match]
    return Filters(
        guide=_name(query.get("guide", "")),
        team=_name(query.get("team", "")),
        language=_name(query.get("language", "")),
        first=week_in(query.get("first", "")),
        last=week_in(query.get("last", "")),
        state=state if state in STATES else "",
        answers=_together(chosen[:MOST_ANSWERS]),
        words=query.get("q", "").strip()[:LONGEST],
    )


def filters_from(query: str) -> Filters:
    """The filters that are kept as the query of an address."""
    return filters_in(MultiDict(parse_qsl(query)))


def last_action_of(request: web.Request) -> LastAction:
    """What the address of a page tells of what was just done."""
    told, was, had = (request.query.get(name, "") for name in ("told", "was", "had"))
    return LastAction(
        told if told in DONE else "",
        was if _STORY.fullmatch(was) else "",
        int(had) if had.isdecimal() and had.isascii() and len(had) < 5 else 0,
    )


def page_of(request: web.Request) -> int:
    """The page of a list, from 0 on."""
    number = request.query.get("page", "")
    return int(number) if number.isdecimal() and len(number) < 6 else 0


def pairs(filters: Filters) -> list[tuple[str, str]]:
    """The filters as they stand in an address or a form."""
    some = [
        (name, value)
        for name in ("guide", "team", "language", "first", "last", "state")
        if (value := getattr(filters, name))
    ]
    some += [("answer", f"{step}:{value}") for step, value in filters.answers.items()]
    return [*some, *([("q", filters.words)] if filters.words else [])]


def address(path: str, filters: Filters, /, **more: str | int) -> str:
    """The address of a page with these filters."""
    some = pairs(filters)
    some += [(name, str(value)) for name, value in more.items() if value not in ("", None)]
    return f"{path}?{urlencode(some)}" if some else path


def behind(filters: Filters, answers: Mapping[str, str]) -> str:
    """The address of the stories behind a mark of a pattern."""
    both = replace(filters, answers=_together([*filters.answers.items(), *answers.items()]))
    return address("/coordinator/stories", both)


def _together(answers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is asked of each question; of one question several things may have to hold."""
    found: dict[str, str] = {}
    for question, value in answers:
        before = found.get(question, "")
        if value not in before.split("+"):
            found[question] = f"{before}+{value}" if before else value
    return found


def week_in(text: str) -> str:
    """The week that a text is, or nothing."""
    try:
        day_of(text)
    except ValueError:
        return ""
    return text


def _name(text: str) -> str:
    return text if _NAME.fullmatch(text) else ""
