"""What an author is told is plain Dutch: words of the files stand in quotes, and nothing is said in
the English of the programs that read them."""

from __future__ import annotations

import random
import re
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.authoring.translation_table import merge_translation
from conversations.checks.lint_guide import check_guide
from conversations.guide.builder import fields
from conversations.guide.loading import HOME, load_guides
from conversations.guide.model import PURPOSES, About, Fill, Kind
from conversations.guide.parsing import unreadable_po
from conversations.guide.po import NotPo
from conversations.guide.problem_texts import texts
from conversations.guide.schema import OPTION_KEYS, SKIP_KEYS, STEP_KEYS, TOP_KEYS

TEXT = (HOME / "guides" / "follow_up.toml").read_text(encoding="utf-8")
PO = (HOME / "locales" / "en" / "follow_up.po").read_text(encoding="utf-8")
DUTCH = fields(load_guides().sources["follow_up"]["guide"])
OF_FILES = {
    *TOP_KEYS, *STEP_KEYS, *OPTION_KEYS, *SKIP_KEYS, *get_args(Kind), *get_args(Fill),
    *get_args(About), *PURPOSES, "true", "false", "step", "survey", "choices", "settings",
    "relevant", "constraint", "hint", "note", "select_one", "acknowledge", "begin", "end",
    "fuzzy", "msgid", "msgctxt", "msgstr", "pyxform", "and", "or", "default_language", "column",
    "another", "done", "yes", "no", "str", "int", "float", "bool", "list", "dict", "None",
}  # fmt: skip
DUTCH_TOO = {"contact", "form", "id", "kind", "name", "over", "team", "type"}
"""Words of the files that are Dutch as well; `name` is one only as the name of a slot."""
ENGLISH = {
    "the", "this", "that", "not", "must", "cannot", "expected", "invalid", "unclosed", "illegal",
    "unterminated", "after", "before", "value", "string", "character", "missing", "found", "with",
    "without", "should", "there", "line", "end", "key",
}  # fmt: skip
QUOTED = re.compile(r"‘[^’]*’|“[^”]*”")
BARE_SLOTS = {"kind", "n", "most", "least", "ease", "over", "max", "wanted", "number", "minutes",
              "taps", "promised", "first", "low", "high", "hard", "words", "language",
              "channel"}  # fmt: skip
"""What may stand outside quotes: numbers, names of kinds that we gave, hard words of the author."""


def bare(sentence: str) -> set[str]:
    """The words of a sentence outside its quotes."""
    return set(re.findall(r"[^\W\d_]+(?:_\w+)*", QUOTED.sub(" ", sentence)))


@pytest.mark.parametrize("key", sorted(texts("nl")))
def test_no_dutch_sentence_has_a_word_of_a_file_outside_quotes(key: str) -> None:
    said = texts("nl")[key]
    outside = QUOTED.sub(" ", said)
    slots = set(re.findall(r"\{(\w+)\}", outside))
    assert slots <= BARE_SLOTS, f"{key}: put these in quotes: {slots - BARE_SLOTS}"
    if key.startswith("kind."):
        return
    words = bare(re.sub(r"\{\w+\}", " ", said))
    assert not words & (OF_FILES - DUTCH_TOO | {"name"}), f"{key}: {said}"
    assert not {word.casefold() for word in words} & (ENGLISH - {"end", "over"}), f"{key}: {said}"


def test_every_problem_is_said_in_both_languages_and_says_how_to_mend_it() -> None:
    dutch, english = texts("nl"), texts("en")
    assert dutch.keys() == english.keys()
    for key, said in dutch.items():
        slots = [set(re.findall(r"\{(\w+)\}", text)) for text in (said, english[key])]
        assert slots[0] <= slots[1] or slots[1] <= slots[0], f"{key}: {slots}"
        assert said.strip(), key
    told = {key for key in dutch if not key.endswith(".mend") and not key.startswith("kind.")}
    without = {
        key
        for key in told
        if f"{key}.mend" not in dutch and f"{key.split('.')[0]}.mend" not in dutch
    }
    assert all(key.startswith("sheet.") for key in without), without


def spoilt(text: str, seed: int) -> str:
    """A text in which somebody typed wrong in a few places."""
    lot = random.Random(seed)
    for _ in range(lot.randrange(1, 5)):
        at = lot.randrange(len(text))
        what = lot.choice(
            ["", '"', "]", "[", "{", "=", "\\", ",", "\n", "\x00", "é", "true", " = 3", "[[step]]",
             '"""', "max = 0\n", 'kind = "scale"\n', "poles = 3\n", 'goto = "weg"\n']
        )  # fmt: skip
        text = text[:at] + what + text[at + lot.choice([0, 0, 1, 9]) :]
    return text


