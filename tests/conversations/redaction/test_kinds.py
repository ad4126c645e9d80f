"""Kinds of details that are easily missed, and of words that are easily taken for one."""

import pytest

from conversations.redaction.find import find


def hidden(text: str, language: str) -> str:
    """The text with a sign for every character that lies within a proposal."""
    covered = {at for span in find(text, language) for at in range(span.start, span.end)}
    return "".join("_" if at in covered else sign for at, sign in enumerate(text))


@pytest.mark.parametrize(
    ("language", "text", "details"),
    [
        ("nl", "aanwezig waren greet, sientje w. en ome gait", ["sientje w."]),
        ("nl", "Pieter Jan belde. Volgens PJ komt het goed.", ["Pieter Jan", "PJ"]),
        ("nl", "Mevrouw Öztürk e/v Demir is verhuisd.", ["Öztürk e/v Demir"]),
        ("nl", "Gisteren was fam. Klein er ook bij.", ["Klein"]),
        ("nl", "Vraag naar Baukje Wiersma-de Boer in de hal.", ["Baukje Wiersma-de Boer"]),
        ("nl", "de sleutel ligt bij shirin op 47, zij is thuis", ["shirin", "47"]),
        ("nl", "Mijn adres is 3581 KT, 63 en de bel doet het niet.", ["3581 KT", "63"]),
        ("nl", "Ze woont aan de spinozaweg, met haar hond.", ["spinozaweg"]),
        ("nl", "ik kreeg een zaaknummer, kx-00934, en toen niets", ["kx-00934"]),
        ("nl", "Zaaknummers 4417 resp. 4471 lopen nog.", ["4417", "4471"]),
        (
            "nl",
            "mijn polisnummer is zeven drie nul een acht vier",
            ["zeven drie nul een acht vier"],
        ),
        (
            "nl",
            "bel mij op 06 vijf vijf nul negen acht twee drie",
            ["06 vijf vijf nul negen acht twee"],
        ),
        ("nl", "Bel haar op 0 6 4 4 1 0 8 2 2 7 3 na vier uur.", ["0 6 4 4 1 0 8 2 2 7 3"]),
        ("nl", "Sessie met cliënt Rosa (1974) gisteren.", ["Rosa", "1974"]),
        ("nl", "Ook Toos, Mies, Dien en Truus schenken koffie.", ["Toos", "Mies", "Dien"]),
        ("nl", "ik heb mevrouw stok gebeld maar die was er niet", ["stok"]),
        ("nl", "Ze noemen hem de Kets en hij lacht erom.", ["de Kets"]),
        ("nl", "Um Haider belde, haar zoon is weg.", ["Um Haider"]),
        ("nl", "Toon hoorde het. Toontje noemen we hem.", ["Toon", "Toontje"]),
        ("nl", "Het was Melle 't Hart van de riolering.", ["Melle 't Hart"]),
        ("nl", "Anne woont op Dorpsstraat 201, 3e verdieping.", ["Dorpsstraat 201, 3e verdieping"]),
        ("nl", "de aanvraag met nummer wmo20231109 is weg", ["wmo20231109"]),
        ("nl", "De lift aan de Meerdijk 350 is al weken kapot.", ["Meerdijk 350"]),
        ("nl", "ik woon nu in het kerkpad 12 met mijn moeder", ["kerkpad 12"]),
        ("nl", "Het adres is Zwethlaan 88, kamer 5. Bel Mieke.", ["Zwethlaan 88, kamer 5"]),
        ("nl", "Hij woont op Schiekade 7, 3e etage achter, Ton.", ["Schiekade 7, 3e etage achter"]),
        ("nl", "KvK van hem: 55 12 80 31, meer weet ik niet.", ["55 12 80 31"]),
        ("nl", "Zij staat er ook onder 0300418 en dat klopt niet.", ["0300418"]),
        ("nl", "De zitting met rolnummer 2210945 CV is dinsdag.", ["2210945 CV"]),
        ("nl", "Het kenteken is K en dan 507 en dan XX, zegt hij.", ["K en dan 507 en dan XX"]),
        ("nl", "bel nul zes – elf – nul drie – twintig – twaalf", ["nul zes – elf – nul drie"]),
        ("nl", "Dhr. ter Beek sliep goed. Beek, ter at niets.", ["ter Beek", "Beek, ter"]),
        ("nl", "Mark Rutte zei het, en Jan Smit van de buren ook.", ["Jan Smit"]),
        ("nl", "Ome Jan is weer thuis.", ["Jan"]),
        ("nl", "Ik liep met Zhiqiang Ma naar huis.", ["Zhiqiang Ma"]),
        ("nl", "Toch wilde Cheung Ka Man geen hulp.", ["Cheung Ka Man"]),
        ("nl", "Gisteren hielp Abena mij, met Joke Smit.", ["Abena", "Joke Smit"]),
        ("nl", "De kleinste noemen we Boontje, dat is hij ook.", ["Boontje"]),
        ("tr", "numaram sıfır altı 67 15 sonra 08 53 ararsanız", ["sıfır altı 67 15 sonra 08 53"]),
        ("tr", "Elif ablam 3. katta oturuyor, numara 73 c.", ["3. katta", "numara 73 c"]),
        ("ar", "يسكن رسلان في Noordvliet 102 مع أمه", ["Noordvliet 102"]),
        ("ar", "اسمي هيفي، البيت ٣٤٣٧ خ م", ["٣٤٣٧ خ م"]),
        ("ar", "نسكن في الطبقة السابعة مع فاطمة", ["الطبقة السابعة"]),
        ("ar", "رقمي ٠٦، ٦١ ٨٧، ٦٦ ١٣ بعد العصر", ["٠٦، ٦١ ٨٧، ٦٦ ١٣"]),
        ("ar", "نيابة عن والدي فوزي إبراهيم البنا، وشكرا", ["فوزي إبراهيم البنا"]),
        ("tr", "hatice teyze geldi, sultan ablanın kızı da vardı", ["hatice", "sultan"]),
        ("tr", "ayşenur geldi, sonra ayşenurun annesi aradı", ["ayşenur", "ayşenurun"]),
        (
            "tr",
            "Numara yetmiş iki, beşinci kat, soldan ikinci.",
            ["Numara yetmiş iki", "beşinci kat"],
        ),
        ("tr", "Odası lokaal 3.12 olan hocayı aradım.", ["lokaal 3.12"]),
        ("ar", "جاء أبو ستار أمس مع عبد الستار", ["أبو ستار", "عبد الستار"]),
        ("ar", "وصلت رسالة من أ. القيسي اليوم", ["أ. القيسي"]),
        ("ar", "المحامي يوكه فان دن هوفل اتصل", ["فان دن هوفل"]),
        ("ar", "نسكن في أكاسيالان 120 منذ سنة", ["أكاسيالان 120"]),
        ("ar", "ضربها زوجها نصر الدين أمس", ["نصر الدين"]),
        ("ar", "رقم الشكوى عندي W-77310 ولم يرد أحد", ["W-77310"]),
        ("ar", "عنواني هو ٧٨ شارع الملكة إيما، فوق الخباز", ["٧٨ شارع الملكة إيما"]),
        ("ar", "دارنا فزنقة يوهان دي ويت نمرة 44 ف لاهاي", ["زنقة يوهان دي ويت نمرة 44"]),
        ("ar", "عايشين بشارع تولب رقم تسعة من سنة", ["شارع تولب رقم تسعة"]),
        ("ar", "أمي من مواليد تلاتة وخمسين وتعبانة", ["تلاتة وخمسين"]),
        ("ar", "هو من جيل ال68 وما بيسمع", ["68"]),
        ("ar", "ابني انولد سنة التسعين بالضيعة", ["سنة التسعين"]),
        ("ar", "باسبوري نمرته P04418822 وضاع", ["P04418822"]),
        ("ar", "الكملك 99812773621 لسه معي", ["99812773621"]),
        ("ar", "رقم المغرب +212 661-882093 لأمي", ["+212 661-882093"]),
        ("ar", "الطوموبيل 34 TBN 2 وقفات هنا", ["34 TBN 2"]),
        ("ar", "الإيميل سمر دوت حلبي آت جيميل دوت كوم", ["سمر دوت حلبي آت جيميل دوت كوم"]),
    ],
)
def test_a_detail_of_a_kind_that_is_easily_missed_is_hidden_whole(
    language: str, text: str, details: list[str]
) -> None:
    left = hidden(text, language)
    for detail in details:
        start = text.index(detail)
        assert set(left[start : start + len(detail)]) == {"_"}, left


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Zij draagt een jas van Tommy Hilfiger en schoenen van Birkenstock."),
        ("nl", "De methode is gebaseerd op Carl Rogers en het model van Bronfenbrenner."),
        ("nl", "Keulen en Aken zijn niet op één dag gebouwd, zei de vrouw."),
        ("nl", "Een merel zong, en een roos bloeide in de tuin."),
        ("nl", "ik heb mien rugge kapot ewarkt en da'k nog leef is veur niks"),
        ("nl", "Hij noemt zichzelf Batman en de agent noemt hij Bromsnor."),
        ("nl", "De factuur kwam van Infomedics, de schoenen van Deichmann."),
        ("tr", "Ocakta tencere yandı, evi duman bastı, bana da kızdılar."),
        ("tr", "Akşam Zeki Müren dinledik, sonra Nasreddin Hoca fıkrası anlattık."),
        ("tr", "Umut dolu bir gündü ve deniz kenarında barış içinde oturduk."),
        ("ar", "قرأت سورة يوسف ودعوت الله أن يعطيني صبر أيوب"),
        ("ar", "نسمع أم كلثوم كل مساء، وكان نسيم الصباح جميلا"),
        ("ar", "عندها متلازمة شوغرن والعلاج طويل"),
    ],
)
def test_what_everybody_knows_is_no_detail(language: str, text: str) -> None:
    assert hidden(text, language) == text
