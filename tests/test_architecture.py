"""The house as it was meant: who imports whom, who constructs, what is documented."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.parser import parser
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
OURS = ("conversations", "storage", "bot")
MAY_IMPORT = {
    "conversations": {"conversations"},
    "storage": {"storage", "conversations"},
    "bot": {"bot", "storage", "conversations"},
}
CONSTRUCTED = {
    "App": "bot/cli",
    "CoordinatorPages": "bot/app.py",
    "Database": "bot/app.py",
    "Health": "bot/app.py",
    "House": "bot/app.py",
    "Mail": "bot/app.py",
    "Outbox": "bot/app.py",
    "Runner": "bot/app.py",
    "Shelf": "bot/app.py",
    "Telegram": "bot/app.py",
    "Terminal": "bot/app.py",
    "Ticker": "bot/app.py",
    "Web": "bot/app.py",
}
"""What only the wiring makes. The sections of the configuration, the tables of the store and the
clients of the libraries have some of the same names."""

NOT_PURE = {
    "asyncio", "datetime", "http", "logging", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "threading", "time", "urllib", "uuid",
}  # fmt: skip
READS_FILES = {
    "conversations/checks/report.py",
    "conversations/distress/patterns.py",
    "conversations/checks/lint.py",
    "conversations/guide/loading.py",
    "conversations/guide/schema.py",
    "conversations/guide/problems.py",
    "conversations/redaction/labels.py",
    "conversations/wordlist/__init__.py",
    "conversations/wordlist/load.py",
    "conversations/wordlist/make.py",
    "conversations/wordlist/make_lists.py",
}
"""What reads guides, word lists and the folder that a check is asked about."""


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("package", OURS)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    for path in files(package):
        for module in imported(path):
            top = module.split(".")[0]
            assert top not in OURS or top in MAY_IMPORT[package], f"{name(path)} imports {module}"
            assert top not in ("tests", "benchmarks"), f"{name(path)} imports {module}"


def test_conversations_have_no_clock_no_chance_and_no_world() -> None:
    for path in files("conversations"):
        if name(path) not in READS_FILES:
            found = {module.split(".")[0] for module in imported(path)} & NOT_PURE
            assert not found, f"{name(path)} imports {', '.join(found)}"


def test_only_the_wiring_constructs() -> None:
    for path in files(*OURS):
        tree = ast.parse(path.read_text("utf-8"))
        ours = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS
            and node.module not in ("bot.settings", "storage.tables")
            for alias in node.names
        }  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                where = CONSTRUCTED.get(node.func.id) if node.func.id in ours else None
                assert where is None or name(path).startswith(where), (
                    f"{name(path)}:{node.lineno} makes a {node.func.id}"
                )


def test_every_module_says_what_it_is_for() -> None:
    for path in files(*OURS, "benchmarks"):
        text = path.read_text("utf-8")
        if text.strip() and "versions" not in path.parts:
            assert ast.get_docstring(ast.parse(text)), f"{name(path)} has no docstring"


def test_every_setting_is_documented_with_its_default() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text("utf-8"))
    assert list(example) == list(Settings.model_fields)
    for section, field in Settings.model_fields.items():
        documented = example[section]
        keys = type(field.default).model_fields
        assert list(documented) == list(keys), section
        for key, value in documented.items():
            assert _same(value, getattr(field.default, key)), f"{section}.{key}"


def _same(written: Any, default: Any) -> bool:
    if hasattr(default, "get_secret_value"):
        return bool(written == default.get_secret_value())
    if hasattr(default, "strftime"):
        return bool(written == default.strftime("%H:%M"))
    return str(written) == str(default)


def test_every_line_of_the_example_says_what_it_is() -> None:
    for line in (ROOT / "config.example.toml").read_text("utf-8").splitlines():
        assert not re.match(r"\w+ = ", line) or "  # " in line or _known(line), line


def _known(line: str) -> bool:
    return line.split(" = ")[0] in ("user", "password", "port", "legal_ground")


def commands() -> list[str]:
    return re.findall(r"^    (\w+)\b", parser().format_help(), re.MULTILINE)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_documentation(command: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    assert f"vertelbot {command}" in text


def test_every_command_in_the_documentation_exists() -> None:
    known = set(commands())
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for command in re.findall(r"`(?:\S*/)?vertelbot ([a-z]+)", page.read_text("utf-8")):
            assert command in known, f"{name(page)} speaks of vertelbot {command}"


PERMISSIONS = "storage/stories/permissions.py"
READERS = ("storage/gate/counts.py", "storage/stories/exports.py", "storage/stories/reading.py")
"""What looks for stories that somebody may read, or counts them: with a predicate of `PERMISSIONS`,
always."""
OWNERS = {
    ("storage/stories/stories.py", ""): "the story of an id, for whoever came to that id",
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
    tree = ast.parse(path.read_text("utf-8"))
    story = {"Story"} if "tables.Story" in ast.unparse(tree) else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and "tables.Story" in ast.unparse(node.value):
            story |= names(node.targets)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("storage"):
            wanted = {"STORY"} | ({"Story"} if node.module == "storage.tables" else set())
            story |= {alias.asname or alias.name for alias in node.names if alias.name in wanted}
    for node in tree.body:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and called(call) in ASKS and names([call]) & story:
                yield getattr(node, "name", ""), names([node])
                break


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def names(nodes: Iterable[ast.AST]) -> set[str]:
    """The names and attributes in some code."""
    every = [each for node in nodes for each in ast.walk(node)]
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
        for node in ast.parse((ROOT / PERMISSIONS).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and "ColumnElement[bool]" in ast.unparse(node)
    } - {"is_kept"}
    found = set()
    for path in files(*OURS):
        if name(path) == PERMISSIONS or "versions" in path.parts:
            continue
        for function, used in queries(path):
            if name(path) in READERS:
                assert used & rules, f"{name(path)}: {function}"
            else:
                found.add((name(path), function))
    assert found == set(OWNERS)


def test_no_words_of_sql_ask_for_stories() -> None:
    for path in files(*OURS):
        if "versions" not in path.parts:
            text = path.read_text("utf-8")
            assert not re.search(
                r"(?i)\b(from|join|update|into)\s+\"?story\b(?!\s+\w+s\b)", text
            ), path
