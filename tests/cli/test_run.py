"""What `vertelbot run` says at the start, to a terminal and to a journal."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bot.cli.common import as_typed
from tests.end_to_end.kit import free_port
from tests.structure import ROOT, nodes, sources


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "VERTELBOT_WEB__PORT": str(free_port())}


@asynccontextmanager
async def started(folder: Path, out: int) -> AsyncIterator[None]:
    """A Vertelbot that prints to this file, until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), cwd=folder, env=environment(), stdout=out
    )
    os.close(out)
    try:
        yield
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()


async def greeting(source: int) -> str:
    """What is printed, up to the last line of the greeting."""
    said = b""
    async with asyncio.timeout(60):
        while b"Telegram:" not in said:
            said += await asyncio.to_thread(os.read, source, 4096)
    return said.decode()


async def test_a_login_link_is_for_eyes_at_a_terminal(tmp_path: Path) -> None:
    source, out = os.openpty()
    async with started(tmp_path, out):
        assert "/coordinator/login/" in await greeting(source)
    os.close(source)


async def test_a_journal_gets_no_login_link_but_the_command_that_makes_one(tmp_path: Path) -> None:
    source, out = os.pipe()
    async with started(tmp_path, out):
        said = await greeting(source)
    os.close(source)
    assert "/coordinator/login" not in said
    assert "`python -m bot coordinator add NAME`" in said


@pytest.mark.parametrize("word", [b"starts", b"Tell a story"])
async def test_stopping_at_any_moment_of_the_start_prints_no_traceback(
    tmp_path: Path, word: bytes
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # a shell in the background gives its children a deaf ear for it
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout
    assert process.stderr
    async with asyncio.timeout(120):
        while word not in await process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        said = await process.stderr.read()
        assert await process.wait() in (0, 130)
    assert b"Traceback" not in said


async def test_the_first_word_comes_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    """It is said while nothing but the standard library is loaded."""
    spy = "import sys, bot.__main__; print(*sys.modules)"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", spy),
        cwd=tmp_path,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    loaded = (await process.communicate())[0].decode().split()
    assert not {"aiohttp", "sqlalchemy", "telegram", "asyncio"} & set(loaded)


@pytest.mark.parametrize(
    ("called", "written"),
    [
        (".venv/bin/vertelbot", ".venv/bin/vertelbot team list"),
        (f"{ROOT}/bot/__main__.py", "python -m bot team list"),
        ("/usr/bin/pytest", "vertelbot team list"),
    ],
)
def test_what_is_advised_can_be_typed_as_it_stands(
    called: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [called])
    monkeypatch.setenv("PATH", "/usr/bin")
    assert as_typed("see vertelbot team list") == f"see {written}"
    assert as_typed("Vertelbot runs; data/vertelbot.db") == "Vertelbot runs; data/vertelbot.db"


def test_every_command_that_is_printed_can_be_typed_as_it_stands() -> None:
    """What is raised as a `Failure` is printed in one place, which sees to it."""
    for place, path in sources(ROOT, "bot/cli").items():
        for node in nodes(path):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
                said = ast.unparse(node)
                assert "as_typed(" in said or not re.search(r"vertelbot [a-z]", said), place
