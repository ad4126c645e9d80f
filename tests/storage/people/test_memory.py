"""What is remembered of a person, as it is stored."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.people.memory import Memory
from storage.people.people import Person

STORED = """{"form": "u", "guide": "resident", "known": {"team": "Wijkteam Oost", "town": "Almere"},
"expired": true, "noticed": true, "typed": ["12", "13"], "tries": [1795000000.5], "asked": 7,
"prompts": "off", "mail": ["p1"], "refused": ["2026-W40", "550 5.1.1"], "planning": null}"""
"""As the version before wrote it."""

words = st.text(max_size=20)
memories = st.builds(
    Memory,
    **{
        each.name: {
            "bool": st.booleans(),
            "int": st.integers(0, 2**40),
            "str": words,
            "tuple[float, ...]": st.lists(st.floats(0, 2e9), max_size=3).map(tuple),
            "tuple[str, ...]": st.lists(words, max_size=3).map(tuple),
            "Mapping[str, str]": st.dictionaries(words, words, max_size=3),
            "Literal['', 'off']": st.sampled_from(["", "off"]),
            'Literal["", "off"]': st.sampled_from(["", "off"]),
        }[str(each.type)]
        for each in fields(Memory)
    },
)


def test_what_the_version_before_remembered_is_known() -> None:
    memory = Memory.from_json(json.loads(STORED))
    assert memory.known == {"team": "Wijkteam Oost", "town": "Almere"}
    assert (memory.form, memory.guide, memory.prompts) == ("u", "resident", "off")
    assert (memory.typed, memory.tries, memory.asked) == (("12", "13"), (1795000000.5,), 7)
    assert memory.expired
    assert memory.noticed
    assert not memory.planning
    written = {name: value for name, value in json.loads(STORED).items() if value is not None}
    assert memory.to_json() == written


@given(memories)
def test_what_is_remembered_comes_back_from_its_stored_form(memory: Memory) -> None:
    stored = json.loads(json.dumps(memory.to_json()))
    assert Memory.from_json(stored) == memory
    assert None not in stored.values()
    assert "" not in stored.values()


def test_a_field_of_a_later_version_does_no_harm() -> None:
    assert Memory.from_json({"form": "u", "mood": "good"}) == Memory(form="u")


def test_a_name_that_is_none_is_an_error() -> None:
    person = Person("1", "web", "a", "nl")
    assert person.remembering(form="u").memory.form == "u"
    with pytest.raises(TypeError, match="fro"):
        person.remembering(fro="u")
