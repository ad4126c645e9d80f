"""Each guard of the structure finds its planted offence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.structure import (
    MOST_MODULES,
    circles,
    folders,
    homonyms,
    imports_from_above,
    imports_of_the_world,
    layers,
    made_elsewhere,
    misnamed_loggers,
    twice,
    unlike_the_map,
    untyped,
    unused_members,
    unused_names,
    upward_imports,
    without_docstring,
)


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
        "from importlib import import_module\nimport_module('bot.one')",
        "MADE_BY = 'bot.one:x'",
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


def test_a_planted_unused_member_is_found(planted: Callable[..., Path]) -> None:
    members = ("kept: int", "lost: int", "def go(self): ...", "def gone(self): ...")
    root = planted(bot__one="\n    ".join(("class A:", *members)))
    planted(bot__two="def use(a): return a.kept, a.go()")
    assert unused_members(root) == ["bot.one.A.gone", "bot.one.A.lost"]


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


def test_a_planted_logger_of_another_name_is_found(planted: Callable[..., Path]) -> None:
    root = planted(bot__one="import logging\n_log = logging.getLogger(__name__)")
    assert misnamed_loggers(root) == []
    root = planted(
        bot__two="import logging\nlog = logging.getLogger(__name__)",
        bot__three="import logging\n_log = logging.getLogger('three')",
    )
    assert misnamed_loggers(root) == ["bot.three._log", "bot.two.log"]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("conversations__one", "from storage.engine import database"),
        ("conversations__one", "import bot"),
        ("storage__one", "def late():\n    from bot.app import App"),
        ("bot__one", "import tests.structure"),
        ("bot__one", "from benchmarks import load"),
    ],
)
def test_a_planted_import_from_above_is_found(
    planted: Callable[..., Path], place: str, line: str
) -> None:
    assert imports_from_above(planted(bot__two="import storage, conversations, bot.one")) == []
    (found,) = imports_from_above(planted(**{place: line}))
    assert found.startswith(place.replace("__", "/"))


def test_a_planted_clock_in_a_conversation_is_found(planted: Callable[..., Path]) -> None:
    may = {"conversations/two.py"}
    root = planted(conversations__one="import re", conversations__two="import time")
    assert imports_of_the_world(root, {"time"}, may) == []
    root = planted(conversations__one="def f():\n    from time import monotonic")
    assert imports_of_the_world(root, {"time"}, may) == ["conversations/one.py imports time"]


@pytest.mark.parametrize(
    "making",
    [
        "from bot.run import App\nApp()",
        "from bot.run import App as Other\nOther()",
        "from bot import run\nrun.App()",
    ],
)
def test_a_planted_construction_is_found(planted: Callable[..., Path], making: str) -> None:
    root = planted(bot__run="class App: ...", bot__cli__go=making)
    assert made_elsewhere(root, {"App": "bot/cli"}) == []
    root = planted(bot__one=making, bot__two="from bot.settings import App\nApp()")
    assert made_elsewhere(root, {"App": "bot/cli"}) == ["bot/one.py:2 makes a App"]


def test_a_planted_module_without_a_docstring_is_found(planted: Callable[..., Path]) -> None:
    root = planted(bot__one='"""Says it."""\nx = 1', bot__two="x = 1", bot__three="")
    assert without_docstring(root) == ["bot/two.py"]


def test_planted_homonyms_are_found_outside_the_folders_that_may(
    planted: Callable[..., Path],
) -> None:
    root = planted(bot__a__row="", bot__pages__row="")
    assert homonyms(root, ["bot/pages/"]) == []
    root = planted(bot__b__row="")
    assert homonyms(root, ["bot/pages/"]) == [
        "bot: row: bot/a/row.py, bot/b/row.py, bot/pages/row.py"
    ]
    root = planted(bot__in__one__way="", bot__in__two__way="")
    assert len(homonyms(root, ["bot/a/", "bot/b/"])) == 1
    assert homonyms(root, ["bot/a/", "bot/b/"], ["bot/in/"]) == []
    assert len(homonyms(planted(bot__c__way=""), ["bot/a/", "bot/b/"], ["bot/in/"])) == 1


def test_a_planted_folder_that_the_page_does_not_name_is_found(
    planted: Callable[..., Path],
) -> None:
    root = planted(bot__cli__run="", bot__cli__new__one="", bot__app="")
    page = "| `bot/cli/` | the commands |\n| `bot/gone/` | what went |\n"
    assert unlike_the_map(root, page) == ["bot/cli/new", "bot/gone"]
    assert unlike_the_map(root, "| `bot/cli/` | it |\n| `bot/cli/new/` | it |\n") == []
