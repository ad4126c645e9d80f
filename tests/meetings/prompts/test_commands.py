"""`vertelbot meeting`, as someone types it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from bot.__main__ import main

FEEDS = Path(__file__).parents[1] / "calendar" / "feeds"
VISIT = (
    "--kind=visit", "--host=Wijkteam Oost", "--guest=Wijkteam Zuid",
    "--start=2026-11-24T14:00", "--end=2026-11-24T16:00",
)  # fmt: skip


class Shell:
    """Runs commands in a folder with a configuration."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.config = folder / "config.toml"
        self.config.write_text('[web]\npublic_url = "https://vertel.example.nl"\n')

    def run(self, *arguments: str) -> tuple[int, str]:
        code = main(["meeting", *arguments, f"--config={self.config}"])
        shown = self.capsys.readouterr()
        return code, shown.out + shown.err

    def json(self, *arguments: str, code: int = 0) -> Any:
        given, shown = self.run(*arguments, "--json")
        assert given == code, shown
        return json.loads(shown)


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """On a day before all meetings, whenever this runs."""
    away = datetime(2026, 11, 18, 12, tzinfo=UTC) - datetime.now(UTC)
    (tmp_path / "clock").write_text(f"{away.total_seconds()}")
    monkeypatch.setenv("VERTELBOT_CLOCK_FILE", str(tmp_path / "clock"))
    return Shell(tmp_path, capsys)


def test_a_visit_is_planned_and_listed(shell: Shell) -> None:
    (made,) = shell.json("add", *VISIT)
    assert shell.json("list") == [made]
    assert made["title"] == "Wijkteam Oost ← Wijkteam Zuid"
    assert (made["start"], made["tz"]) == ("2026-11-24T14:00:00+01:00", "Europe/Amsterdam")
    assert made["teams"] == ["Wijkteam Oost", "Wijkteam Zuid"]
    assert (made["state"], made["rrule"], made["joined"]) == ("planned", None, 0)
    assert sorted(made) == sorted(
        ["id", "uid", "kind", "title", "start", "end", "tz", "rrule", "state", "code", "teams",
         "joined"]
    )  # fmt: skip


def test_a_meeting_is_called_off_by_its_code(shell: Shell) -> None:
    (made,) = shell.json("add", *VISIT)
    (off,) = shell.json("cancel", made["code"].lower())
    assert off["state"] == "cancelled"


def test_one_meeting_of_a_series_is_called_off(shell: Shell) -> None:
    (made,) = shell.json("add", *VISIT, "--rrule=FREQ=WEEKLY;COUNT=4")
    (still,) = shell.json("cancel", made["id"], "--day=2026-12-01")
    assert still["state"] == "planned"
    code, shown = shell.run("cancel", made["id"], "--day=2026-12-02")
    assert (code, "does not meet" in shown) == (1, True)


def test_a_meeting_is_moved_and_of_a_series_one(shell: Shell) -> None:
    (made,) = shell.json("add", *VISIT)
    times = ("--start=2026-11-25T10:00", "--end=2026-11-25T12:00")
    (moved,) = shell.json("move", made["code"], *times)
    assert (moved["start"], moved["state"]) == ("2026-11-25T10:00:00+01:00", "moved")
    (series,) = shell.json("add", *VISIT, "--rrule=FREQ=WEEKLY;COUNT=4")
    assert "--day" in shell.run("move", series["id"], *times)[1]
    assert "does not meet" in shell.run("move", series["id"], *times, "--day=2026-11-26")[1]
    (still,) = shell.json("move", series["id"], *times, "--day=2026-11-24")
    assert (still["start"], still["state"]) == ("2026-11-24T14:00:00+01:00", "planned")
    assert "ends before" in shell.run("move", made["id"], times[0], "--end=2026-11-25T09:00")[1]


def test_a_meeting_is_not_called_off_for_a_day_on_which_it_is_not(shell: Shell) -> None:
    (made,) = shell.json("add", *VISIT)
    assert "does not meet on 2026-11-25" in shell.run("cancel", made["id"], "--day=2026-11-25")[1]
    assert shell.json("list")[0]["state"] == "planned"
    (off,) = shell.json("cancel", made["id"], "--day=2026-11-24")
    assert off["state"] == "cancelled"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (("--kind=visit", "--start=2026-11-24T14:00", "--end=2026-11-24T16:00"), "--host"),
        (("--kind=visit", "--host=A", "--start=gisteren", "--end=2026-11-24T16:00"), "write"),
        (("--kind=visit", "--host=A", "--start=2026-11-24", "--end=2026-11-23"), "ends before"),
        (("--kind=visit", "--host=A", "--start=0001-01-01T00:00", "--end=2026-11-23"), "year"),
        (("--kind=visit", "--host=A", "--start=2026-11-24", "--end=2027-11-24"), "a month"),
        (("--kind=visit", "--host=A", "--start=1026-11-24", "--end=1026-11-25"), "age"),
        ((*VISIT, "--rrule=FREQ=SECONDLY"), "repeat"),
        ((*VISIT, "--delay=-1"), "minutes"),
    ],
)
def test_what_is_wrong_is_said_with_its_mend(
    shell: Shell, wrong: tuple[str, ...], word: str
) -> None:
    code, shown = shell.run("add", *wrong)
    assert code == 1
    assert word in shown


