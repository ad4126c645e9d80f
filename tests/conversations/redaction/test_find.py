"""What identifies people is found and replaced so that the story still reads; the rest is left."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conversations
from conversations.redaction import READ_LANGUAGES
from conversations.redaction.find import find, redact_lines, replace
from conversations.redaction.findings import Finding
from conversations.redaction.labels import Labels


def kinds(text: str, language: str = "nl") -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in find(text, language)]


def redacted(text: str) -> str:
    return replace(text, find(text))


@pytest.mark.parametrize(
    ("text", "detail", "kind"),
    [
        ("Bel 06-12345678 na vieren.", "06-12345678", "PHONE"),
        ("Bel +31 6 12 34 56 78 maar.", "+31 6 12 34 56 78", "PHONE"),
        ("Mail a.smit@example.nl.", "a.smit@example.nl", "EMAIL"),
        (
            "Mail anna apenstaartje voorbeeld punt nl",
            "anna apenstaartje voorbeeld punt nl",
            "EMAIL",
        ),
        ("Rekening NL20 INGB 0001 2345 67.", "NL20 INGB 0001 2345 67", "IBAN"),
        ("Haar bsn is 999990019.", "999990019", "BSN"),
        ("Ik woon op 3511 AB.", "3511 AB", "POSTCODE"),
        ("Kijk op www.onzeflat.nl/foto", "www.onzeflat.nl/foto", "URL"),
        ("Volg @soepgroep_noord eens.", "@soepgroep_noord", "HANDLE"),
        ("Het was op 4 mei 2024.", "4 mei 2024", "DATE"),
        ("Hij is geboren op 4-5-1961.", "4-5-1961", "BIRTHDATE"),
        ("Zij is van 12-06-'88, geloof ik.", "12-06-'88", "BIRTHDATE"),
        ("Op facebook heet ik soep.vrouw1956.", "soep.vrouw1956", "HANDLE"),
        ("Mijn zoon is 14 jaar.", "14 jaar", "AGE"),
        ("De 78-jarige man zweeg.", "78-jarige", "AGE"),
        ("mijn zoontje van 4 praat niet", "4", "AGE"),
        ("Hij was net 18 geworden.", "18", "AGE"),
        ("Zij woont Lijsterstraat 5.", "Lijsterstraat 5", "ADDRESS"),
        ("Ik woon in Amersfoort.", "Amersfoort", "PLACE"),
        ("Hij zit op het Rietveld College.", "het Rietveld College", "ORG"),
        ("Zij wonen bij stichting De Waterval.", "stichting De Waterval", "ORG"),
        ("Mijn dossiernummer is AB-2024-331.", "AB-2024-331", "ID"),
    ],
)
def test_each_kind_of_detail_is_found(text: str, detail: str, kind: str) -> None:
    assert kinds(text) == [(detail, kind)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gisteren belde Ayşe Yıldırım mij.", "Ayşe Yıldırım"),
        ("Fatima El Amrani lachte.", "Fatima El Amrani"),
        ("Wij aten bij Soerdjpersad thuis.", "Soerdjpersad"),
        ("Zbigniew zoekt werk.", "Zbigniew"),
        ("Xu Jiahui tekent mooi.", "Xu Jiahui"),
        ("Ghaith kookt graag.", "Ghaith"),
        ("Sjoukje breit.", "Sjoukje"),
        ("Ik sprak Hưng even.", "Hưng"),
        ("De brief was van J. van der Meer.", "J. van der Meer"),
        ("Volgens Lisa van 't Hof kan het.", "Lisa van 't Hof"),
        ("mevrouw van der veen is gevallen", "van der veen"),
        ("bij oude meneer van der plas in de tuin", "van der plas"),
        ("gisteren was de heer de vries hier", "de vries"),
        ("Toen kwam mijn dochter Noor binnen.", "Noor"),
        ("ik ben mohammed en ik zoek werk", "mohammed"),
        ("mijn begeleider kees hielp mij", "kees"),
        ("Dr. Groen schreef een briefje.", "Groen"),
        ("IK HEET GREETJE EN IK BEN BOOS", "GREETJE"),
        ("Ton had een deken gehaald.", "Ton"),
        ("Ik ging met Roos naar de markt.", "Roos"),
    ],
)
def test_a_name_of_any_origin_is_found(text: str, name: str) -> None:
    assert kinds(text) == [(name, "PER")]


@pytest.mark.parametrize(
    "text",
    [
        "Mevrouw wilde niet praten. Meneer zweeg.",
        "De Gemeente stuurde het door naar het Wijkteam.",
        "In de tuin staan een roos, een iris en een madelief.",
        "Ik dacht aan mijn oma. Zij zei: rust roest. En opa? Hij zweeg.",
        "Hij is een Noor en spreekt Noors; zij spreekt Fins.",
        "De mevrouw van de gemeente en de heer van het water kwamen langs.",
        "Roos vind ik een mooie kleur, en ton na ton ging weg.",
        "Zij spreekt Turks en Arabisch, hij is Surinamer.",
        "Mijn vader heeft Parkinson en gebruikt DigiD en WhatsApp.",
        "Met Kerst en Suikerfeest aten we samen, op Dinsdag en in Juni ook.",
        "Ik woon hier al 14 jaar en wacht 3 jaar op een huis.",
        "Bel 112 of 0800-2000, of kijk op www.113.nl.",
        "In 2019 kwam ik hier, in mei verhuisde ik.",
        "Keukentafelgesprekken duren lang. Schuldhulpmaatjes schuiven aan.",
        "Eén ding: hét moment was dáár. Hmm, pff, jaaaa!",
        "Eigelijk was het goed. Gelijkwaardig, dat was het.",
        "Er zijn 1200 gezinnen op de wachtlijst en 3500 in de regio.",
        "Zwarte Piet, daar ging het over, en over Albert Heijn.",
        "De Zorgverzekeringswet en de Wmo lopen door elkaar.",
    ],
)
def test_what_points_at_nobody_is_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_one_person_keeps_one_word_and_a_role_becomes_the_name() -> None:
    told = "Mijn moeder Fatima belde Henk. Fatima huilde en Henk luisterde. Wim kwam ook."
    assert redacted(told) == (
        "Mijn moeder [naam 1] belde [naam 2]. [moeder] huilde en [naam 2] luisterde."
        " [naam 3] kwam ook."
    )


def test_people_with_the_same_role_are_told_apart_by_number() -> None:
    told = "Mijn buurvrouw Fatima en mijn buurvrouw Henny hielpen. Fatima kookte, Henny zong."
    assert redacted(told) == (
        "Mijn buurvrouw [naam 1] en mijn buurvrouw [naam 2] hielpen."
        " [naam 1] kookte, [naam 2] zong."
    )


def test_a_number_that_was_given_before_is_not_given_to_somebody_else() -> None:
    assert redacted("Eerst kwam [naam 2], toen kwam Fatima.").endswith("toen kwam [naam 3].")
    assert redacted("Eerst kwam [naam], toen kwam Fatima.").endswith("toen kwam [naam 2].")


def test_a_replacement_says_what_stood_there() -> None:
    told = "Dylano (14) gaat naar het Rietveld College aan de Lijsterstraat sinds 3 mei."
    assert redacted(told) == (
        "[naam] ([leeftijd]) gaat naar [school] aan de [straat] sinds [datum]."
    )


def test_a_name_once_known_is_found_again_where_it_could_be_a_word() -> None:
    assert redacted("Ik ging met Merel. Merel zong. Een merel zong ook.") == (
        "Ik ging met [naam]. [naam] zong. Een merel zong ook."
    )


def test_other_languages_see_names_numbers_and_places() -> None:
    told = "My neighbour Oksana lives in Delft. I'm glad. Call 06-12345678 on Monday."
    assert [kind for _, kind in kinds(told, "en")] == ["PER", "PLACE", "PHONE"]
    assert [span.replacement for span in find(told, "en")] == [
        "[name]",
        "[place]",
        "[phone number]",
    ]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Bel 06-12345678.", {"shape"}),
        ("mijn buurvrouw xanthippe belde", {"before"}),
        ("Ik ging met Fatima naar buiten.", {"list", "word", "before"}),
    ],
)
def test_a_proposal_says_what_it_rests_on(text: str, reasons: set[str]) -> None:
    (span,) = find(text)
    assert span.reason in reasons


@pytest.mark.parametrize(
    ("text", "detail", "kind"),
    [
        ("mw. J.M. ter Horst belt zelf", "J.M. ter Horst", "PER"),
        ("Groet,\nAnouk ter Steege", "Anouk ter Steege", "PER"),
        ("meneer v.d. velde is boos", "v.d. velde", "PER"),
        ("wij zitten op kamer 31b", "31b", "ADDRESS"),
        (
            "mail naar jan punt smit apenstaartje post punt nl",
            "jan punt smit apenstaartje post punt nl",
            "EMAIL",
        ),
        (
            "bel nul zes twaalf vierendertig zes acht twee",
            "nul zes twaalf vierendertig zes acht twee",
            "PHONE",
        ),
        ("grijze golf tk-318-x voor de deur", "tk-318-x", "PLATE"),
        ("onder kenmerk Z.24.00917 gestuurd", "Z.24.00917", "ID"),
        ("hij is van '52 en alleen", "'52", "BIRTHDATE"),
        ("zij is de enige molenaar van het dorp", "de enige molenaar van het dorp", "UNIQUE"),
        ("Hij is de laatste palingroker van Urk.", "de laatste palingroker van Urk", "UNIQUE"),
        ("als oud-huisarts van Bruchem schreef ik", "als oud-huisarts van Bruchem", "UNIQUE"),
        ("Iedereen kent hem als de man met de hoge hoed.", "de man met de hoge hoed", "UNIQUE"),
        ("wij zijn de ouders van de drieling", "de drieling", "UNIQUE"),
    ],
)
def test_what_fixed_rules_missed_is_found_whole(text: str, detail: str, kind: str) -> None:
    assert kinds(text) == [(detail, kind)]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "een vrouw van 41 met de ziekte van Huntington"),
        ("nl", "oprichter van het eerste buurtorkest"),
        ("tr", "köydeki tek kadın berber"),
        ("tr", "mahallenin ilk öğretmeni"),
        ("ar", "المرأة الوحيدة التي تقود الرافعة"),
        ("ar", "آخر صانع براميل في المدينة"),
    ],
)
def test_what_only_one_person_here_is_goes_whole(language: str, told: str) -> None:
    assert [(span.start, span.end, span.kind) for span in find(told, language)] == [
        (0, len(told), "UNIQUE")
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "Ik was de eerste klant van de dag en de laatste deelnemer van de groep."),
        ("nl", "Dat was de laatste keer in de winter, en de eerste zomer van het jaar."),
        ("tr", "Bu sokakta tek başına oturuyor. Mayıs'ta son taksit ödendi."),
        ("ar", "هذا هو الحل الوحيد في البيت، وأول مرة في المدرسة."),
    ],
)
def test_what_is_only_one_thing_stays(language: str, told: str) -> None:
    assert all(span.kind != "UNIQUE" for span in find(told, language))


def test_a_name_found_once_is_found_in_other_case_and_with_other_particles() -> None:
    told = "Voogd is Marieke van 't Hof. Vandaag gesprek met van t hof. HOF belde later."
    assert [words for words, _ in kinds(told)] == ["Marieke van 't Hof", "van t hof", "HOF"]


def test_offsets_count_code_points() -> None:
    told = "😊👩‍👩‍👧 Vandaag belde Ayşe."
    (span,) = find(told)
    assert told[span.start : span.end] == "Ayşe"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_spans_in_order_that_never_overlap(text: str) -> None:
    spans = find(text)
    assert spans == find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_json_lines_go_in_and_come_out() -> None:
    lines = ['{"id": "a", "text": "Ik ben Ayşe."}\n', "\n", '{"id": 2, "text": "Mooi weer."}\n']
    assert [json.loads(line) for line in redact_lines(lines)] == [
        {"id": "a", "spans": [{"start": 7, "end": 11, "kind": "PER"}]},
        {"id": 2, "spans": []},
    ]


@pytest.mark.parametrize("line", ["geheim verhaal", "[]", '{"id": 1}', '{"id": 1, "text": 3}'])
def test_a_broken_line_is_named_by_its_number_and_never_repeated(line: str) -> None:
    with pytest.raises(ValueError, match="line 2") as caught:
        list(redact_lines(['{"id": 1, "text": ""}', line]))
    assert "geheim" not in str(caught.value)


def test_every_language_that_is_read_has_words_to_put_in_the_place_of_a_detail() -> None:
    phone = [Finding(0, 12, "PHONE", "phone")]
    said = {language: Labels(phone, language).of(phone[0]) for language in READ_LANGUAGES}
    assert len(set(said.values())) == len(READ_LANGUAGES)


def test_importing_reads_no_word_list() -> None:
    asked = (
        "import conversations.redaction.find, conversations.wordlist.load as load; "
        "print(load.words_of.cache_info().currsize)"
    )
    home = Path(conversations.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=home
    )
    assert done.stdout == "0\n"
