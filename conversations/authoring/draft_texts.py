"""Translations of a draft: which of them still say what the Dutch says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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


def offered(
    texts: Texts, dutch: Mapping[str, str], languages: Collection[str]
) -> dict[str, dict[str, str]]:
    """The translations of the languages in which a guide is offered."""
    return {name: said for name, said in spoken(texts, dutch).items() if name in languages}


def renamed(texts: Texts, old: str, new: str) -> Texts:
    """The texts of a step (its id and a point) that goes by another id."""
    return {
        language: {
            new + key.removeprefix(old) if key.startswith(old) else key: each
            for key, each in said.items()
        }
        for language, said in texts.items()
    }
