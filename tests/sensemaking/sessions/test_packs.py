"""The pack: a PDF of what may be read, and the cards that must be taken out of it again."""

from __future__ import annotations

import re
import subprocess
import sys

import pypdfium2

from storage.stories import withdrawals
from tests.coordinators.office import Office
from tests.coordinators.test_sessions import PATTERN, prepared
from tests.storage.stores import WEEK


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


async def test_a_pack_holds_the_cards_and_what_is_withdrawn_must_be_taken_out(
    office: Office,
) -> None:
    person, path = await prepared(office)
    await person.post(f"{path}/pattern", PATTERN)
    answer = await person.post(f"{path}/pack.pdf")
    assert answer.status == 200, await answer.text()
    pages = text_of(await answer.read())
    whole = "\n".join(pages)
    assert len(pages) == 1 + 3 + 2 + 2
    assert whole.count("Fatima van de wijk") == 12
    assert "Het team kijkt naar kracht" in whole
    code = re.findall(r"\b[BCDFGHJKMNPQRSTVWXZ2-9]{8}\b", whole)[0]
    assert "Geldig" in (await person.get(f"/k/{code}"))[1]
    _, page = await person.get(path)
    story = re.findall(r"/coordinator/story/([0-9a-f]{32})", page)
    store = office.store
    await store.database.write(
        lambda c: [withdrawals.withdraw(c, each, store.log, WEEK) for each in story]
    )
    status, gone = await person.get(f"/k/{code}")
    assert status == 200
    assert "Ingetrokken" in gone
    _, page = await person.get(path)
    assert code in page
    assert "Fatima" not in page
    assert "Fatima" not in (await person.get(f"{path}/screen/0"))[1]
    assert "Ingetrokken" in (await person.get("/k/nonsense"))[1]


def test_the_process_that_draws_loads_neither_store_nor_server() -> None:
    """Each pack has a process of its own: what that loads is waited for. What typesets is loaded
    only there."""
    told = "import sys, bot.sensemaking.packs.typeset; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"typst", "sqlalchemy", "aiohttp", "storage", "conversations"} & set(loaded) == set()
