"""The house as it was meant: who imports whom, who constructs, what is documented."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.parser import parser
from bot.settings import Settings
from tests.structure import (
    MOST_MODULES,
    MOST_UNTYPED,
    circles,
    folders,
    layers,
    twice,
    untyped,
    unused_names,
    upward_imports,
)

ROOT = Path(__file__).parents[1]
OURS = ("conversations", "storage", "bot")
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
    "Services": ("bot/app.py", "bot/helper/__main__.py"),
    "Mail": "bot/app.py",
    "Dispatcher": "bot/app.py",
    "RowSender": "bot/app.py",
    "Runner": "bot/app.py",
    "GuideStore": ("bot/app.py", "bot/helper/__main__.py"),
    "Telegram": "bot/app.py",
    "Terminal": "bot/app.py",
    "Ticker": "bot/app.py",
    "WebChat": "bot/app.py",
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
READERS = (
    "storage/gate/counts.py",
    "storage/sensemaking/cards.py",
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
    for path in files("bot"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            where = (getattr(node, "module", "") or "").rpartition(".")
            if isinstance(node, ast.ImportFrom) and where[0] == "storage.stories":
                taken = {alias.name for alias in node.names}
                assert not taken & {"opened", *(each for _, each in opening)}, name(path)
            found = calls(node)
            if found & opening and not found & {("uses", "write"), ("exports", "note")}:
                silent.add(name(path))
    assert silent == set(NO_EXITS)
    body = ast.parse((ROOT / "storage" / "stories" / "exports.py").read_text("utf-8")).body
    note = next(each for each in body if getattr(each, "name", "") == "note")
    assert ("uses", "write") in calls(note)


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


@pytest.fixture
def planted(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small product: the text of each file by its path."""

    def plant(**sources: str) -> Path:
        for path, text in sources.items():
            file = tmp_path / (path.replace("__", "/") + ".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return tmp_path

    return plant


@pytest.mark.parametrize(
    "back",
    [
        "import bot.one",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bot.one import x",
        "def late():\n    from bot import one\n    return one",
    ],
)
def test_a_planted_circle_is_found(planted: Callable[..., Path], back: str) -> None:
    root = planted(bot__one="from bot.two import y\nx = y", bot__two=f"{back}\ny = 1")
    assert circles(root) == [["bot.one", "bot.two"]]
    assert circles(planted(bot__two="y = 1")) == []


def test_a_planted_import_up_the_layers_is_found(planted: Callable[..., Path]) -> None:
    order = layers("```layers\nbot/: high > low\n```\n")
    root = planted(bot__high__a="from bot.low import b\nb", bot__low__b="")
    assert upward_imports(root, order) == []
    root = planted(bot__low__b="from bot.high import a\na")
    assert upward_imports(root, order) == ["bot.low.b imports bot.high.a"]
    root = planted(bot__low__b="from bot.new import c\nc", bot__new__c="")
    assert upward_imports(root, order) == ["bot: no layer holds low or new"]


def test_a_planted_unused_name_is_found(planted: Callable[..., Path]) -> None:
    root = planted(bot__one="USED = 1\n_LEFT = 2\n\ndef left(): ...\n\nprint(USED)")
    assert unused_names(root) == ["bot.one._LEFT", "bot.one.left"]


def test_planted_names_that_stand_twice_are_found(planted: Callable[..., Path]) -> None:
    root = planted(bot__a__row="class Row: ...", bot__b__row="class Row: ...\nclass _Own: ...")
    places = ["bot/a/row.py", "bot/b/row.py"]
    assert twice(root) == {"bot: row": places, "Row": places}


def test_a_planted_crowd_is_found(planted: Callable[..., Path]) -> None:
    root = planted(**{f"bot__many__m{n}": "" for n in range(MOST_MODULES + 1)})
    assert folders(root) == {"bot/many": MOST_MODULES + 1}


def test_a_planted_untyped_parameter_is_found(planted: Callable[..., Path]) -> None:
    root = planted(bot__one="def a(x: Any, *y: int) -> list[Any]: ...\ndef b(**z: Any) -> Any: ...")
    assert untyped(root) == ["bot.one.a", "bot.one.b", "bot.one.b"]
