"""What on a card may identify someone: found before the card, asked about, replaced or left."""

from __future__ import annotations

import random
import re

import pytest

from conversations.engine.clues import CONTEXT, LONGEST, find_clues, open_clues
from conversations.engine.effects import Highlight, Reword, Say
from conversations.engine.events import Command, Edited, LanguageChosen
from conversations.engine.state import Answer, Part, State
from conversations.guide.model import Guide
from conversations.guide.spans import Span
from conversations.redaction.find import find
from tests.conversations.talk import Talk, only

TOLD = "Mijn buurvrouw Fatima belde. Ze woont in Zwolle. Fatima bleef tot laat."


@pytest.fixture(scope="module")
def guide(resident: Guide) -> Guide:
    return resident.with_finder(find)


def at_clues(guide: Guide, told: str = TOLD) -> Talk:
    """A conversation just before the card."""
    talk = Talk(guide).to("tell").say(told, "told").tap("done").to("extra").tap("o:no")
    return talk.tap("skip")


def test_what_identifies_someone_is_asked_about_just_before_the_card(guide: Guide) -> None:
    talk = at_clues(guide)
    assert talk.buttons == ["all", "one_by_one", "none"]
    assert "‘Fatima’ → [naam]" in talk.words
    assert "‘Zwolle’ → [plaats]" in talk.words
    assert talk.words.count("Fatima") == 1


def test_a_story_that_identifies_nobody_goes_straight_to_the_card(guide: Guide) -> None:
    talk = at_clues(guide, "Er kwam een mevrouw langs en die luisterde een uur.")
    assert "o:ok" in talk.buttons


def test_without_a_finder_nobody_looks(resident: Guide) -> None:
    assert "o:ok" in at_clues(resident.with_finder(None)).buttons


def test_one_tap_replaces_everything_and_nothing_of_it_stays(guide: Guide) -> None:
    talk = at_clues(guide).tap("all")
    told = "Mijn buurvrouw [naam] belde. Ze woont in [plaats]. [buurvrouw] bleef tot laat."
    assert talk.state.draft[0].text == told
    assert told in talk.words
    assert "o:ok" in talk.buttons
    assert "Fatima" not in talk.state.to_json()
    assert "Zwolle" not in talk.state.to_json()
    assert only(Reword, talk.effects) == [
        Reword((("Fatima", "[naam]"), ("Zwolle", "[plaats]"))),
    ]


def test_what_may_stay_is_left_as_it_was_and_marked_on_the_card(guide: Guide) -> None:
    talk = at_clues(guide).tap("none")
    assert talk.state.draft[0].text == TOLD
    assert guide.phrase("names_stay", {"words": "Fatima, Zwolle"}) in talk.words
    control = talk.said[-1].control
    assert control
    assert control.card
    assert control.card.highlights[0] == Highlight(15, 21, "[naam]")
    assert not only(Reword, talk.effects)


def test_one_by_one_each_is_asked_with_its_sentence(guide: Guide) -> None:
    talk = at_clues(guide).tap("one_by_one")
    assert talk.buttons == ["replace", "stay"]
    assert "Mijn buurvrouw Fatima belde." in talk.words
    assert "Zwolle" not in talk.words
    talk.tap("stay")
    assert "Ze woont in Zwolle." in talk.words
    talk.tap("replace")
    assert "o:ok" in talk.buttons
    assert talk.state.draft[0].text == TOLD.replace("Zwolle", "[plaats]")


def test_back_from_one_by_one_leads_to_the_overview(guide: Guide) -> None:
    talk = at_clues(guide).tap("one_by_one").do(Command("back"))
    assert talk.buttons == ["all", "one_by_one", "none"]


def test_back_from_the_overview_leads_to_the_last_question(guide: Guide) -> None:
    assert at_clues(guide).back().state.at == "municipality"


def test_stopping_and_going_on_asks_about_them_again(guide: Guide) -> None:
    talk = at_clues(guide).do(Command("stop")).tap("resume")
    assert talk.buttons == ["all", "one_by_one", "none"]


def test_a_typed_yes_replaces_and_a_typed_no_does_not(guide: Guide) -> None:
    assert "[naam]" in at_clues(guide).say("ja graag").state.draft[0].text
    assert "Fatima" in at_clues(guide).say("nee hoor").state.draft[0].text
    one = at_clues(guide).tap("one_by_one").say("ja").say("nee")
    assert one.state.draft[0].text == TOLD.replace("Fatima bleef", "[buurvrouw] bleef").replace(
        "Fatima", "[naam]"
    )


