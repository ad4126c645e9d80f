"""What asks for stories, and what lets them out of the store: nothing but what may."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.structure import FLOORS, ROOT, nodes, parsed, sources

PERMISSIONS = "storage/stories/permissions.py"
READERS = (
    "storage/gate/counts.py",
    "storage/sensemaking/session_cards.py",
    "storage/sensemaking/public_pages.py",
    "storage/stories/exports.py",
    "storage/stories/reading.py",
    "storage/stories/relays.py",
    "storage/stories/search.py",
    "storage/stories/selection.py",
)
"""What looks for stories that somebody may read, or counts them: with a predicate of `PERMISSIONS`,
always."""
OWNERS = {
    ("storage/stories/rows.py", ""): "the story of an id, for whoever came to that id",
    ("storage/stories/stories.py", "by_code"): "for who has the code",
    ("storage/stories/stories.py", "for_person"): "for its teller, from the own list",
    ("storage/stories/stories.py", "counts"): "whether the store is empty, and for tests",
    ("storage/stories/moderation.py", "take_out"): "by id, after `reading.moderates`",
    ("storage/stories/moderation.py", "_note_readers"): "by id, who reads it no more",
    ("storage/stories/moderation.py", "standing"): "by id, after `reading.one`",
    ("storage/lifecycle/retention.py", "_stories"): "which ones are forgotten",
}
"""What else looks for stories, by file and function, and why it may."""
ASKS = {"select", "exists", "query", "exec", "get", "select_from"}


def queries(path: Path) -> Iterator[tuple[str, set[str]]]:
    """The functions (empty: the module itself) that ask for stories, and the names they use."""
    text = path.read_text("utf-8")
    if not re.search(r"Story|STORY", text):
        return
    story = {"Story"} if "tables.Story" in text else set()
    for node in nodes(path):
        if isinstance(node, ast.Assign) and "tables.Story" in ast.unparse(node.value):
            story |= names(node.targets)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("storage"):
            wanted = {"STORY"} | ({"Story"} if node.module == "storage.tables" else set())
            story |= {alias.asname or alias.name for alias in node.names if alias.name in wanted}
    for node in parsed(path).body:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and asks(call) and names([call]) & story:
                yield getattr(node, "name", ""), names([node])
                break


def asks(call: ast.Call) -> bool:
    """Whether it is a query, or goes on with one: `exists().where(…)`."""
    return any(isinstance(each, ast.Call) and called(each) in ASKS for each in ast.walk(call))


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def names(code: Iterable[ast.AST]) -> set[str]:
    """The names and attributes in some code."""
    every = [each for node in code for each in ast.walk(node)]
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in every
        if isinstance(each, ast.Name | ast.Attribute)
    }


def test_one_place_decides_who_may_read_a_story() -> None:
    """Nothing else asks for stories: every query holds a predicate of that place, or is one of the
    few that look for a known story."""
    rules = {
        node.name
        for node in parsed(ROOT / PERMISSIONS).body
        if isinstance(node, ast.FunctionDef) and "ColumnElement[bool]" in ast.unparse(node)
    } - {"is_kept"}
    found = set()
    for place, path in sources(ROOT, *FLOORS).items():
        if place == PERMISSIONS or "versions" in path.parts:
            continue
        for function, used in queries(path):
            if place in READERS:
                assert used & rules, f"{place}: {function}"
            else:
                found.add((place, function))
    assert found == set(OWNERS)


def test_no_words_of_sql_ask_for_stories() -> None:
    for place, path in sources(ROOT, *FLOORS).items():
        if "versions" not in path.parts:
            text = path.read_text("utf-8")
            assert not re.search(
                r"(?i)\b(from|join|update|into)\s+\"?story\b(?!\s+\w+s\b)", text
            ), place


OPENS = {
    "stories": {"read", "for_person"},
    "reading": {"one", "page"},
    "search": {"search"},
    "exports": {"exportable"},
}
"""What gives stories with their words, by module of `storage/stories`."""
NO_EXITS = {
    "bot/coordinators/pages/story.py": "a look by a coordinator: in the audit log",
    "bot/coordinators/pages/stories.py": "a look by a coordinator: in the audit log",
    "bot/coordinators/story_search.py": "tells ids, of stories that a page then opens",
    "bot/coordinators/pages/media.py": "a look by a coordinator: in the audit log",
    "bot/coordinators/pages/moderation.py": "what a moderator changes, and what its teller is told",
    "bot/sensemaking/limits/limit_pages.py": "a look by a coordinator: in the audit log",
    "bot/account/data_export.py": "for its teller",
    "bot/account/own_sentence.py": "for its teller",
    "bot/account/stories.py": "for its teller",
    "bot/account/story_code.py": "for who has the code",
    "bot/media/attachments.py": "for its teller",
}
"""What opens stories and lets none of them out of the store, and why that is so."""


def calls(node: ast.AST) -> set[tuple[str, str]]:
    """The functions of modules that some code calls, as (module, function)."""
    return {
        (call.func.value.id, call.func.attr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
    }


def test_every_way_out_of_a_story_writes_a_use() -> None:
    """Who opens stories shows them to their teller or to a coordinator (who stands in the audit
    log), or writes a use beside it: in the same function, or for a class in the same class."""
    opening = {(module, each) for module, names in OPENS.items() for each in names}
    silent = set()
    for place, path in sources(ROOT, "bot").items():
        for node in parsed(path).body:
            where = (getattr(node, "module", "") or "").rpartition(".")
            if isinstance(node, ast.ImportFrom) and where[0] == "storage.stories":
                taken = {alias.name for alias in node.names}
                assert not taken & {"opened", *(each for _, each in opening)}, place
            found = calls(node)
            if found & opening and not found & {("uses", "write"), ("exports", "note")}:
                silent.add(place)
    assert silent == set(NO_EXITS)
    body = parsed(ROOT / "storage" / "stories" / "exports.py").body
    note = next(each for each in body if getattr(each, "name", "") == "note")
    assert ("uses", "write") in calls(note)


@pytest.mark.parametrize(
    "asking",
    [
        "from storage import tables\nSTORY = core(tables.Story)\n\ndef f(): select(STORY.c.id)",
        "from storage.tables import Story\n\ndef f(s): return s.get(Story, 1)",
        "from storage.stories.rows import STORY as S\n\ndef f(): exists().where(S.c.id == 1)",
        "from storage.stories.rows import STORY\n\nclass A:\n    def f(self): return select(STORY)",
    ],
)
def test_a_planted_query_for_stories_is_found(tmp_path: Path, asking: str) -> None:
    file = tmp_path / "planted.py"
    file.write_text(asking, "utf-8")
    assert len(list(queries(file))) == 1
    file.write_text("from storage.tables import Team\n\ndef f(s): return s.get(Team, 1)", "utf-8")
    assert list(queries(file)) == []
