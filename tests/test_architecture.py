"""The house as it was meant: who imports whom, who constructs, what stands where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure import (
    FLOORS,
    MOST_MODULES,
    MOST_UNTYPED,
    ROOT,
    circles,
    folders,
    forget,
    layers,
    misnamed_loggers,
    nodes,
    parsed,
    sources,
    twice,
    untyped,
    unused_names,
    upward_imports,
)

MAY_IMPORT = {
    "conversations": {"conversations"},
    "storage": {"storage", "conversations"},
    "bot": {"bot", "storage", "conversations"},
}
CONSTRUCTED: dict[str, str | tuple[str, ...]] = {
    "App": "bot/cli",
    "CoordinatorPages": "bot/wiring/",
    "Database": ("bot/wiring/opening.py", "bot/helper/__main__.py"),
    "Health": "bot/app.py",
    "Services": ("bot/app.py", "bot/wiring/open_services.py", "bot/helper/__main__.py"),
    "Mail": "bot/app.py",
    "Dispatcher": ("bot/app.py", "bot/wiring/terminal_chat.py"),
    "RowSender": ("bot/app.py", "bot/wiring/terminal_chat.py"),
    "Runner": ("bot/app.py", "bot/wiring/terminal_chat.py"),
    "GuideStore": ("bot/wiring/open_services.py", "bot/helper/__main__.py"),
    "Telegram": "bot/app.py",
    "Terminal": "bot/wiring/terminal_chat.py",
    "Ticker": "bot/wiring/clock_jobs.py",
    "WebChat": "bot/wiring/web_chat.py",
}
"""What only the wiring makes, of the helper process too. The sections of the configuration, the
tables of the store and the clients of the libraries have some of the same names."""

NOT_PURE = {
    "asyncio", "datetime", "http", "logging", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "threading", "time", "urllib", "uuid",
}  # fmt: skip
READS_FILES = {
    "conversations/checks/report.py",
    "conversations/distress/classifier.py",
    "conversations/distress/patterns.py",
    "conversations/checks/lint.py",
    "conversations/guide/loading.py",
    "conversations/guide/schema.py",
    "conversations/guide/problem_texts.py",
    "conversations/redaction/labels.py",
    "conversations/wordlist/__init__.py",
    "conversations/wordlist/load.py",
    "conversations/wordlist/make.py",
    "conversations/wordlist/make_lists.py",
}
"""What reads guides, word lists and the folder that a check is asked about."""


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> Iterator[None]:
    yield
    forget()


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("package", FLOORS)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    for place, path in sources(ROOT, package).items():
        for module in imported(path):
            top = module.split(".")[0]
            assert top not in FLOORS or top in MAY_IMPORT[package], f"{place} imports {module}"
            assert top not in ("tests", "benchmarks"), f"{place} imports {module}"


def test_conversations_have_no_clock_no_chance_and_no_world() -> None:
    for place, path in sources(ROOT, "conversations").items():
        if place not in READS_FILES:
            found = {module.split(".")[0] for module in imported(path)} & NOT_PURE
            assert not found, f"{place} imports {', '.join(found)}"


def test_only_the_wiring_constructs() -> None:
    for place, path in sources(ROOT, *FLOORS).items():
        ours = {
            alias.asname or alias.name
            for node in nodes(path)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FLOORS
            and node.module not in ("bot.settings", "storage.tables")
            for alias in node.names
        }  # fmt: skip
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                where = CONSTRUCTED.get(node.func.id) if node.func.id in ours else None
                assert where is None or place.startswith(where), (
                    f"{place}:{node.lineno} makes a {node.func.id}"
                )


def test_every_module_says_what_it_is_for() -> None:
    for place, path in sources(ROOT, *FLOORS, "benchmarks").items():
        if "versions" not in path.parts and parsed(path).body:
            assert ast.get_docstring(parsed(path)), f"{place} has no docstring"


PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
LAYERS = layers(PAGE)
MAY_STAND_TWICE = {
    "storage/tables/": "a table has the name of the noun whose rows it holds",
    "bot/cli/": "a command has the name of what it is about",
    "bot/coordinators/pages/": "a page has the name of what it shows",
    "bot/demo/": "invented things have the names of the real ones",
    "bot/channels/": "every channel has a folder of the same shape",
}
"""Folders whose files and classes may have a name that stands elsewhere too, and why."""


def test_no_modules_import_each_other() -> None:
    assert circles(ROOT) == []


def test_imports_go_down_the_layers_of_the_architecture_page() -> None:
    assert upward_imports(ROOT, LAYERS) == []


def test_every_name_of_a_module_is_used_in_the_product() -> None:
    assert unused_names(ROOT) == []


def test_one_word_names_one_thing() -> None:
    for word, places in twice(ROOT).items():
        elsewhere = [each for each in places if not each.startswith(tuple(MAY_STAND_TWICE))]
        assert len(elsewhere) <= 1, f"{word}: {', '.join(places)}"


def test_every_module_calls_its_logger_the_same() -> None:
    assert misnamed_loggers(ROOT) == []


def test_no_folder_is_crowded() -> None:
    crowded = {folder: count for folder, count in folders(ROOT).items() if count > MOST_MODULES}
    assert crowded == {}


def test_few_signatures_take_anything() -> None:
    assert len(untyped(ROOT)) <= MOST_UNTYPED, untyped(ROOT)


def test_the_architecture_page_names_every_folder() -> None:
    for folder in folders(ROOT):
        if "/" in folder:
            assert f"| `{folder}/` |" in PAGE, folder
    for folder in re.findall(r"^\| `((?:bot|storage|conversations)/\S*)/` \|", PAGE, re.MULTILINE):
        assert (ROOT / folder / "__init__.py").exists(), folder
