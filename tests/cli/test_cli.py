"""The command line: every command does what it says, and says what is wrong."""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.parser import parser
from tests.cli.conftest import Run
from tests.structure import ROOT


def commands() -> list[str]:
    """Every command, as its help names it."""
    usage = parser().format_help()
    return re.findall(r"^    (\w+)\b", usage, re.MULTILINE)


def test_the_stable_commands_are_there() -> None:
    stable = "run check draw chat team coordinator meeting digest backup restore purge key"
    assert set(stable.split()) <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_every_command_explains_itself(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert out.startswith(f"usage: vertelbot {command}")
    assert "--config" in out or command == "key"


def test_every_command_is_called_in_the_help_what_it_is_called_in_its_own() -> None:
    whole, names = parser(), parser("")
    assert whole.format_help() == names.format_help()


def test_who_plans_and_who_takes_a_file_waits_for_no_channel(tmp_path: Path) -> None:
    code = """
import sys
from bot.__main__ import main
assert main(["meeting", "preview"]) == main(["export", "--output", "stories.json"]) == 0
print({"bot.app", "telegram", "aiohttp", "jinja2", "icalendar"} & set(sys.modules))
"""
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert said.stdout.endswith("set()\n"), said.stdout[-200:]


@pytest.mark.parametrize("words", ["--help", "check --help", "guide --help"])
def test_help_reads_no_store_and_no_server(words: str) -> None:
    code = f"""
import sys
from bot.__main__ import main
try:
    main({words.split()!r})
except SystemExit:
    print({{"sqlalchemy", "aiohttp", "pydantic", "telegram"}} & set(sys.modules))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.endswith("set()\n"), said.stdout[-200:]


def test_what_only_needs_the_store_reads_no_pages_and_no_channels(tmp_path: Path) -> None:
    asked = [["team", "list"], ["coordinator"], ["blocked"], ["uses", "check"], ["session"],
             ["figures", "list"], ["backup", "copy.vb"], ["key", "export", "copy.key"]]  # fmt: skip
    heavy = {"bot.app", "aiohttp", "telegram", "icalendar", "jinja2", "numpy", "PIL", "openpyxl"}
    code = f"""
import sys
from bot.__main__ import main
for words in {asked!r}:
    assert main(words) == 0, words
print({heavy!r} & set(sys.modules))
"""
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert told.stdout.endswith("set()\n"), told.stdout[-200:] + told.stderr[-500:]


def test_an_unknown_command_is_refused(run: Run) -> None:
    code, _, err = run("dance")
    assert code == 2
    assert "dance" in err


@pytest.mark.parametrize(
    "words",
    [
        ("guide", "export", "resident", "--output", "away/x.json"),
        ("guide", "export", "resident", "--output", "."),
        ("check", "x" * 300),
        ("team", "list", "--config", "x" * 300),
        ("export", "--output", "away/x.json"),
        ("digest", "--preview", "--picture", "away/x.png"),
    ],
)
def test_a_file_that_cannot_be_written_or_read_is_named(run: Run, words: tuple[str, ...]) -> None:
    code, _, err = run(*words)
    assert code == 1
    assert words[-1] in err.splitlines()[-1]
    assert "trace" not in err


def test_a_language_of_which_nothing_is_known_is_refused(run: Run) -> None:
    assert run("redact", "--language", "de")[0] == 2


def test_a_file_that_cannot_be_read_is_named(run: Run, tmp_path: Path) -> None:
    assert run("team", "import", "nothing.csv")[0] == 1
    (tmp_path / "old.csv").write_bytes(b"\xd0\xcf\x11\xe0 an old workbook")
    code, out, err = run("team", "import", "old.csv")
    assert (code, out) == (3, "No team was added.\n")
    assert err.startswith("this is an old Excel file")


def test_a_coordinator_gets_a_link_and_another_one(run: Run) -> None:
    code, out, _ = run("coordinator", "add", "Alice")
    assert code == 0
    first = re.search(r"http://127\.0\.0\.1:8080/coordinator/login/(\S+)", out)
    assert first
    code, out, _ = run("coordinator", "list", "--json")
    (alice,) = json.loads(out)
    assert (alice["name"], alice["role"]) == ("Alice", "association")
    code, out, _ = run("coordinator", "link", alice["id"])
    assert code == 0
    assert first[1] not in out
    (link,) = json.loads(run("coordinator", "link", alice["id"], "--json")[1]).values()
    assert "/coordinator/login/" in link
    code, _, err = run("coordinator", "link", "nobody")
    assert (code, err) == (1, "nobody is no coordinator: see vertelbot coordinator list\n")


def test_a_new_coordinator_gets_no_digest_of_the_week_before(run: Run, tmp_path: Path) -> None:
    run("coordinator", "add", "Alice", "--mail", "alice@example.nl")
    with closing(sqlite3.connect(tmp_path / "data" / "vertelbot.db")) as database:
        assert database.execute("SELECT count(*) FROM digestsent").fetchone() == (1,)


def test_a_coordinator_of_a_team_needs_that_team(run: Run) -> None:
    assert run("coordinator", "add", "Bob", "--role", "team")[0] == 1
    code, _, err = run("coordinator", "add", "Bob", "--role", "team", "--team", "zwolle-west")
    assert code == 1
    assert "no team with this id" in err
    run("team", "add", "Oost", "--municipality", "Zwolle")
    assert run("coordinator", "add", "Bob", "--role", "team", "--team", "zwolle-oost")[0] == 0


def test_a_guide_is_drawn(run: Run) -> None:
    code, out, _ = run("draw", "resident")
    assert code == 0
    assert out.startswith("flowchart") or "flowchart" in out
    code, _, err = run("draw", "nothing")
    assert (code, "is no guide here: choose from" in err) == (1, True)


def leaves(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Every command and sub-command, with something for each place that must be filled."""
    places, inside = [], []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            inside = list(action.choices.items())
        elif action.required or not action.option_strings:
            value = next(iter(action.choices or ["1"]))
            places += [*action.option_strings[:1], str(value)]
    if parser.get_default("go") is not None:
        yield (*path, *places)
    for name, each in inside:
        yield from leaves(each, (*path, name))


@pytest.mark.parametrize("words", list(leaves(parser())), ids=" ".join)
def test_json_and_config_may_be_said_before_or_after_any_command(words: tuple[str, ...]) -> None:
    parsing = parser()
    for place in range(len(words) + 1):
        before, after = words[:place], words[place:]
        if before and before[-1].startswith("--"):
            continue  # this would be the value of an option
        for said in (["--json"], ["--config", "x.toml"], ["--json", "--config", "x.toml"]):
            options = parsing.parse_args([*before, *said, *after])
            assert options.json is ("--json" in said)
            assert options.config == (Path("x.toml") if "--config" in said else None)
            assert callable(options.go)


def test_people_of_a_table_are_invited_and_may_read(run: Run, tmp_path: Path) -> None:
    run("team", "add", "Oost", "--municipality", "Zwolle")
    (tmp_path / "readers.csv").write_bytes(
        "Lezers 2026;;;\r\nE-mailadres;Naam;Rol;Team\r\nan@x.nl;Zoë;vereniging;\r\n"
        "bob@x.nl;Bob;lezer;oost\r\njosé@x.nl;José;lezer;Oost\r\nan@x.nl;Weer;vereniging;\r\n"
        "cas@x.nl;Cas;baas;\r\ndee@x.nl;Dee;team;West\r\n".encode("cp1252")
    )
    code, out, err = run("coordinator", "import", "readers.csv")
    assert (code, out.split(";")[0]) == (3, "2 added")
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "line 5", "line 6", "line 7", "line 8",
    ]  # fmt: skip
    found = json.loads(run("coordinator", "list", "--json")[1])
    assert {(one["name"], one["role"], one["team"]) for one in found} == {
        ("Zoë", "association", ""),
        ("Bob", "reader", "zwolle-oost"),
    }
    code, _, err = run("meeting", "invite-file", "1", "nothing.csv")
    assert (code, err[:11]) == (1, "nothing.csv")
    (tmp_path / "people.csv").write_bytes(b"naam;e-mail\r\nZo;zo@\r\n")
    code, out, err = run("meeting", "invite-file", "1", "people.csv")
    assert (code, out, err[:6]) == (3, "", "line 2")


@pytest.mark.parametrize("mail", ["foo", "jan@", "jan@@x.nl", "josé@x.nl", "jan smit@x.nl", "a@x"])
def test_an_address_that_nothing_can_be_sent_to_is_refused_where_it_is_typed(
    run: Run, mail: str
) -> None:
    code, _, err = run("coordinator", "add", "Alice", "--mail", mail)
    assert (code, err[:6]) == (1, "--mail")
    assert run("coordinator", "list", "--json")[1].strip() == "[]"
