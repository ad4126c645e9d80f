"""Names in other languages than Dutch."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.redaction.find import find, replace


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I waited for five weeks and nobody called me back."),
        ("en", "The Council gave us a flat, and the Tax Office a letter."),
        ("en", "They asked Me what I wanted. In March it got better. God knows why."),
        ("en", "I am Dutch and my mother is called by the nurse. The Municipality helped."),
        ("tr", "Bana yardım eden kadın çok iyiydi. Evde konuştuk, sonra Belediye aradı."),
        ("tr", "Annem hasta. Doktor geldi. Allah razı olsun. Ben mutlu oldum."),
        ("tr", "Beyefendi geldi. Hanım not aldı. Umut dolu bir gündü, deniz kenarındaydık."),
        ("ar", "ساعدني الفريق كثيراً وكانت المرأة لطيفة جداً."),
        ("ar", "السيدة كانت لطيفة. الدكتور قال لي: لا تخف. أم لا؟ أم الأولاد تعبت."),
        ("ar", "الله كريم، وكان الأمل كبيراً. صلى الله على سيدنا محمد."),
    ],
)
def test_ordinary_words_are_no_names(language: str, text: str) -> None:
    assert find(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "hidden"),
    [
        ("en", "My sister Fatima called John.", "My sister [name 1] called [name 2]."),
        ("en", "He said Youssef came.", "He said [name] came."),
        ("en", "Then Martin King came.", "Then [name] came."),
        ("tr", "Komşum Fatma Yılmaz geldi.", "Komşum [isim] geldi."),
        ("tr", "Telefonum 0612345678.", "Telefonum [telefon]."),
        ("tr", "Ayşe'nin kızı geldi.", "[isim]'nin kızı geldi."),
        ("tr", "dün ayşe hanım ve mehmet bey geldi", "dün [isim 1] hanım ve [isim 2] bey geldi"),
        ("tr", "İsmail bugün yok. Yarın İsmail'e sor.", "[isim] bugün yok. Yarın [isim]'e sor."),
        ("tr", "Adım Nurten Kaplan.", "Adım [isim]."),
        (
            "tr",
            "3 Mart 1980 doğumluyum, oğlum 9 yaşında.",
            "[doğum tarihi] doğumluyum, oğlum [yaş].",
        ),
        ("tr", "Adresim Molenweg 5, 7601 CD.", "Adresim [adres], [posta kodu]."),
        ("ar", "المرأة Fatima لطيفة.", "المرأة [اسم] لطيفة."),
        ("ar", "جاءت السيدة فاطمة، ثم ذهبت فاطمة.", "جاءت السيدة [اسم]، ثم ذهبت [اسم]."),
        ("ar", "اسمي وسام وجاري أبو خالد.", "اسمي [اسم 1] وجاري [اسم 2]."),
        ("ar", "شكراً لخديجة ومُحَمَّد.", "شكراً ل[اسم 1] و[اسم 2]."),
        ("ar", "صديقي عمر جاء، ثم قال لعمر شيئاً.", "صديقي [اسم] جاء، ثم قال ل[اسم] شيئاً."),
        ("ar", "قالت لي سلافة إنها تعبت.", "قالت لي [اسم] إنها تعبت."),
        ("ar", "سألتني تمارا عن أمي.", "سألتني [اسم] عن أمي."),
        ("ar", "هاتفي ٠٦١٢٣٤٥٦٧٨.", "هاتفي [رقم هاتف]."),
        ("ar", "ولد في ٥ مايو ٢٠١٢ في لاهاي.", "ولد في [تاريخ ميلاد] في [مكان]."),
        ("ar", "عمر ابني ٧ سنوات.", "عمر ابني [عمر]."),
        ("ar", "يدرس في مدرسة «النور».", "يدرس في مدرسة «[اسم]»."),
        ("nl", "Ze zei: جاءت السيدة فاطمة.", "Ze zei: جاءت السيدة [naam]."),
    ],
)
def test_names_and_numbers_are_hidden_in_the_words_of_the_language(
    language: str, text: str, hidden: str
) -> None:
    assert replace(text, find(text, language)) == hidden


DUTCH = "Wietske belde, en toen kwam er iemand van het team naar de Lindestraat."
TURKISH = "Ayşe'nin kızı geldi ve bana çok yardım etti, ama sonra kimse yoktu."


@pytest.mark.parametrize(
    ("language", "text", "hidden"),
    [
        ("ar", DUTCH, "[اسم] belde, en toen kwam er iemand van het team naar de [شارع]."),
        ("nl", TURKISH, "[naam]'nin kızı geldi ve bana çok yardım etti, ama sonra kimse yoktu."),
        ("tr", "I am sure that the nurse called. It was fine.", None),
        ("nl", "Ja, dat is goed.", None),
    ],
)
def test_a_story_is_read_in_the_language_in_which_it_is_told(
    language: str, text: str, hidden: str | None
) -> None:
    assert replace(text, find(text, language)) == (hidden or text)


@pytest.mark.parametrize("language", ["tr", "ar"])
@pytest.mark.parametrize(
    "piece",
    ["السيد ", "ابن ", "أم أحمد ", "و", "عمر ", "ayşe ", "A. ", "٣ ", "12 yaş", "a'b'", " "],
)
def test_a_hostile_text_takes_work_that_grows_no_faster_than_its_length(
    language: str, piece: str
) -> None:
    short, long = (_work((piece * 6000)[:length], language) for length in (1500, 6000))
    assert 0 < long < 8 * short  # four times the text; with its square it would be sixteen


def _work(text: str, language: str) -> int:
    """How many functions are called to read a text: the same on every machine, however busy."""
    calls = 0

    def count(frame: FrameType, event: str, given: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        find(text, language)
    finally:
        sys.setprofile(None)
    return calls


@given(
    st.text(alphabet=st.sampled_from("اأإبتلمنهويةسدفحمد .،٣3'’AaİIış\u064e\u0640\n"), max_size=60)
)
def test_whatever_is_written_the_spans_lie_in_order_within_it(text: str) -> None:
    for language in ("tr", "ar"):
        last = 0
        for span in find(text, language):
            assert last <= span.start < span.end <= len(text)
            last = span.end


@pytest.mark.parametrize(
    "english", ["The chair by the window", "They never called us back about the house."]
)
def test_a_sentence_of_english_in_a_dutch_story_is_read_as_english(english: str) -> None:
    dutch = "Ik belde op maandag. Ze vroeg eerst wat ik zelf al had geprobeerd.\n"
    assert find(dutch + english) == ()
    (found,) = find(f"{dutch}They called Fatima. {english}")
    assert found.kind == "PER"
