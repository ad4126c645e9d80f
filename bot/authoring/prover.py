"""Proves all promises of a guide in a process of its own, politely, so that nobody who is telling
notices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from msgspec import DecodeError, Struct, convert

from conversations.guide.problems import Problem

NICE = 10
PATIENCE = 900.0
"""Seconds after which a proof is given up."""


class CannotProve(Exception):
    """The proof did not come to an end; nothing is known."""


class _Found(Struct, frozen=True):
    file: str
    line: int
    step: str
    code: str
    message: str
    mend: str


Texts = Mapping[str, Mapping[str, str]]
Prove = Callable[[str, str, Mapping[str, str], Texts], Awaitable[list[Problem]]]
"""What is wrong with a guide: its id, its text, the Dutch by name, and its translations."""


async def prove(
    guide: str, text: str, dutch: Mapping[str, str], texts: Texts, said_in: str = "nl"
) -> list[Problem]:
    """Lint and walk a guide in every language it is offered in; problems are said in one language.
    Raises CannotProve."""
    with tempfile.TemporaryDirectory(prefix="vertelbot-guide-") as name:
        await asyncio.to_thread(_write, Path(name), guide, text, dutch, texts)
        code = f"import os; os.nice({NICE}); from bot.__main__ import main; main()"
        asked = ("-c", code, "check", name, "--json", "--language", said_in)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *asked,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        except (TimeoutError, asyncio.CancelledError) as error:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise CannotProve("it takes too long") from error
    try:
        report = json.loads(out)
        found = [*report["problems"], *(p for each in report["guides"] for p in each["problems"])]
        problems = [Problem(*_fields(convert(each, _Found))) for each in found]
        if not report["guides"] or (not report["ok"] and not problems):
            raise CannotProve("the check said nothing")
    except (ValueError, KeyError, TypeError, DecodeError) as error:
        raise CannotProve("the check cannot be read") from error
    return problems


def _fields(found: _Found) -> tuple[str, int, str, str, str, str]:
    return found.file, found.line, found.step, found.code, found.message, found.mend


def _write(folder: Path, guide: str, text: str, dutch: Mapping[str, str], texts: Texts) -> None:
    (folder / "guides").mkdir()
    (folder / "guides" / f"{guide}.toml").write_text(text, "utf-8")
    for language, said in texts.items():
        (folder / "locales" / language).mkdir(parents=True)
        entries = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n']
        entries += [
            f"msgctxt {_po(key)}\nmsgid {_po(dutch[key])}\nmsgstr {_po(words)}\n"
            for key, words in said.items()
        ]
        (folder / "locales" / language / f"{guide}.po").write_text("\n".join(entries), "utf-8")


def _po(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
