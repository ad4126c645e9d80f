"""Builds a `Guide` in one language from the data of a guide file and its translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from conversations.guide.model import Form, Guide, Option, Phrases, Step, fill_slots

SKIPPABLE = frozenset({"choice", "choices", "scale", "triad", "text", "name", "sentence"})
"""The kinds of question that can be passed over unless the guide says `skip = false`."""

MOST = {"text": 600, "name": 80, "sentence": 160, "tell": 6000}
"""The most characters of an answer, where a step does not say `max` itself."""


def build_guide(
    data: Mapping[str, Any],
    texts: Mapping[str, str],
    phrases: Phrases,
    fingerprint: str = "",
    numbers: Mapping[str, str] | None = None,
) -> Guide:
    """A guide whose words come from `texts` (by `step.field`) or else from the file itself.

    `numbers` are the help numbers by id: the only slots that are filled here. The data must have
    the shape of a guide (`shape_problems`).
    """
    minutes = data["minutes"]
    spoken = minutes_in_words(minutes, phrases)
    words = _Words(texts, {**(numbers or {}), "minutes": spoken})
    steps = [_step(step, words, phrases, data["form"]) for step in data["step"]]
    return Guide(
        id=data["id"],
        language=phrases.language,
        form=data["form"],
        kind=data["kind"],
        title=words("guide.title", data["title"]),
        minutes=0.0 if isinstance(minutes, str) else float(minutes),
        steps={step.id: step for step in _chained(steps)},
        phrases=phrases,
        fingerprint=fingerprint,
        overlay=data.get("overlay", ""),
        in_dutch=frozenset(_borrowed(data, texts, phrases)),
    )


def fields(data: Mapping[str, Any]) -> dict[str, str]:
    """Every text of a guide by the name it has in a translation: `feeling.option.glad`."""
    found = {"guide.title": data["title"]}
    for step in data["step"]:
        name = step["id"]
        found |= {
            f"{name}.{key}": step[key] for key in ("say", "other_say", "short") if key in step
        }
        for option in step.get("options", ()):
            found[f"{name}.option.{option['id']}"] = option["label"]
            for key in ("reply", "say"):
                if key in option:
                    found[f"{name}.option.{option['id']}.{key}"] = option[key]
        found |= {f"{name}.pole.{pole['id']}": pole["label"] for pole in step.get("poles", ())}
        skip = step.get("skip")
        if isinstance(skip, str):
            found[f"{name}.skip"] = skip
        elif isinstance(skip, dict):
            found |= {f"{name}.skip": skip["label"]} if "label" in skip else {}
            found |= {f"{name}.skip.reply": skip["reply"]} if "reply" in skip else {}
    return found


def minutes_in_words(minutes: float | str, phrases: Phrases) -> str:
    """The time that a guide promises as people say it: whole minutes, in a word where there is one,
    and never less than it takes. An older guide wrote it out."""
    if isinstance(minutes, str):
        return minutes
    whole = ceil(minutes)
    return phrases.sentences.get(f"number.{whole}", str(whole))


def _borrowed(data: Mapping[str, Any], texts: Mapping[str, str], phrases: Phrases) -> Iterator[str]:
    """The paragraphs and labels that are in Dutch, of the steps whose mark says so."""
    mark = phrases.sentences.get("in_dutch", "")
    marked = {
        key.partition(".")[0]
        for key, text in texts.items()
        if mark and key.endswith("say") and text.endswith(f"\n\n{mark}")
    }
    for key, dutch in fields(data).items() if marked else ():
        said = (texts.get(key) or dutch).removesuffix(f"\n\n{mark}")
        if key.partition(".")[0] in marked and said == dutch:
            yield from dutch.split("\n\n")


class _Words:
    """The words of one language: translated, or else the Dutch of the file."""

    def __init__(self, texts: Mapping[str, str], numbers: Mapping[str, str]) -> None:
        self._texts = texts
        self._numbers = numbers

    def __call__(self, key: str, dutch: str) -> str:
        return fill_slots(self._texts.get(key) or dutch, self._numbers)


def _step(data: Mapping[str, Any], words: _Words, phrases: Phrases, form: Form) -> Step:
    name, kind = data["id"], data["kind"]
    return Step(
        id=name,
        kind=kind,
        say=words(f"{name}.say", data["say"]),
        short=words(f"{name}.short", data["short"]) if "short" in data else "",
        about=data.get("about", "story"),
        options=tuple(
            _option(f"{name}.option", option, words) for option in data.get("options", ())
        ),
        poles=tuple(_option(f"{name}.pole", pole, words) for pole in data.get("poles", ())),
        max=data.get("max", MOST.get(kind, 1)),
        skip=_skip(data, words, phrases.get("button.skip", form)),
        other=data.get("other", False),
        purpose=data.get("purpose"),
        fill=data.get("fill"),
        next=data.get("goto"),
        end=data.get("end", False),
        erase=data.get("erase", False),
        when=data.get("when"),
        other_say=words(f"{name}.other_say", data["other_say"]) if "other_say" in data else "",
    )


def _option(name: str, data: Mapping[str, Any], words: _Words) -> Option:
    key = f"{name}.{data['id']}"
    reply = words(f"{key}.reply", data["reply"]) if "reply" in data else None
    say = words(f"{key}.say", data["say"]) if "say" in data else ""
    label = words(key, data["label"])
    return Option(data["id"], label, data.get("goto"), reply, say, data.get("when"))


def _skip(data: Mapping[str, Any], words: _Words, usual: str) -> Option | None:
    skip = data.get("skip", True)
    if skip is False or data["kind"] not in SKIPPABLE:
        return None
    name = f"{data['id']}.skip"
    if isinstance(skip, str):
        return Option("skip", words(name, skip))
    if skip is True:
        return Option("skip", usual)
    label = words(name, skip["label"]) if "label" in skip else usual
    reply = words(f"{name}.reply", skip["reply"]) if "reply" in skip else None
    return Option("skip", label, skip.get("goto"), reply)


def _chained(steps: Sequence[Step]) -> list[Step]:
    """The steps, each with the one that follows it: the next block, unless it says otherwise."""
    following = [*(step.id for step in steps[1:]), None]
    return [
        replace(step, next=None if step.end else step.next or after)
        for step, after in zip(steps, following, strict=True)
    ]
