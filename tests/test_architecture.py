"""The house as it was meant: who imports whom, who constructs, what stands where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.structure import (
    MOST_MODULES,
    MOST_UNTYPED,
    ROOT,
    circles,
    folders,
    forget,
    homonyms,
    imports_from_above,
    imports_of_the_world,
    layers,
    made_elsewhere,
    misnamed_loggers,
    unlike_the_map,
    untyped,
    unused_members,
    unused_names,
    upward_imports,
    without_docstring,
)

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
    "Telegram": "bot/wiring/telegram_channel.py",
    "Terminal": "bot/wiring/terminal_chat.py",
    "Ticker": "bot/wiring/clock_jobs.py",
    "WebChat": "bot/wiring/web_chat.py",
}
"""What only the wiring makes, of the helper process too."""

NOT_PURE = {
    "asyncio", "datetime", "http", "logging", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "threading", "time", "urllib", "uuid",
}  # fmt: skip
READS_FILES = {
    "conversations/checks/report.py",
    "conversations/distress/classifier.py",
    "conversations/distress/patterns.py",
    "conversations/checks/lint_folder.py",
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


def test_a_package_imports_only_what_lies_below_it() -> None:
    assert imports_from_above(ROOT) == []


def test_conversations_have_no_clock_no_chance_and_no_world() -> None:
    assert imports_of_the_world(ROOT, NOT_PURE, READS_FILES) == []


def test_only_the_wiring_constructs() -> None:
    assert made_elsewhere(ROOT, CONSTRUCTED) == []


def test_every_module_says_what_it_is_for() -> None:
    assert without_docstring(ROOT) == []


PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
LAYERS = layers(PAGE)
MAY_STAND_TWICE = {
    "storage/tables/": "a table has the name of the noun whose rows it holds",
    "bot/cli/": "a command has the name of what it is about",
    "bot/coordinators/pages/": "a page has the name of what it shows",
    "bot/demo/": "invented things have the names of the real ones",
}
"""Folders whose files and classes may have a name that stands elsewhere too, and why."""
ALIKE = ("bot/channels/",)
"""Every channel has a folder of the same shape."""


def test_no_modules_import_each_other() -> None:
    assert circles(ROOT) == []


def test_imports_go_down_the_layers_of_the_architecture_page() -> None:
    assert upward_imports(ROOT, LAYERS) == []


def test_every_name_of_a_module_is_used_in_the_product() -> None:
    assert unused_names(ROOT) == []


OTHERS_USE = {
    "bot.channels.telegram.request.Request": "python-telegram-bot",
    "bot.operations.late_pages._Folder": "aiohttp",
    "bot.templating.CompiledElsewhere": "Jinja",
    "storage.engine.types.Utc": "SQLAlchemy",
    "storage.engine.types._Several": "SQLAlchemy",
    "storage.stories.consents.ConsentRecord": "who must show what was agreed to: all of it is kept",
}
"""Classes with members that we ourselves never name, and who does."""


def test_every_method_and_field_is_used_in_the_product() -> None:
    unused = {member.rpartition(".")[0] for member in unused_members(ROOT)}
    assert unused == OTHERS_USE.keys(), unused_members(ROOT)


def test_one_word_names_one_thing() -> None:
    assert homonyms(ROOT, MAY_STAND_TWICE, ALIKE) == []


def test_every_module_calls_its_logger_the_same() -> None:
    assert misnamed_loggers(ROOT) == []


def test_no_folder_is_crowded() -> None:
    crowded = {folder: count for folder, count in folders(ROOT).items() if count > MOST_MODULES}
    assert crowded == {}


def test_few_signatures_take_anything() -> None:
    assert len(untyped(ROOT)) <= MOST_UNTYPED, untyped(ROOT)


def test_the_architecture_page_names_every_folder() -> None:
    assert unlike_the_map(ROOT, PAGE) == []
