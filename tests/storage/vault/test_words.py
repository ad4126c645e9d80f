"""The list of words for the codes keeps its rules: a code is written down and read aloud."""

import re
from pathlib import Path

import storage.vault

WORDS = (Path(storage.vault.__file__).parent / "words.txt").read_text(encoding="ascii").splitlines()

# Spellings that sound the same in Dutch, each mapped to one of them, in this order.
SAME_SOUND = (
    ("ei", "ij"),
    ("ou", "au"),
    ("ch", "g"),
    ("th", "t"),
    ("ph", "f"),
    ("qu", "kw"),
    ("x", "ks"),
    ("y", "i"),
    ("z", "s"),
    ("v", "f"),
)


def sound(word: str) -> str:
    """Return a rough Dutch pronunciation of a word, equal for words that sound equal."""
    for spelling, same in SAME_SOUND:
        word = word.replace(spelling, same)
    word = re.sub("c(?=[ei])", "s", word).replace("c", "k")
    return re.sub("d$", "t", word)


def test_there_are_2048_words_so_five_hold_55_bits() -> None:
    assert len(WORDS) == len(set(WORDS)) == 2**11


def test_every_word_has_four_to_eight_plain_letters() -> None:
    assert [word for word in WORDS if not re.fullmatch("[a-z]{4,8}", word)] == []


def test_four_letters_are_enough_to_know_the_word() -> None:
    assert len({word[:4] for word in WORDS}) == len(WORDS)


def test_the_list_is_sorted_so_that_a_change_reads_well() -> None:
    assert sorted(WORDS) == WORDS


def test_no_two_words_sound_the_same() -> None:
    assert len({sound(word) for word in WORDS}) == len(WORDS)
