"""What tests of the workbench do before what they are about: make a guide, ask, save, publish."""

from __future__ import annotations

import re
from functools import partial

from storage.guides import drafts, guide_publications
from storage.guides.guide_publications import Publication
from tests.coordinators.office import Office, Person

HERE = "/coordinator/guides"


async def make(person: Person, title: str = "Wat hielp", base: str = "professional") -> str:
    """A new guide; its id."""
    answer = await person.post(f"{HERE}/new", {"title": title, "base": base})
    assert answer.status == 303
    return answer.headers["Location"].rsplit("/", 1)[1]


def question(
    revision: int, say: str = "Wat hielp het meest?", **more: object
) -> list[tuple[str, object]]:
    """The form of a new question."""
    labels = ("Iemand die luisterde", "Geld", "Tijd", "")
    return [
        ("revision", revision), ("after", "feeling"), ("shown", "yes"), ("kind", "choice"),
        ("say", say), ("short", "Hielp"), ("skip", "yes"),
        *(pair for label in labels for pair in (("option_id", ""), ("option_label", label))),
        *more.items(),
    ]  # fmt: skip


async def versions(office: Office, guide: str) -> list[Publication]:
    return await office.store.database.read(lambda s: guide_publications.of_guide(s, guide))


async def saved(office: Office, guide: str, revision: int) -> str:
    """The text of a save."""
    read = partial(drafts.at_revision, guide=guide, revision=revision)
    found = await office.store.database.read(read)
    assert found is not None
    return found.text


async def publish(office: Office, person: Person, guide: str, **more: str) -> None:
    """With the form that the page shows."""
    _, page = await person.get(f"{HERE}/{guide}/publish")
    form = dict(re.findall(r'name="(revision|after)" value="(\d+)"', page))
    answer = await person.post(f"{HERE}/{guide}/publish", {**form, "note": "Eerste", **more})
    assert answer.status == 303, await answer.text()
    await office.publisher.finished()
    assert office.publisher.attempts[guide].state == "published"