def assert_plain(said: str) -> None:
    words = bare(said)
    assert not words & (OF_FILES - DUTCH_TOO - {"no", "or", "text"}), said
    assert not words & (ENGLISH - {"end"}), said
    assert "{" not in QUOTED.sub(" ", said), said


@given(st.integers(0, 10**6))
@example(545)  # the kind of a step is a whole sentence there
@settings(max_examples=60, deadline=None)
def test_whatever_is_wrong_in_a_guide_an_author_is_told_in_dutch(seed: int) -> None:
    found = check_guide("g/follow_up.toml", spoilt(TEXT, seed), language="nl")
    for problem in (*found.problems, *found.advice):
        assert problem.line >= 1
        assert all((problem.file, problem.message, problem.mend))
        assert_plain(f"{problem.message} {problem.mend}")


WRONG_TOML = [
    ('title "Na"', "equals"), ('title = "Na', "quote"), ("title = Na", "value"),
    ("title =", "value"),
    ('options = [\n  "a"\nx = 1', "list"), ("skip = { label = 1", "braces"), ("[[step", "head"),
    ('title = "a"\ntitle = "b"', "twice"), ('title = "a\\q"', "escape"), ('title = "a" b', "rest"),
    ("a = " + "[" * 3000, "deep"), ("= 3", "equals"), ('title = "a\x00"', "sign"),
    ('title = "a\\ud800"', "escape"), ("title = 2026-13-45", "rest"),
    ("title = [1,,2]", "value"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), WRONG_TOML)
def test_a_line_that_cannot_be_read_says_what_is_wrong_with_it(line: str, reason: str) -> None:
    text = f'id = "g"\n{line}\n'
    [problem] = check_guide("g.toml", text, language="nl").problems
    assert (problem.code, problem.variant) == ("unreadable", reason)
    assert problem.line >= 2
    assert_plain(f"{problem.message} {problem.mend}")


def po(head: str = "en", *entries: str) -> bytes:
    return "\n\n".join([f'msgid ""\nmsgstr ""\n"Language: {head}\\n"', *entries]).encode()


ENTRY = f'msgctxt "tell.say"\nmsgid "{DUTCH["tell.say"]}"\nmsgstr "Tell us."'
WRONG_PO = [
    (b"", "po-empty", 1),
    (po("en"), "po-empty", 1),
    (po("en", ENTRY.replace("Tell us.", "")), "po-untranslated", 1),
    (po("tr", ENTRY), "po-language", 3),
    (po("de_AT", ENTRY), "po-language", 3),
    (po("en", ENTRY.replace("tell.say", "garden.say")), "po-other", 6),
    (po("en", ENTRY).replace(b"Tell us.", b"Dis-le \xe9t\xe9."), "po-utf8", 7),
    (po("en", ENTRY).decode().encode("utf-16"), "po-utf8", 1),
    (po("en", ENTRY.replace('us."', "us.")), "po-quote", 7),
    (po("en", 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"'), "po-plural", 6),
    (po("en", "Dit is geen PO."), "po-line", 5),
    (b"PK\x03\x04\x00\x00", "po-utf8", 1),
]


@pytest.mark.parametrize(("content", "code", "line"), WRONG_PO, ids=[each[1] for each in WRONG_PO])
def test_a_po_file_that_cannot_be_taken_in_says_why_and_changes_nothing(
    content: bytes, code: str, line: int
) -> None:
    kept = {"tell.say": {"text": "Say it.", "source": DUTCH["tell.say"]}}
    with pytest.raises(NotPo) as caught:
        merge_translation(content, DUTCH, kept, DUTCH, "en")
    assert (caught.value.code, caught.value.line) == (code, line)
    problem = unreadable_po("en.po", caught.value, "nl")
    assert_plain(f"{problem.message} {problem.mend}")
    assert kept == {"tell.say": {"text": "Say it.", "source": DUTCH["tell.say"]}}


def test_what_a_translator_doubts_is_marked_and_what_is_obsolete_is_left() -> None:
    doubted = "#, fuzzy\n" + ENTRY
    gone = '#~ msgctxt "feeling.say"\n#~ msgid "Oud"\n#~ msgstr "Old"'
    merged = merge_translation(po("en_GB", doubted, gone), DUTCH, {}, (), "en")
    assert merged.added == merged.doubted == ("tell.say",)
    assert merged.kept == {"tell.say": {"text": "Tell us.", "source": ""}}


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_whatever_is_wrong_in_a_po_file_is_told_and_nothing_is_wiped(seed: int) -> None:
    kept = {key: {"text": f"Mine {key}", "source": words} for key, words in DUTCH.items()}
    try:
        merged = merge_translation(spoilt(PO, seed).encode(), DUTCH, kept, (), "en")
    except NotPo as error:
        problem = unreadable_po("en.po", error, "nl")
        assert problem.line >= 1
        assert_plain(f"{problem.message} {problem.mend}")
    else:
        assert merged.kept == kept