def test_the_name_of_the_story_and_typed_answers_are_looked_at_too(guide: Guide) -> None:
    talk = Talk(guide).to("tell").say("Er kwam iemand langs die een uur luisterde.").tap("done")
    talk.say("Het bezoek aan Fatima").to("need").tap("other").say("hulp van Sem de Vries")
    talk.to("review")
    assert {clue.at for clue in talk.state.clues} == {"sentence", "need"}
    talk.tap("all")
    assert talk.state.answers["sentence"].text == "Het bezoek aan [naam 1]"
    assert "Vries" not in talk.state.to_json()


def test_an_edit_on_the_card_is_looked_at_again(guide: Guide) -> None:
    talk = at_clues(guide).tap("all").do(Edited("Fatima kwam uit Zwolle met haar zus.", "told"))
    assert talk.buttons == ["all", "one_by_one", "none"]
    assert guide.phrase("changed_after_card") in talk.words


def test_what_may_stay_is_not_asked_again_while_it_reads_the_same(guide: Guide) -> None:
    talk = at_clues(guide).tap("none", "o:change", "c:sentence").say("Thuis bij Youssef")
    assert [clue.words for clue in open_clues(talk.state)] == ["Youssef"]
    talk.tap("none")
    assert "Fatima, Zwolle" in talk.words


def test_an_answer_that_was_left_behind_forgets_too(guide: Guide) -> None:
    talk = at_clues(guide)
    answers = talk.state.answers
    behind = {**answers, "need": Answer(text="praten met Fatima")}
    talk.state = talk.state.but(
        answers=behind, path=tuple(p for p in talk.state.path if p != "need")
    )
    assert "Fatima" not in talk.tap("all").state.to_json()


def test_after_the_end_no_clue_is_left(guide: Guide) -> None:
    talk = at_clues(guide).tap("none", "o:ok", "o:no")
    assert talk.state.clues == ()
    assert "Fatima" not in talk.state.to_json()


def test_the_state_with_clues_is_read_back_the_same(guide: Guide) -> None:
    state = at_clues(guide).state
    assert State.from_json(state.to_json()) == state


def test_a_state_of_before_there_were_clues_is_read(resident: Guide) -> None:
    text = Talk(resident).state.to_json().replace(',"clues":[],"helped":false', "")
    assert '"clues"' not in text
    assert State.from_json(text) == Talk(resident).state


def test_another_language_asks_the_same_question(guide: Guide, guides: object) -> None:
    talk = at_clues(guide).do(LanguageChosen(guide.phrases.sentences))
    assert talk.buttons == ["all", "one_by_one", "none"]


def test_many_words_fit_in_one_message(guide: Guide) -> None:
    def every_word(text: str, language: str) -> tuple[Span, ...]:
        starts = range(0, len(text) - 4, 6)
        return tuple(Span(n, n + 5, "PER", "[x]") for n in starts)

    words = " ".join(f"n{number:04}" for number in range(900))
    talk = at_clues(guide.with_finder(every_word), words)
    assert len(talk.said[-1].text) < 4096
    assert talk.said[-1].text.endswith("…")
    assert talk.tap("all").state.draft[0].text == " ".join(["[x]"] * 900)


def test_a_long_text_is_searched_in_bounded_pieces(resident: Guide) -> None:
    seen: list[int] = []

    def counting(text: str, language: str) -> tuple[Span, ...]:
        seen.append(len(text))
        place = text.find("Fatima")
        return (Span(place, place + 6, "PER", "[naam]"),) if place >= 0 else ()

    story = "woord " * 2000 + "Fatima"
    state = Talk(resident).to("tell").state.but(draft=(Part("text", story),))
    clues = find_clues(resident.with_finder(counting), state)
    assert max(seen) <= LONGEST
    assert [clue.start for clue in clues] == [12000]


@pytest.mark.parametrize("story", ["Ik sprak Fatima.", "Het was een mooie dag zonder zorgen."])
def test_the_card_asks_once_what_fits_only_one_person(guide: Guide, story: str) -> None:
    talk = at_clues(guide, story)
    talk = talk.tap("all") if "Fatima" in story else talk
    assert "o:ok" in talk.buttons
    assert talk.said[-1].text.count(guide.phrase("names_unique")) == 1


