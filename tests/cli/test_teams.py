"""The commands of teams, one by one and out of tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_teams_are_added_and_listed(run: Run) -> None:
    assert run("team", "list")[:2] == (0, "There are no teams yet.\n")
    assert run("team", "add", "Team Oost", "--municipality", "Zwolle")[0] == 0
    code, out, _ = run("team", "list", "--json")
    (team,) = json.loads(out)
    assert (code, team["id"], team["name"]) == (0, "zwolle-team-oost", "Team Oost")
    assert re.fullmatch(r"http://127\.0\.0\.1:8080/t/[0-9a-f]+", team["link"])
    code, _, err = run("team", "add", "Team Oost", "--municipality", "Zwolle")
    assert (code, err) == (1, "Team Oost in Zwolle is there already: choose another name\n")


def test_teams_are_renamed_merged_closed_and_opened_again(run: Run) -> None:
    for name in ("Oost", "West"):
        run("team", "add", name, "--municipality", "Zwolle")

    def changed(*words: str) -> tuple[int, dict[str, object]]:
        code, out, _ = run("team", *words, "--json")
        return code, json.loads(out)[0] if out else {}

    code, oost = changed("rename", "zwolle-oost", "Oost en Zuid")
    assert (code, oost["id"], oost["name"]) == (0, "zwolle-oost", "Oost en Zuid")
    code, oost = changed("merge", "zwolle-oost", "zwolle-west")
    assert (code, oost["closed"], oost["merged_into"]) == (0, True, "zwolle-west")
    listed = json.loads(run("team", "list", "--json")[1])
    assert [team["id"] for team in listed] == ["zwolle-west"]
    assert changed("reopen", "zwolle-oost")[0] == 0
    assert changed("close", "zwolle-oost")[1]["closed"] is True
    for wrong in (("close", "zwolle-oost"), ("merge", "zwolle-west", "nowhere"), ("close", "x")):
        code, out, err = run("team", *wrong)
        assert (code, out) == (1, "")
        assert "see vertelbot team list" in err


def test_a_byte_that_is_no_letter_is_a_question_mark_in_a_name(run: Run) -> None:
    assert run("team", "add", "Team \udce9\u00e9n", "--municipality", "Zwolle")[0] == 0
    assert "Team ?\u00e9n" in run("team", "list")[1]


def test_teams_are_imported_and_wrong_lines_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text(
        "naam;gemeente\nOost;Zwolle\n;Zwolle\nWest;Zwolle\nOost;Zwolle\n", "utf-8-sig"
    )
    code, _, err = run("team", "import", "teams.csv")
    assert code == 3
    assert "line 3: a team needs a name and a municipality" in err
    assert "line 5: Oost in Zwolle is there already" in err
    assert len(json.loads(run("team", "list", "--json")[1])) == 2


@pytest.mark.parametrize(
    ("table", "teams"),
    [
        (b"\xef\xbb\xbfnaam;gemeente\r\nOost;Zwolle\r\n", {("Oost", "Zwolle")}),
        ("naam;gemeente\r\nTeam Café;Súdwest-Fryslân\r\n".encode("cp1252"),
         {("Team Café", "Súdwest-Fryslân")}),
        (b"Gemeente;Team\r\nZwolle;Oost\r\nKampen;Zuid\r\n",
         {("Oost", "Zwolle"), ("Zuid", "Kampen")}),
        (b"Naam ;Gemeente \r\nOost;Zwolle\r\n", {("Oost", "Zwolle")}),
        (b"naam\tgemeente\r\nOost\tZwolle\r\n", {("Oost", "Zwolle")}),
        (b'naam;gemeente;;\r\n"Team\nOost";Zwolle;;\r\n;;;\r\n', {("Team Oost", "Zwolle")}),
        (b"Overzicht teams 2026;\r\nnaam;gemeente\r\nOost;Zwolle\r\n", {("Oost", "Zwolle")}),
        (b"Oost;Zwolle\r\n", {("Oost", "Zwolle")}),
        (b"naam;gemeente\r\nSociaal wijkteam Centrum Noord;Zwolle\r\n"
         b"Sociaal wijkteam Centrum Zuid;Zwolle\r\n",
         {(f"Sociaal wijkteam Centrum {side}", "Zwolle") for side in ("Noord", "Zuid")}),
    ],
)  # fmt: skip
def test_tables_of_teams_as_the_world_saves_them(
    run: Run, tmp_path: Path, table: bytes, teams: set[tuple[str, str]]
) -> None:
    (tmp_path / "teams.csv").write_bytes(table)
    assert run("team", "import", "teams.csv")[0] == 0
    found = json.loads(run("team", "list", "--json")[1])
    assert {(one["name"], one["municipality"]) for one in found} == teams
