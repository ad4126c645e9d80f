"""Translations of a draft: which of them still say what the Dutch says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from conversations.authoring.overlay import story_steps
from conversations.guide.builder import fields

Texts = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By language and name of the text: its `text`, and the Dutch `source` it is of."""


def spoken(texts: Texts, dutch: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By language, the translations that are of the Dutch as it is now."""
    return {
        language: {
            key: each["text"]
            for key, each in said.items()
            if each.get("text") and each.get("source") == dutch.get(key)
        }
        for language, said in texts.items()
    }


def unfinished(texts: Texts, dutch: Mapping[str, str]) -> dict[str, int]:
    """How many texts each language still lacks; those that are complete are not in it."""
    lacks = {
        language: len(dutch.keys() - said.keys()) for language, said in spoken(texts, dutch).items()
    }
    return {language: lack for language, lack in lacks.items() if lack}


def of_sources(
    texts: Mapping[str, Mapping[str, str]], dutch: Mapping[str, str]
) -> dict[str, dict[str, dict[str, str]]]:
    """Translations as a draft keeps them, each with the Dutch that it is of now."""
    return {
        language: {
            key: {"text": text, "source": dutch[key]} for key, text in said.items() if key in dutch
        }
        for language, said in texts.items()
    }


def plain_texts(texts: Texts) -> dict[str, dict[str, str]]:
    """The translations by language and name, whatever Dutch they are of; without empty ones."""
    return {
        language: {key: each["text"] for key, each in said.items() if each.get("text")}
        for language, said in texts.items()
    }


def offered(
    texts: Texts,
    dutch: Mapping[str, str],
    languages: Collection[str],
    marks: Mapping[str, str] | None = None,
) -> dict[str, dict[str, str]]:
    """The translations of the languages in which a guide is offered. What a language of `marks`
    lacks is said in Dutch, with its mark below the question."""
    said = {name: said for name, said in spoken(texts, dutch).items() if name in languages}
    for name, mark in (marks or {}).items():
        said[name] = _in_dutch(said.get(name, {}), dutch, mark)
    return said


def _in_dutch(said: Mapping[str, str], dutch: Mapping[str, str], mark: str) -> dict[str, str]:
    made = {**dutch, **said}
    steps = {key.partition(".")[0] for key in dutch.keys() - said.keys()} - {"guide"}
    asked = [f"{step}.{key}" for step in steps for key in ("say", "other_say")]
    return made | {key: f"{made[key]}\n\n{mark}" for key in asked if key in made}


def unconsented(texts: Texts, data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The languages in which not all that a teller must understand is translated: who asks and what
    for, the card, and the consents; with the names of what is missing or of another Dutch. It is
    never said in Dutch instead; questions may be."""
    free = {"guide", *(str(step["id"]) for step in story_steps(data))}
    dutch = {key: words for key, words in fields(data).items() if key.partition(".")[0] not in free}
    open_ = {
        language: tuple(key for key in dutch if key not in said)
        for language, said in spoken(texts, dutch).items()
    }
    return {language: keys for language, keys in open_.items() if keys}


def renamed(texts: Texts, old: str, new: str) -> Texts:
    """The texts of a step (its id and a point) that goes by another id."""
    return {
        language: {
            new + key.removeprefix(old) if key.startswith(old) else key: each
            for key, each in said.items()
        }
        for language, said in texts.items()
    }
