"""What is wrong with translations of a draft, told at the sentence while it is translated and not
only when it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.authoring.guide_desk import Written
from bot.coordinators.phrases import CoordinatorPhrases
from conversations.checks.lint_guide import slot_flaws, translated_flaws
from conversations.guide.builder import fields
from conversations.guide.library import DUTCH, Library
from conversations.guide.model import Phrases
from conversations.guide.parsing import parse_guide
from conversations.guide.problem_texts import make_problem
from conversations.guide.problems import Flaw

_SLOTS = ("text", "slots", "slot")
"""What the sentences of this page fill in; not the names of texts, which are nobody's words."""


def translation_flaws(library: Library, written: Written) -> dict[str, dict[str, list[Flaw]]]:
    """By language and by the name of the text; only the languages in which something is wrong. What
    is of another Dutch is not compared with this one."""
    guide = parse_guide(f"guides/{written.guide}.toml", written.text).rest
    if guide is None:
        return {}
    dutch = fields(guide.data)
    found: dict[str, dict[str, list[Flaw]]] = {}
    for language, kept in written.texts.items():
        texts = {key: kept[key].get("text", "") for key in dutch if key in kept}
        texts = {key: text for key, text in texts.items() if text}
        same = {key: each for key, each in texts.items() if kept[key].get("source") == dutch[key]}
        known = library.phrases(language)
        if known.language != language:
            known = Phrases(language, library.phrases(DUTCH).sentences)
        flaws = [*slot_flaws(guide, same), *translated_flaws(guide, texts, known)]
        for each in flaws:
            found.setdefault(language, {}).setdefault(_key(each, texts), []).append(each)
    return found


def blocking_texts(
    written: Written, language: str, keys: Sequence[str]
) -> list[tuple[str, str, bool]]:
    """These texts with their Dutch, and whether there is a translation, of another Dutch."""
    dutch = fields(written.parsed.data) if written.parsed else {}
    kept = written.texts.get(language, {})
    return [(key, dutch.get(key, ""), bool(kept.get(key, {}).get("text"))) for key in keys]


def flaw_words(words: CoordinatorPhrases, flaw: Flaw) -> str:
    """What is wrong, in words of who translates."""
    key = f"words.flaw.{flaw.code}"
    if words.has(key) and not flaw.variant:
        return words(key, **{name: str(flaw.slots.get(name, "")) for name in _SLOTS})
    problem = make_problem("", 0, flaw, language=words.language)
    return f"{problem.message} {problem.mend}".strip()


def _key(flaw: Flaw, texts: Mapping[str, str]) -> str:
    """The text that a flaw is about, also where it is told of its step."""
    if flaw.at in texts:
        return flaw.at
    said = flaw.slots.get("text")
    mine = (key for key in texts if key.startswith(f"{flaw.at}."))
    return next((key for key in mine if texts[key] == said), flaw.at)
