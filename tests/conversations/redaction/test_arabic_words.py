"""Names in Arabic script that are words; numbers of houses, plates and births that are spoken."""

from __future__ import annotations

import pytest

from conversations.redaction.find import find


def hidden(text: str, language: str) -> list[str]:
    """What is found, as it is written."""
    return [text[span.start : span.end] for span in find(text, language)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("يا نور لا تزعلي، بكرا منروح سوا", "نور"),
        ("أمل جارتنا طلقها زوجها والأمل بالله", "أمل"),
        ("جابت ولد وسموه سلام. كلنا فرحنا", "سلام"),
        ("زوج أختي سميتو ربيع، تزوجو ف الربيع", "ربيع"),
        ("عندنا رجل كيعيطو ليه الروبيو كان خدام", "الروبيو"),
        ("الزول دا اسمو ود الريح ساكن معانا", "ود الريح"),
        ("اسمي علي الدليمي، خابروني رجاء", "علي الدليمي"),
        ("جارنا أبو علي مريض من شهر", "أبو علي"),
        ("مشيت مع محمد وفرح. تعبنا كتير", "فرح"),
        ("جارتي لطيفة ساعدتني بالأوراق", "لطيفة"),
        ("وقعت لالة زهرة فالدروج ومحتاجة عكاز", "لالة زهرة"),
        ("حتى حجية صبرية، جارتنا، انطتها ذهبها", "حجية صبرية"),
        ("يعطيكم العافية، معكم مؤيد الشيخ علي", "مؤيد الشيخ علي"),
        ("محاميتي اسمها نضال حاج علي وبطلت ترد", "نضال حاج علي"),
    ],
)
def test_a_name_that_is_a_word_is_found_by_what_stands_beside_it(text: str, name: str) -> None:
    assert name in hidden(text, "ar")


@pytest.mark.parametrize(
    "text",
    [
        "يا نور عيني لا تزعلي من الدنيا",
        "يا كريم الطف بنا",
        "دعاء أمي هو اللي حماني",
        "جارتي لطيفة وأمها طيبة كمان",
        "المشكلة على الجيران كلهم",
        "بيننا ود واحترام من زمان",
        "كل شي بيد الله والأمل كبير والفرح قريب",
        "بابا بيشتغل ليل نهار، وماما تعبانة",
        "أبي مسافر وأمي وحدها في البيت",
    ],
)
def test_the_same_words_are_left_where_they_name_nobody(text: str) -> None:
    assert hidden(text, "ar") == []


@pytest.mark.parametrize(
    "number",
    [
        *("ستة", "تسعة عشر", "اثنا عشر", "سبعطاشر", "تمنتعش", "عشرين", "خمسة وثلاثين"),
        *("اثنين و عشرين", "مية", "مية وخمسة", "ميتين وتلاتة وأربعين", "تلاتمية وستين"),
    ],
)
@pytest.mark.parametrize(
    "street", ["دورب سترات", "شارع بيخونيالان رقم", "هوخه فيخ والرقم", "كيركسترات رقم", "بيت رقم"]
)
def test_a_house_is_found_whose_number_is_written_in_words(street: str, number: str) -> None:
    text = f"اختي ساكنة في {street} {number}، قرب المدرسة"
    house = " ".join(hidden(text, "ar"))
    assert house.endswith(number)
    assert "سترات" not in street or street in house


@pytest.mark.parametrize(
    "house", ["Beatrixlaan 200 kamer 6", "Tulpstraat 3hs", "Dorpsweg 77-II", "Kerklaan 8 bis"]
)
def test_a_dutch_address_between_arabic_words_is_hidden_with_its_room(house: str) -> None:
    assert hidden(f"ساكن في {house}، قرب المحطة", "ar") == [house]


@pytest.mark.parametrize("number", ["beş", "kırk iki", "yüz on iki", "iki yüz on dört", "kirk uc"])
def test_a_turkish_house_is_found_whose_number_is_written_in_words(number: str) -> None:
    found = hidden(f"Ablam Tuinstraat {number} numarada oturuyor.", "tr")
    assert "Tuinstraat" in " ".join(found)
    assert any(each.endswith(number) for each in found)


def test_counted_people_behind_a_street_are_no_house() -> None:
    assert hidden("Kerkstraat'ta beş kişi kalıyoruz.", "tr") == ["Kerkstraat"]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ar", "سواق تاكسي، عربيته ر ت ٤٤ ب ج ن. خبطه واحد", "ر ت ٤٤ ب ج ن"),
        ("ar", "نايم بالسيارة، بولو رمادي 9 اكس ال بي 42.", "9 اكس ال بي 42"),
        ("ar", "ايميل جوزي oday.b شحطة 88 ات hotmail. شكرا", "oday.b شحطة 88 ات hotmail"),
        ("ar", "انا من مواليد الف وتسعمية وخمسة وستين", "الف وتسعمية وخمسة وستين"),
        ("ar", "جدتي مزيودة عام '39 وساكنة وحدها", "'39"),
        ("ar", "قالت رقم البوليصة ٨٠٠٢١٩٤٣ منتهي", "٨٠٠٢١٩٤٣"),
        ("ar", "رقم بيتي تسعة وعشرين، قرب المحطة", "رقم بيتي تسعة وعشرين"),
        ("ar", "حسابي على انستا lama.halab كله صور", "lama.halab"),
        ("ar", "رقم المواطن تبعي 123 456 788", "123 456 788"),
        ("ar", "هذا رقمي صفر ستة 540 54 وبعدين 398", "صفر ستة 540 54 وبعدين 398"),
        ("tr", "Evimiz Javastraat 8, 2. kat.", "Evimiz Javastraat 8, 2. kat"),
        ("tr", "Ödeme nosu 55 1080 3376 demişler.", "55 1080 3376"),
        ("tr", "Discord'dan yazın: yigitt#4471", "yigitt#4471"),
        ("nl", "Zijn kenteken is G dan drieëntwintig dan TT.", "G dan drieëntwintig dan TT"),
        ("nl", "kenteken k van karel, zes nul zeven, x r", "k van karel, zes nul zeven, x r"),
    ],
)
def test_what_is_spoken_in_pieces_is_found_whole(language: str, text: str, found: str) -> None:
    assert found in hidden(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "Ik weet het kenteken niet meer en de kleur ook niet.",
        "Het kenteken stond er niet op, zes mensen zagen het.",
        "Het kostte 1.250.000 euro, zei de wethouder.",
    ],
)
def test_a_plate_that_is_not_read_out_and_an_amount_stay(text: str) -> None:
    assert hidden(text, "nl") == []
