"""Counts stories again, from the rows as they lie in the file, with rules written down here: it
shares no code with what it checks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Row = Mapping[str, Any]
Choice = Callable[[Row], bool]
OWN_WORDS = {
    "movement_individual_collective": "attention_for",
    "movement_chains_networks": "help_in_turn",
    "movement_youth_0_100": "family_seen",
}
PARTS = {"left": range(38), "middle": range(38, 63), "right": range(63, 101)}


def rows(url: str) -> list[Row]:
    """All stories of a store, with their answers."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        database.row_factory = sqlite3.Row
        found = [dict(row) for row in database.execute("SELECT * FROM story")]
    return [{**row, "answers": json.loads(row["answers"])} for row in found]


def asked_after(url: str, sides: set[str], since: str, until: str) -> tuple[int, int]:
    """How many on these sides of meetings were asked in a time, and how many of those told."""
    query = """
        SELECT count(*), count(CASE WHEN prompt.state = 'answered' THEN 1 END) FROM prompt
        JOIN member ON member.meeting_id = prompt.meeting_id
            AND member.person_id = prompt.person_id
        WHERE prompt.kind = 'ask' AND prompt.state IN ('sent', 'answered')
            AND prompt.due_at >= ? AND prompt.due_at < ? AND member.side IN (SELECT value FROM
            json_each(?))
    """
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        sent, told = database.execute(query, (since, until, json.dumps(sorted(sides)))).fetchone()
    return int(sent), int(told)


def shared(row: Row) -> bool:
    return bool(row["may_network"] and row["reviewed"] and row["state"] == "kept")


def reads(role: str, team: str) -> Choice:
    """What someone reads in lists."""

    def one(row: Row) -> bool:
        own = row["may_team"] and row["team_id"] == team
        match role:
            case "association":
                return bool(row["may_network"])
            case "team":
                return bool(own or shared(row))
        return bool((own and not row["coordinator_only"]) or shared(row))

    return one


def moderates(role: str, team: str) -> Choice:
    if role == "association":
        return lambda row: bool(row["may_network"])
    return lambda row: bool(row["may_team"] and row["team_id"] == team)


def told_to(audience: str) -> Choice:
    """What the numbers of a digest count: of the association, of everyone, or of a team."""
    if audience == "association":
        return lambda row: bool(row["may_network"] and row["state"] == "kept")
    if audience == "everyone":
        return shared
    return lambda row: bool(
        row["may_team"] and row["team_id"] == audience and row["state"] == "kept"
    )


def gave(row: Row, dimension: str, value: str) -> bool:
    """Whether a story counts for a value of a digest."""
    if dimension == "story":
        return True
    if dimension in ("guide", "language", "channel"):
        return bool(row[dimension] == value)
    step = dimension.removeprefix("answer:")
    answers = row["answers"]
    if step.startswith("movement_"):
        place = answers.get(step, answers.get(OWN_WORDS.get(step, "")))
        return place is not None and place in PARTS[value]
    return value in (answers.get(step) or ())


def behind(link: str, role: str, team: str, stories: list[Row]) -> int:
    """How many stories a link of these pages stands for."""
    pairs = parse_qsl(urlsplit(link).query)
    asked = dict(pairs)
    state = asked.get("state", "")
    mine = moderates(role, team) if state else reads(role, team)
    wanted = [value.split(":") for name, value in pairs if name == "answer"]

    def one(row: Row) -> bool:
        stands = "kept" if state in ("", "waiting") else state
        return (
            mine(row)
            and row["state"] == stands
            and not (state == "waiting" and row["reviewed"])
            and asked.get("team", row["team_id"]) == row["team_id"]
            and asked.get("first", "") <= row["week"] <= asked.get("last", "9")
            and all(gave(row, f"answer:{step}", value) for step, value in wanted)
        )

    return sum(map(one, stories))
