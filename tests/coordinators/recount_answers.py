"""Counts answers again, from the rows themselves: it shares no code with the pages."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from storage.engine.transaction import Reads

_ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', re.DOTALL)
_CELL = re.compile(
    r'<td[^>]*>(?:<a href="([^"]*)">)?([\d.]+)(?:</a>)?(?: <span class="soft">(\d+)%</span>)?</td>'
)
_TAG = re.compile(r"<[^>]+>")

SHAPES = ("choice", "choices", "scale", "triad")
"""The kinds of questions whose answers are closed."""


@dataclass(frozen=True)
class Row:
    id: str
    guide: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Number:
    """A number on a page, the share beside it and where it leads."""

    count: int
    share: int | None
    link: str


def rows(connection: Reads) -> list[Row]:
    """All that is kept and may go beyond the team."""
    found = connection.execute(
        text("SELECT id, guide, answers FROM story WHERE may_network AND state = 'kept'")
    )
    return [
        Row(id_, guide, json.loads(answers) if isinstance(answers, str) else answers)
        for id_, guide, answers in found
    ]


def given(found: list[Row], guides: Collection[str], step: str) -> dict[str, set[str]]:
    """The stories of these guides by what they answered."""
    by_answer: defaultdict[str, set[str]] = defaultdict(set)
    for row in found:
        if row.guide in guides:
            for answer in row.answers.get(step) or ():
                by_answer[answer].add(row.id)
    return by_answer


def places(found: list[Row], guides: Collection[str], step: str) -> dict[str, int]:
    """Where the stories of these guides stand on a scale."""
    return {
        row.id: row.answers[step] for row in found if row.guide in guides and step in row.answers
    }


def table(page: str) -> dict[str, list[Number]]:
    """The numbers of the (only) table of a page, by the words before them."""
    return {
        html.unescape(_TAG.sub("", head)): [
            Number(int(n.replace(".", "")), int(share) if share else None, html.unescape(link))
            for link, n, share in _CELL.findall(cells)
        ]
        for head, cells in _ROW.findall(page)
    }
