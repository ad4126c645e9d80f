"""What tests of the workbench do before what they are about: make a guide, ask, save, publish."""

from __future__ import annotations

import re
from functools import partial
from html.parser import HTMLParser

from storage.guides import drafts, guide_publications
from storage.guides.guide_publications import Publication
from tests.coordinators.office import Office, Person

HERE = "/coordinator/guides"


class FilledForm(HTMLParser):
    """What a browser sends of the form of a step that nobody touched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._in = False
        self._text: tuple[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        name, value = had.get("name") or "", had.get("value") or ""
        if tag == "form":
            self._in = "step-form" in (had.get("class") or "")
        elif not self._in:
            return
        elif tag == "textarea":
            self._text = name, ""
        elif tag == "select":
            self.fields.append((name, ""))
        elif tag == "option" and "selected" in had:
            self.fields[-1] = self.fields[-1][0], value
        elif tag == "input" and (had.get("type") != "checkbox" or "checked" in had):
            self.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text = self._text[0], self._text[1] + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            self.fields.append(self._text)
            self._text = None
        self._in = self._in and tag != "form"


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
    await office.publisher.wait()
    assert office.publisher.attempts[guide].state == "published"