@pytest.mark.parametrize("name", ["outlook.ics", "google.ics", "nextcloud.ics"])
def test_a_calendar_is_imported_and_importing_it_again_changes_nothing(
    shell: Shell, name: str
) -> None:
    first = _imported(shell, FEEDS / name)
    assert first["added"] > 0
    again = _imported(shell, FEEDS / name)
    assert (again["added"], again["changed"]) == (0, 0)
    assert again["unchanged"] == first["added"]


def _imported(shell: Shell, file: Path) -> Any:
    code, shown = shell.run("import", str(file), "--json")
    report = json.loads(shown)
    assert code == (3 if report["problems"] else 0)
    return report


def test_the_good_rows_of_a_table_are_taken_and_the_bad_ones_reported(
    shell: Shell, tmp_path: Path
) -> None:
    table = tmp_path / "visites.csv"
    table.write_text(
        "soort;titel;begin;einde;team;gast_team\n"
        "visite;;24-11-2026 13:30;16:00;Team Noord;Team Zuid\n"
        "visite;;31-02-2026 13:30;16:00;Team Noord;Team Zuid\n"
    )
    report = shell.json("import", str(table), code=3)
    assert report["added"] == 1
    assert report["problems"][0]["line"] == 3


def test_of_what_is_no_calendar_at_all_nothing_is_taken(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "brief.ics"
    file.write_text("Beste mensen")
    assert shell.json("import", str(file), code=3)["added"] == 0


def test_the_qr_code_leads_to_the_meeting(shell: Shell, tmp_path: Path) -> None:
    (made,) = shell.json("add", *VISIT)
    files = {kind: tmp_path / f"qr.{kind}" for kind in ("png", "svg", "pdf", "slide")}
    code, shown = shell.run("qr", made["code"], *(f"--{k}={f}" for k, f in files.items()))
    assert code == 0, shown
    (found,) = zxingcpp.read_barcodes(Image.open(files["png"]))
    assert found.text == f"https://vertel.example.nl/m/{made['code']}"
    assert files["pdf"].read_bytes().startswith(b"%PDF")


def test_a_picture_that_cannot_be_written_is_said(shell: Shell, tmp_path: Path) -> None:
    (made,) = shell.json("add", *VISIT)
    code, shown = shell.run("qr", made["code"], f"--png={tmp_path}/nowhere/qr.png")
    assert (code, "cannot be written" in shown) == (1, True)


def test_without_members_nobody_is_asked(shell: Shell) -> None:
    shell.json("add", *VISIT)
    assert shell.json("preview", "--now=2026-11-20T12:00") == []


def test_inviting_needs_a_mail_server(shell: Shell) -> None:
    (made,) = shell.json("add", *VISIT)
    code, shown = shell.run("invite", made["code"], "alice@example.nl")
    assert (code, "[mail]" in shown) == (1, True)


def test_an_invited_person_is_in_the_preview(shell: Shell) -> None:
    shell.config.write_text('[mail]\nhost = "127.0.0.1"\nsender = "bot@example.nl"\n')
    (made,) = shell.json("add", *VISIT)
    assert shell.run("invite", made["code"], "alice@example.nl")[0] == 0
    asked, later = shell.json("preview", "--now=2026-11-20T12:00")
    assert asked == {
        "prompt": asked["prompt"],
        "meeting": made["id"],
        "kind": "ask",
        "due_utc": "2026-11-24T17:00:00Z",
        "channel": "mail",
        "state": "planned",
    }
    assert later["kind"] == "follow_up"
    assert shell.json("list")[0]["joined"] == 1
    assert shell.json("cancel", made["id"])[0]["joined"] == 1
    code, shown = shell.run("invite", made["code"], "bob@example.nl")
    assert (code, "called off" in shown) == (1, True)


def test_a_feed_at_a_private_address_is_refused(shell: Shell) -> None:
    code, shown = shell.run("feed", "add", "https://127.0.0.1/calendar.ics")
    assert code == 1
    assert "127.0.0.1" not in shown
    assert shell.json("feed", "list") == []


def test_our_own_calendar_has_a_link_that_can_be_replaced(shell: Shell) -> None:
    (_, first), (_, second) = shell.run("feed", "out"), shell.run("feed", "out")
    assert first != second
    assert first.startswith("https://vertel.example.nl/calendar/")


@pytest.mark.parametrize("typed", ["jan smit@example.nl", "jan,smit@example.nl", "josé@example.nl"])
def test_what_is_no_address_invites_nobody_and_is_said(shell: Shell, typed: str) -> None:
    shell.config.write_text('[mail]\nhost = "127.0.0.1"\nsender = "bot@example.nl"\n')
    (made,) = shell.json("add", *VISIT)
    code, said = shell.run("invite", made["code"], typed, "an@example.nl")
    assert (code, "no e-mail address" in said) == (1, True)
    assert shell.json("list")[0]["joined"] == 0
