"""Who rewrites a consent is warned when it says less than before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.authoring.guide_desk import BASES, shipped_texts
from bot.coordinators.phrases import words
from conversations.authoring.consent_words import _SAYS, weaker_consents
from conversations.guide.toml_text import read_toml
from tests.coordinators.office import Office
from tests.coordinators.pages.workbench import HERE, make

FAIR = (
    "Mag ik je kaart {retention} op slot bewaren? Er kan iets op staan over gezondheid. "
    "Bij nee gooi ik alles weg."
)


def reworded(guide: dict[str, Any], say: str) -> dict[str, Any]:
    """The guide with other words for the consent to keep."""
    steps = [
        {**step, "say": say} if step.get("purpose") == "keep" else step for step in guide["step"]
    ]
    return {**guide, "step": steps}


@pytest.mark.parametrize("base", BASES)
def test_what_a_consent_does_not_say_any_more_is_found(base: str) -> None:
    guide = read_toml(shipped_texts()[base])
    assert weaker_consents(guide, guide) == []
    assert weaker_consents(guide, reworded(guide, FAIR)) == []
    for gone, what in (
        (" {retention}", "retention"),
        (" Er kan iets op staan over gezondheid.", "sensitive"),
        ("Bij nee gooi ik alles weg.", "refusal"),
    ):
        found = weaker_consents(guide, reworded(guide, FAIR.replace(gone, "")))
        assert [each.what for each in found] == [what]
    found = weaker_consents(guide, reworded(guide, "Ik bewaar je kaart."))
    assert {each.what for each in found} == {*_SAYS["keep"]}


def test_every_guide_of_ours_says_all_that_is_looked_for() -> None:
    """So that whatever goes is missed; and each has a sentence."""
    for text in shipped_texts().values():
        guide = read_toml(text)
        assert weaker_consents(guide, guide) == []
    guide = read_toml(shipped_texts()["resident"])
    empty = [
        {
            **step,
            "say": "x" if step["kind"] == "consent" else step["say"],
            **(
                {"options": [{**each, "label": "x", "say": "x"} for each in step["options"]]}
                if step["kind"] == "switches"
                else {}
            ),
        }
        for step in guide["step"]
    ]
    found = weaker_consents(guide, {**guide, "step": empty})
    assert {(each.purpose, each.what) for each in found} == {
        (purpose, what) for purpose, rules in _SAYS.items() for what in rules
    }
    for language in ("nl", "en"):
        said = words(language)
        assert all(said.has(f"guides.weaker.{each.what}") for each in found)


async def test_it_is_said_while_typing_at_the_step_and_before_publishing(office: Office) -> None:
    person = await office.login("association")
    guide = await make(person)
    weak: list[tuple[str, object]] = [
        ("revision", 1), ("step", "consent_keep"), ("shown", "yes"), ("say", "Ik bewaar je kaart."),
    ]  # fmt: skip
    for item, label in (("yes", "Ja, dat mag"), ("no", "Nee, liever niet")):
        weak += [("option_id", item), ("option_label", label)]
    answer = await person.post(f"{HERE}/check?guide={guide}", weak)
    marks = [e for e in (await answer.json())["marks"] if e["code"] == "consent-weaker"]
    assert len(marks) == 4
    assert (await person.post(f"{HERE}/{guide}/step", weak)).status == 303
    for path in ("step?step=consent_keep", "publish"):
        _, page = await person.get(f"{HERE}/{guide}/{path}")
        for each in marks:
            assert each["message"] in page, path
