"""Reading guides: every language, the version a conversation began with, and clear errors."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.telegram.profile import COMMANDS
from conversations.guide.library import Library
from conversations.guide.loading import (
    HOME,
    PAGES,
    help_card,
    help_lines,
    load_guides,
    read_entries,
)
from conversations.guide.model import Option
from conversations.guide.problems import GuideError

GUIDES = (
    "after_learning_group",
    "after_visit_guest",
    "after_visit_host",
    "follow_up",
    "professional",
    "resident",
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_guides()


def test_six_guides_are_there_in_dutch_and_english(library: Library) -> None:
    assert library.ids == GUIDES
    assert library.spoken[0] == "nl"
    for guide_id in library.ids:
        assert {"nl", "en"} <= set(library.languages(guide_id))


def test_turkish_and_arabic_are_there_and_marked_as_not_yet_read(library: Library) -> None:
    assert library.unread == {"tr", "ar"}
    assert library.spoken[-2:] == ("ar", "tr")
    assert (library.name("tr"), library.name("en")) == ("Türkçe *", "English")
    for guide_id in ("resident", "professional"):
        assert library.languages(guide_id) == ("nl", "en", "ar", "tr")
    assert library.get("follow_up", "tr").language == "nl"


def test_a_language_loses_its_star_when_somebody_read_it(tmp_path: Path) -> None:
    home = tmp_path / "locales" / "tr"
    home.mkdir(parents=True)
    text = (HOME / "locales" / "tr" / "vertelbot.po").read_text(encoding="utf-8")
    (home / "vertelbot.po").write_text(
        text.replace("X-Native-Reader: none", "X-Native-Reader: Ayşe"), encoding="utf-8"
    )
    assert load_guides(tmp_path).name("tr") == "Türkçe"


def test_a_guide_is_translated_by_the_name_of_each_text(library: Library) -> None:
    dutch, english = library.get("resident", "nl"), library.get("resident", "en")
    assert dutch.form == english.form == "u"
    assert dutch.steps.keys() == english.steps.keys()
    assert (
        dutch.steps["speed"].say == "Hoe snel kon u terecht? Tel vanaf de dag dat u om hulp vroeg."
    )
    assert english.steps["speed"].option("same_day") == Option("same_day", "The same day")
    assert english.steps["door"].skip is not None
    assert english.steps["door"].skip.reply == "All right. Begin with what stayed with you most."


def test_a_language_that_is_not_there_is_answered_in_dutch(library: Library) -> None:
    assert library.get("resident", "xx") is library.get("resident", "nl")
    assert library.phrases("xx").language == "nl"


def test_steps_follow_the_file_and_an_end_has_nothing_after_it(library: Library) -> None:
    steps = library.get("professional", "nl").steps
    assert steps["opening"].next == "opening_readers"
    assert steps["end_kept"].next is None
    assert steps["end_declined"].next is None


def test_a_question_can_be_skipped_unless_it_must_be_answered(library: Library) -> None:
    for guide_id in library.ids:
        for language in library.languages(guide_id):
            for step in library.get(guide_id, language).steps.values():
                must = step.kind in ("say", "tell", "consent", "switches", "review")
                asks_first = step.id in ("start", "start_after_info", "age", "extra")
                assert (step.skip is None) == (must or asks_first), step.id
    name = library.get("professional", "nl").steps["sentence"]
    assert name.skip == Option("skip", "Sla over")


def test_an_answer_has_a_most_that_fits_its_kind(library: Library) -> None:
    steps = library.get("after_visit_guest", "nl").steps
    most = {step_id: steps[step_id].max for step_id in ("tell", "sentence", "take_home", "feeling")}
    assert most == {"tell": 6000, "sentence": 160, "take_home": 600, "feeling": 2}


def test_a_question_that_is_not_asked_takes_its_switch_along(library: Library) -> None:
    relay = library.get("after_visit_guest", "nl").steps["consent_more"].option("relay")
    assert relay is not None
    assert relay.when == "question_left"


def test_only_residents_may_let_only_the_coordinator_read(library: Library) -> None:
    for name in library.ids:
        only = library.get(name, "nl").steps["consent_more"].option("coordinator")
        assert (only is not None) == (name == "resident")


def test_every_guide_asks_for_quotation_of_the_sentence_that_it_shows(library: Library) -> None:
    for name in library.ids:
        asked = [step.purpose for step in library.get(name, "nl").steps.values() if step.purpose]
        assert asked == ["keep"]
        for language in library.languages(name):
            guide = library.get(name, language)
            quote = guide.steps["consent_more"].option("quote")
            assert quote is not None
            assert quote.when is not None
            assert guide.steps[quote.when].kind == "sentence"
            assert "{sentence}" in quote.say


def test_under_sixteen_nothing_stays_and_the_number_comes_from_the_help_file(
    library: Library,
) -> None:
    end = library.get("resident", "en").steps["end_under_16"]
    numbers = {line["id"]: line["number"] for line in help_lines()["line"]}
    assert end.end
    assert end.erase
    assert numbers["kindertelefoon"] in end.say


def test_every_fixed_sentence_is_there_in_dutch_and_english(library: Library) -> None:
    assert library.phrases("nl").sentences.keys() == library.phrases("en").sentences.keys()
    keys = [
        {entry.id for entry in read_entries(HOME, HOME / "locales" / language / "vertelbot.po")}
        for language in ("nl", "en")
    ]
    assert keys[0] == keys[1]


def test_a_fixed_sentence_speaks_formally_where_the_guide_does(library: Library) -> None:
    phrases = library.phrases("nl")
    assert phrases.get("withdraw_ask", "u") == phrases.get("withdraw_ask", "je")
    assert phrases.get("resume", "u").startswith("Fijn dat u er weer bent.")
    assert phrases.get("resume").startswith("Fijn dat je er weer bent.")


def test_formal_sentences_never_say_je_and_the_others_never_u(library: Library) -> None:
    phrases = library.phrases("nl")
    for key, text in phrases.formal.items():
        assert not {"je", "jij", "jou", "jouw"} & set(text.casefold().split()), key
        assert phrases.sentences[key] != text, key
    for key, text in phrases.sentences.items():
        if not key.startswith(("words.", "privacy.", "coordinator.", "web.desk_")):  # all say u
            assert not {"u", "uw"} & set(text.casefold().replace(",", " ").split()), key


def test_a_guide_keeps_to_one_form_of_address(library: Library) -> None:
    wrong = {"je": {"u", "uw"}, "u": {"je", "jij", "jou", "jouw", "jullie"}}
    for guide_id in library.ids:
        guide = library.get(guide_id, "nl")
        for step in guide.steps.values():
            replies = [option.reply or "" for option in step.options]
            said = " ".join([step.say, *replies]).casefold()
            words = set(said.replace(",", " ").replace(".", " ").replace("?", " ").split())
            assert not words & wrong[guide.form], f"{guide_id}.{step.id}"


def test_the_help_card_names_every_number_of_the_help_file(library: Library) -> None:
    for language in library.spoken:
        card = library.phrases(language).get("help_card")
        assert card == help_card(library.phrases(language))
        assert all(line["number"] in card for line in help_lines()["line"])
        assert "{" not in card


def test_a_number_on_the_help_card_does_not_turn_round_from_right_to_left(
    library: Library,
) -> None:
    arabic = library.phrases("ar").get("help_card")
    for line in help_lines()["line"]:
        assert f"\u2066{line['number']}\u2069" in arabic
    assert "\u2066" not in library.phrases("tr").get("help_card")


def test_telegram_takes_the_descriptions(library: Library) -> None:
    for language in library.spoken:
        phrases = library.phrases(language)
        for form in ("je", "u"):
            assert len(phrases.get("bot.description", form)) <= 512
            assert len(phrases.get("bot.short_description", form)) <= 120
        commands = {key: text for key, text in phrases.sentences.items() if key[:8] == "command."}
        assert all(3 <= len(text) <= 256 for text in commands.values())
        assert commands.keys() == {f"command.{name}" for name in COMMANDS}


def test_a_conversation_goes_on_with_the_guide_it_began_with(library: Library) -> None:
    kept = Library.from_source(library.source("resident"))
    assert kept.ids == ("resident",)
    assert kept.fingerprint("resident") == library.fingerprint("resident")
    assert set(kept.languages("resident")) == set(library.languages("resident"))
    for language in library.languages("resident"):
        now, then = library.get("resident", language), kept.get("resident", language)
        assert replace(then, phrases=now.phrases) == now
        assert then.phrase("stop_ask") == now.phrase("stop_ask")


def test_what_stands_on_a_page_is_no_part_of_a_guide(library: Library) -> None:
    kept = json.loads(library.source("resident"))["phrases"]["nl"]["sentences"]
    assert "stop_ask" in kept
    assert not any(key.startswith(PAGES) for key in kept)
    today = Library.from_source(library.source("resident"), library)
    assert today.phrases("en").get("web.send") == "Send"


def test_an_older_guide_gets_new_sentences_and_todays_help_from_today(library: Library) -> None:
    older = json.loads(library.source("resident"))
    del older["phrases"]["nl"]["sentences"]["over_idle"]
    older["phrases"]["nl"]["sentences"]["help_card"] = "Bel 000."
    older["phrases"]["nl"]["sentences"]["double_tap"] = "Die had ik al."
    older["numbers"]["kindertelefoon"] = "000"
    kept = Library.from_source(json.dumps(older), library)
    guide = kept.get("resident", "nl")
    assert kept.fingerprint("resident") != library.fingerprint("resident")
    assert guide.phrase("over_idle") == library.phrases("nl").get("over_idle", "u")
    assert guide.phrase("help_card") == library.phrases("nl").get("help_card")
    assert guide.phrase("double_tap") == "Die had ik al."
    assert "000." not in guide.steps["end_under_16"].say.replace("0800", "")


def test_the_fingerprint_changes_with_a_word_in_any_language(tmp_path: Path) -> None:
    before = _copied(tmp_path / "before").fingerprint("follow_up")
    assert before == load_guides().fingerprint("follow_up")
    assert len(before) == 16
    for name, old, new in (
        ("guides/follow_up.toml", "Kort mag.", "Heel kort mag."),
        ("locales/en/follow_up.po", "Six weeks ago", "6 weeks ago"),
        ("locales/en/vertelbot.po", "Skip this", "Skip it"),
    ):
        folder = tmp_path / name.replace("/", "-")
        _copied(folder)
        file = folder / name
        file.write_text(file.read_text().replace(old, new, 1))
        assert load_guides(folder).fingerprint("follow_up") != before, name


def test_a_folder_of_its_own_borrows_our_fixed_sentences(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    shutil.copy(HOME / "guides" / "follow_up.toml", tmp_path / "guides")
    library = load_guides(tmp_path)
    assert library.ids == ("follow_up",)
    assert library.languages("follow_up") == ("nl",)
    assert library.phrases("en").get("button.done") == "Done"


def test_a_guide_that_cannot_be_read_is_refused_with_file_line_and_mend(tmp_path: Path) -> None:
    broken = Path(__file__).parents[1] / "checks" / "broken_guides"
    (tmp_path / "guides").mkdir()
    for name in ("goto_nowhere", "not_toml"):
        shutil.copy(broken / f"{name}.toml", tmp_path / "guides")
    with pytest.raises(GuideError) as caught:
        load_guides(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["goto-nowhere", "unreadable"]
    assert "guides/goto_nowhere.toml:" in str(caught.value)
    assert "Name the id of a step of this guide." in str(caught.value)


def test_a_translation_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    _copied(tmp_path)
    file = tmp_path / "locales" / "en" / "follow_up.po"
    file.write_text(file.read_text() + "\nThis is no entry.\n")
    with pytest.raises(GuideError) as caught:
        load_guides(tmp_path)
    assert caught.value.problems[0].file == "locales/en/follow_up.po"
    assert caught.value.problems[0].line == len(file.read_text().splitlines())


def test_a_translation_without_its_last_quote_is_refused(tmp_path: Path) -> None:
    _copied(tmp_path)
    file = tmp_path / "locales" / "en" / "follow_up.po"
    file.write_text(file.read_text().replace('msgstr "Feeling"', 'msgstr "Feeling'))
    with pytest.raises(GuideError, match="A quotation mark is missing") as caught:
        load_guides(tmp_path)
    line = file.read_text().splitlines()[caught.value.problems[0].line - 1]
    assert line == 'msgstr "Feeling'


def test_a_source_that_is_none_is_refused() -> None:
    for text in ("", "{}", "[1]", '{"guide": {"id": "x"}}'):
        with pytest.raises((ValueError, KeyError, TypeError)):
            Library.from_source(text)


def _copied(folder: Path) -> Library:
    shutil.copytree(HOME / "guides", folder / "guides")
    shutil.copytree(HOME / "locales", folder / "locales")
    return load_guides(folder)
