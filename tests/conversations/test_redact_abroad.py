"""Names in other languages than Dutch."""

from __future__ import annotations

import pytest

from conversations.redact import find, replace


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I waited for five weeks and nobody called me back."),
        ("en", "They asked Me what I wanted. In March it got better. God knows why."),
        ("en", "I am Dutch and my mother is called by the nurse. The Municipality helped."),
        ("tr", "Bana yardım eden kadın çok iyiydi. Evde konuştuk, sonra Belediye aradı."),
        ("tr", "Annem hasta. Doktor geldi. Allah razı olsun. Ben mutlu oldum."),
        ("ar", "ساعدني الفريق كثيراً وكانت المرأة لطيفة جداً."),
    ],
)
def test_ordinary_words_are_no_names(language: str, text: str) -> None:
    assert find(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "hidden"),
    [
        ("en", "My sister Fatima called John.", "My sister [name] called [name 2]."),
        ("en", "He said Youssef came.", "He said [name] came."),
        ("tr", "Komşum Fatma Yılmaz geldi.", "Komşum [isim] geldi."),
        ("tr", "Telefonum 0612345678.", "Telefonum [telefon]."),
        ("ar", "المرأة Fatima لطيفة.", "المرأة [اسم] لطيفة."),
    ],
)
def test_names_and_numbers_are_hidden_in_the_words_of_the_language(
    language: str, text: str, hidden: str
) -> None:
    assert replace(text, find(text, language)) == hidden
