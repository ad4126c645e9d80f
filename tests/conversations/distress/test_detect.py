"""The careful trigger shows the help card again where a sentence asks for it, and seldom else."""

import pytest

from conversations.distress.detect import worrying


@pytest.mark.parametrize(
    "text",
    [
        "Ik wil niet meer leven.",
        "Soms denk ik: was ik maar dood",
        "Het is te veel. Ik wil er een eind aan maken.",
        "ik kan zo niet verder leven",
        "Mijn man slaat mij als de kinderen slapen.",
        "Ik word thuis geslagen",
        "ik durf niet meer naar huis",
        "Ik ben zo bang voor mijn ex.",
        "Hij zegt: hij gaat mij vermoorden",
        "Ik heb pillen gespaard.",
        "Ze zijn beter af zonder mij.",
        "Iedereen is beter af zonder mij",
        "ik hoef niet meer te leven",
        "Ik wil  niet meer\u00a0leven",
        "ik maak er een einde aan",
        "Soms wil ik mezelf iets aandoen.",
        "Ik heb zelfmoordgedachten",
        "Mijn ouders slaan mij",
        "mijn stiefvader slaat me",
        "Ik denk vaak aan de dood.",
    ],
)
def test_a_cry_for_help_shows_the_card_again(text: str) -> None:
    assert worrying(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ik wil niet meer wachten. Ik ben doodmoe.",
        "Mijn vader is vorig jaar gestorven en ik mis hem.",
        "Vroeger sloeg mijn man mij. Nu woon ik alleen.",
        "Jaren geleden wilde ik niet meer leven.",
        "De klok slaat tien uur, dan gaat de inloop open.",
        "Zij sloeg een deken om mij heen.",
        "Ik lach me dood met deze buren.",
        "Er kwam een einde aan de schulden.",
        "Hij werkt zich dood en ik ook.",
        "Ik ga mijn jas ophangen en dan koffie zetten.",
        "Ik wil mijn schilderij ophangen in de gang.",
        "Zij slaat ons telefoonnummer op.",
        "Ze slaat mijn adres op in de computer.",
        "Hij slaat mij altijd over in het overleg.",
        "Ik dacht aan de dood van mijn vader.",
        "Ik kan zo niet leven van dit geld.",
        "Ik wil niet leven in een flat.",
        "Ik kan niet leven zonder koffie.",
        "Ik snij me altijd aan de blikken.",
        "Ik wil niet meer wakker worden van de buren.",
        "Ik durf de brief niet open te maken.",
        "Ik wil dat de gemeente een eind maakt aan het wachten.",
    ],
)
def test_an_ordinary_story_is_left_alone(text: str) -> None:
    assert not worrying(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ik wil dood", "nl"),
        ("suicide", "en"),
        ("kill myself", "en"),
        ("intihar", "tr"),
        ("انتحار", "ar"),
    ],
)
def test_a_word_or_two_are_enough_where_they_say_it(text: str, language: str) -> None:
    assert worrying(text, language)


@pytest.mark.parametrize(
    "text", ["Ik ben er weer", "Weet ik niet", "Ja, ik doe mee", "Klaar", "Nee"]
)
def test_a_short_answer_is_no_cry_for_help(text: str) -> None:
    assert not any(worrying(text, language) for language in ("nl", "en", "tr", "ar"))


def test_another_language_is_read_too() -> None:
    assert worrying("I don't want to live like this", "en")
    assert worrying("I don't want to live like this", "tr")
    assert worrying("I don’t want to live anymore", "en")
    assert worrying("I am going to hurt myself", "en")
    assert not worrying("My team beats every other team", "en")
    assert not worrying("My husband beats me at chess. I hurt myself at football.", "en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Artık yaşamak istemiyorum.", "tr"),
        ("Bazen ölmek istiyorum.", "tr"),
        ("Kocam her gece beni dövüyor.", "tr"),
        ("Eve gitmeye korkuyorum", "tr"),
        ("أريد أن أموت", "ar"),
        ("أفكر في الانتحار كل يوم.", "ar"),
        ("زوجي يضربني أمام الأولاد.", "ar"),
        ("Ik wil niet meer leven.", "ar"),
    ],
)
def test_a_cry_for_help_in_turkish_or_arabic_shows_the_card_again(text: str, language: str) -> None:
    assert worrying(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Babam geçen yıl öldü ve onu özlüyorum.", "tr"),
        ("Yorgunluktan ölüyorum, ama iyiyim.", "tr"),
        ("Yıllar önce kocam beni dövüyordu. Şimdi yalnız yaşıyorum.", "tr"),
        ("أبي مات العام الماضي وأشتاق إليه.", "ar"),
        ("قبل سنوات كان زوجي يضربني.", "ar"),
        ("أموت من الضحك مع جارتي.", "ar"),
    ],
)
def test_an_ordinary_story_in_turkish_or_arabic_is_left_alone(text: str, language: str) -> None:
    assert not worrying(text, language)
