"""`docs/operations.md` is followed word for word, on a machine in a folder: every block of commands
runs as it stands, in the order of the book. Only what one user cannot do (be somebody else, keep a
service, own files of others) is played by small scripts."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.end_to_end.kit import free_port

ROOT = Path(__file__).parents[1]
BOOK = (ROOT / "docs" / "operations.md").read_text("utf-8")
PLACES = (
    "/opt",
    "/etc/vertelbot",
    "/etc/systemd/system",
    "/var/lib",
    "/var/backups",
    "/media/safe",
)
"""Where the book writes; here all of it lies under one folder."""

SCRIPTS = {
    "useradd": "",
    "sudo": 'shift 2; exec "$@"',
    "make": 'exec /usr/bin/make --dry-run --quiet "$@" > /dev/null',
    "git": f"""
        mkdir "$3" && ln -s {ROOT}/* "$3" && ln -s {sys.prefix} "$3/.venv"
    """,
    "install": """
        kept=()
        while (($#)); do
            case $1 in -o | -g) shift 2 ;; *) kept+=("$1"); shift ;; esac
        done
        exec /usr/bin/install "${kept[@]}"
    """,
    "systemctl": """
        said() { sed -n "s/^$1=//p" FOLDER/etc/systemd/system/vertelbot.service | PLACED; }
        stop() {
            [ -e pid ] || return 0
            kill "$(cat pid)"; tail --pid="$(cat pid)" -f /dev/null; rm pid
        }
        cd FOLDER
        stop
        [ "$1" != stop ] || exit 0
        umask "$(said UMask)"
        rm -f journal; mkfifo journal
        (cd "$(said WorkingDirectory)" && exec env "$(said Environment)" $(said ExecStart)) \\
            < /dev/null > journal 2>> errors & echo $! > pid
        exec 3< journal
        while read -r line <&3; do
            [[ $line != "Vertelbot runs"* ]] || { cat <&3 > /dev/null 2>&1 & exit 0; }
        done
        cat errors >&2; exit 1
    """,
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", BOOK, re.DOTALL)


class Machine:
    """Runs what the book says. Aliases stay, as in the shell of one who follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._aliases = ""
        self._shims = folder / "bin"
        self._shims.mkdir()
        placed = " ".join(f"-e 's#{place}#{folder}{place}#g'" for place in PLACES)
        for name, text in SCRIPTS.items():
            text = text.replace("FOLDER", str(folder)).replace("PLACED", f"sed {placed}")
            (self._shims / name).write_text(f"#!/bin/bash\n{text}\n")
            (self._shims / name).chmod(0o755)
        self.begin()

    def begin(self) -> None:
        """What every machine has."""
        for place in PLACES:
            parent = Path(place) if place in PLACES[:1] + PLACES[2:] else Path(place).parent
            self.at(str(parent)).mkdir(parents=True, exist_ok=True)

    def at(self, path: str) -> Path:
        return self.folder / path.removeprefix("/")

    def here(self, text: str) -> str:
        for place in PLACES:
            text = re.sub(rf"(?<!\w){place}\b", f"{self.folder}{place}", text)
        return text

    def run(self, text: str, answer: str = "") -> str:
        """What these commands print; each of them must go well. `answer` is typed at a terminal."""
        self._aliases += "".join(re.findall(r"^alias .+\n", text, re.MULTILINE))
        script = f"shopt -s expand_aliases\nset -euo pipefail\n{self._aliases}{text}"
        script = self.here(script.replace("<this project>", str(ROOT)))
        terminal, typed = pty.openpty()
        os.write(terminal, answer.encode())
        try:
            done = subprocess.run(
                ["/bin/bash", "-c", script],
                cwd=self.at("/opt/vertelbot") if self.at("/opt/vertelbot").is_dir() else None,
                env={**os.environ, "PATH": f"{self._shims}:{os.environ['PATH']}"},
                stdin=typed, capture_output=True, text=True, check=False,
            )  # fmt: skip
        finally:
            os.close(terminal)
            os.close(typed)
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def configure(self, settings: str) -> None:
        """Set this in the file, where each key stands already."""
        file = self.at("/etc/vertelbot/config.toml")
        text, section = file.read_text("utf-8"), ""
        for line in self.here(settings).splitlines():
            if line.startswith("["):
                section = re.escape(line)
            elif line:
                key = line.split(" = ")[0]
                text, count = re.subn(
                    rf"(^{section}\n(?:[^\[].*\n|\n)*?){key} = .*", rf"\g<1>{line}", text,
                    flags=re.MULTILINE,
                )  # fmt: skip
                assert count == 1, line
        file.write_text(text, "utf-8")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    yield machine
    machine.run("systemctl stop vertelbot")


def test_the_book_is_followed_word_for_word(machine: Machine, torture: bool) -> None:
    """With `--torture` to its end; else to the first restore, for every command starts anew."""
    install, start, first, keys, back = blocks("sh")
    places, backups = blocks("toml")
    mine = f"[web]\nport = {free_port()}\ndrain = 0\n"

    machine.run(install)
    machine.configure(places + backups + mine)
    machine.run(start)
    assert "https://vertel.example.nl/coordinator/login/" in machine.run(first)
    assert machine.at("/var/backups/vertelbot/now.vb").is_file()

    backup, restore = re.split(r"(?<=put the old database away\n)", back)
    today = f"by-hand-{date.today()}.vb"  # noqa: DTZ011 - as the shell says it
    restore = restore.replace("by-hand-2026-11-24.vb", today)
    machine.run(backup)
    database = machine.at("/var/lib/vertelbot/vertelbot.db")
    database.rename(database.with_suffix(".old"))
    assert "rows are back" in machine.run(restore, answer="y\n")
    assert "Alice" in machine.run("vertelbot coordinator list")
    if not torture:
        return
    machine.run(keys)

    # The machine is lost. What is left: the safe, and the folder of backups on another machine.
    for lost in ("/opt", "/etc/vertelbot", "/var/lib"):
        shutil.rmtree(machine.at(lost))
    machine.begin()
    machine.run(install)
    machine.configure(places + backups + mine)
    key = machine.at("/var/lib/vertelbot/vertelbot.key")
    shutil.copy(machine.at("/media/safe/vertelbot/vertelbot.key"), key)
    newest = machine.at("/var/backups/vertelbot/vertelbot.key.erased")
    shutil.copy(newest, key.with_name("vertelbot.key.erased"))
    assert "rows are back" in machine.run(restore, answer="y\n")
    machine.run(start)
    assert "Alice" in machine.run("vertelbot coordinator list")

    # To another database.
    moving = re.findall(r"^\d\. .*?`(vertelbot (?:backup|restore) .+?)`", BOOK, re.MULTILINE)
    machine.run(f"systemctl stop vertelbot\n{moving[0]}")
    machine.configure('[storage]\nurl = "sqlite:////var/lib/vertelbot/other.db"\n')
    assert "rows are back" in machine.run(moving[1], answer="y\n")
    machine.run("systemctl restart vertelbot")
    assert machine.at("/var/lib/vertelbot/other.db").is_file()
    assert "Alice" in machine.run("vertelbot coordinator list")