def test_nothing_at_the_edge_of_a_piece_goes_unseen(guide: Guide) -> None:
    told = "mevrouw van der Berg kwam op 3 maart 2024 langs met Fatima El Amrani. "
    for shift in range(0, 80, 7):
        story = "a" * shift + " en verder niets. " * 320 + told * 10 + " en verder niets. " * 400
        state = Talk(guide).to("tell").state.but(draft=(Part("text", story),))
        words = [clue.words for clue in find_clues(guide, state)]
        assert words == ["van der Berg", "3 maart 2024", "Fatima El Amrani"] * 10, shift


def test_a_number_that_runs_over_two_messages_is_seen_in_both(guide: Guide) -> None:
    draft = (Part("text", "Bel mij op 06 1234"), Part("text", "5678 na vijven."))
    clues = find_clues(guide, Talk(guide).to("tell").state.but(draft=draft))
    assert [(clue.part, clue.start, clue.words) for clue in clues] == [
        (0, 11, "06 1234"),
        (1, 0, "5678"),
    ]


def test_a_sentence_without_end_is_cut_around_the_words(guide: Guide) -> None:
    talk = at_clues(guide, "heel lang " * 100 + "bij Fatima " + "en verder " * 100)
    shown = talk.tap("one_by_one").words.split("\n\n")[1]
    assert "Fatima" in shown
    assert len(shown) <= CONTEXT + 2


def test_the_question_shows_the_card_with_its_highlights(guide: Guide) -> None:
    [asked] = [each for each in at_clues(guide).effects if isinstance(each, Say)]
    assert asked.control
    assert asked.control.kind == "clues"
    assert asked.control.card
    assert [each.instead for each in asked.control.card.highlights] == [
        "[naam]",
        "[plaats]",
        "[buurvrouw]",
    ]


def test_a_word_is_replaced_by_a_tap_on_the_card_itself(guide: Guide) -> None:
    talk = at_clues(guide)
    control = talk.said[-1].control
    assert control
    assert control.card
    town = next(lit for lit in control.card.highlights if lit.instead == "[plaats]")
    talk.tap(f"w:{town.clue}")
    assert "Zwolle" not in talk.state.to_json()
    assert "Fatima" in talk.words  # still to be decided about
    assert talk.buttons == ["all", "one_by_one", "none"]
    talk.tap("none", "w:0")
    assert "Fatima" not in talk.state.to_json()
    assert "o:ok" in talk.buttons


@pytest.mark.parametrize("button", ["w:9", "w:-1", "c:feeling"])
def test_what_is_not_on_the_card_with_open_words_changes_nothing(guide: Guide, button: str) -> None:
    talk = at_clues(guide)
    before = talk.state
    assert talk.tap(button).state == before


@pytest.mark.parametrize("seed", range(12))
def test_every_word_asked_about_stands_where_it_is_asked_about_whatever_was_decided(
    resident: Guide, seed: int
) -> None:
    """The same words may be found longer in the story than in the sentence chosen from it."""
    chance = random.Random(seed)

    def fickle(text: str, language: str) -> tuple[Span, ...]:
        spans, at = [], 0
        for word in re.finditer(r"\w+(?: \w+)?" if seed % 2 else r"\w+", text):
            end = chance.choice([word.end(), word.start() + len(word[0].split()[0])])
            if word.start() >= at and chance.random() < 0.4:
                spans.append(Span(word.start(), end, "PER", chance.choice(["[x]", "[naam 2]"])))
                at = end
        return tuple(spans)

    guide = resident.with_finder(fickle)
    talk = Talk(guide).to("tell").say("Ik sprak Fatima op maandag. Zij belde Fatima.", "1")
    talk.say("Daarna belde Yusuf mij op.", "2").tap("done").tap(chance.choice(["z:0", "z:1"]))
    talk.to("extra").tap("o:no")
    if talk.state.at == "municipality":
        talk.tap("skip")
    if "one_by_one" in talk.buttons:
        talk.tap("one_by_one")
    while talk.state.mode == "clue":
        for clue in talk.state.clues:
            text = (talk.state.answers[clue.at] if clue.at else talk.state.draft[clue.part]).text
            assert text[clue.start : clue.end] == clue.words
        talk.tap(chance.choice(["replace", "stay"]))
    assert "o:ok" in talk.buttons
