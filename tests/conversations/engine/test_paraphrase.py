"""What people type who mean a button: its words with others around, some of them, a slip of the
finger, its place. In every question of every guide, in every language; never for a consent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from conversations.checks.walk.probes import HEAVY, SEEN
from conversations.engine import intent
from conversations.engine.effects import Button, Keep, Record, Say
from conversations.engine.events import Event, Said, Start, Tapped
from conversations.engine.intent import plain, words_of
from conversations.engine.paraphrase import SPELT, TYPED, paraphrased
from conversations.engine.questions import prompt
from conversations.engine.state import Part, State
from conversations.engine.step import step
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide
from tests.conversations.conftest import facts_of
from tests.conversations.talk import STORY, Talk

Guides = Callable[[str, str], Guide]
GUIDES = load_guides().ids
LANGUAGES = ("nl", "en", "tr", "ar")
ORDER = {
    "nl": ("de eerste", "de tweede", "3"),
    "en": ("the first", "number 2", "the third one please"),
    "tr": ("birinci", "2", "üçüncü"),
    "ar": ("الأول", "٢", "الثالث"),
}
AROUND = {"nl": "ik denk {}", "en": "I think {}", "tr": "sanırım {}", "ar": "أعتقد {}"}
NOT = {"nl": "niet {}", "en": "not {}", "tr": "{} değil", "ar": "ليس {}"}


def states(guide: Guide) -> Iterator[State]:
    """The state at each question of a guide that has buttons, after a story."""
    begun, _ = step(guide, None, Start(facts_of(guide), turn=1))
    begun = begun.but(draft=(Part("text", STORY),), path=("tell",))
    for each in guide.steps.values():
        if each.kind in ("choice", "choices", "consent", "switches", "review") and not each.fill:
            yield begun.but(at=each.id)


def same(guide: Guide, state: State, one: Event, other: Event) -> bool:
    return step(guide, state, one)[0].but(last="", helped=False) == step(guide, state, other)[
        0
    ].but(last="")


def assert_shown(guide: Guide, state: State, text: str, meant: Button) -> None:
    """What was understood is said, unless it was typed as it is."""
    words = [each.text for each in step(guide, state, Said(text))[1] if isinstance(each, Say)]
    plainly = intent.button(guide, prompt(guide, state).buttons, text) == meant.id
    assert plainly or guide.phrase("understood", {"answer": meant.label}) in words, text


def slip(guide: Guide, label: str) -> str:
    """A label of which the longest word that counts lacks a letter."""
    beside = words_of(guide, "beside")
    word = max((each for each in plain(label).split() if each not in beside), key=len)
    return plain(label).replace(word, word[:2] + word[3:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_types_something_like_a_button_has_tapped_it(guides: Guides, language: str) -> None:
    tried = 0
    for guide_id in GUIDES:
        guide = guides(guide_id, language)
        for state in states(guide):
            asked = prompt(guide, state)
            options = [each for each in asked.buttons if each.id.startswith("o:")]
            if asked.weighty:
                continue
            for place, each in enumerate(options):
                tap = Tapped(state.turn, each.id, SEEN)
                for text in typed(guide, place, each):
                    tried += 1
                    assert same(guide, state, Said(text), tap), (guide_id, state.at, text)
                    assert_shown(guide, state, text, each)
                said = Said(NOT[language].format(each.label))
                assert not same(guide, state, said, tap), (guide_id, state.at, said.text)
    assert tried > 300


def typed(guide: Guide, place: int, button: Button) -> Iterator[str]:
    """Ways to say a button. Where it consists of nothing but words that are said beside others,
    or is a bare yes or no, only as it is."""
    core = set(plain(button.label).split()) - words_of(guide, "beside")
    if not core <= words_of(guide, "yes") | words_of(guide, "no") | words_of(guide, "skip"):
        yield AROUND[guide.language].format(button.label)
        if guide.language in SPELT and max(map(len, core)) > TYPED + 1:
            yield slip(guide, button.label)
    ordinal = ORDER[guide.language][place] if place < 3 else "9"
    if not any(map(str.isdigit, ordinal)):
        yield ordinal


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_like_a_button_gives_a_consent_or_erases(guides: Guides, language: str) -> None:
    tried = 0
    for guide_id in GUIDES:
        guide = guides(guide_id, language)
        for state in states(guide):
            asked = prompt(guide, state)
            for place, each in enumerate(asked.buttons[:3] if asked.weighty else ()):
                for text in (
                    ORDER[language][place],
                    AROUND[language].format(each.label),
                    slip(guide, each.label),
                ):
                    tried += 1
                    after, effects = step(guide, state, Said(text))
                    assert not [each for each in effects if isinstance(each, Keep | Record)]
                    assert (after.at, after.picked) == (state.at, state.picked), text
    assert tried > 80


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ik denk inwoner", "a"),
        ("ik ben bewoner", "a"),
        ("bewoner denk ik", "a"),
        ("inwonr", "a"),
        ("een inwoner", "a"),
        ("ik ben geen inwoner", None),
        ("mijn buurvrouw is bewoner", None),
        ("inwoner van een team", None),
        ("de tweede", "b"),
        ("2.", "b"),
        ("3", None),
        ("nummer 2", "b"),
        ("2 dag", None),
        ("0", None),
        ("ik ben een", None),
        ("team", "b"),
    ],
)
def test_who_tells(resident: Guide, text: str, meant: str | None) -> None:
    asked = Say("Wie vertelt?", (Button("a", "Een inwoner"), Button("b", "Iemand van een team")))
    assert paraphrased(resident, asked, text, names={"a": ["bewoner"]}) == meant


@pytest.mark.parametrize(
    ("question", "labels"),
    [("Hoeveel mensen hielpen?", ("Weinig", "Veel")), ("Hoe ging het?", ("Voor 3 uur", "Later"))],
)
def test_a_bare_number_may_be_an_answer_by_itself(
    resident: Guide, question: str, labels: tuple[str, str]
) -> None:
    one, other = labels
    asked = Say(question, (Button("a", one), Button("b", other)))
    assert paraphrased(resident, asked, "2") is None
    assert paraphrased(resident, asked, "de tweede") == "b"


def test_some_words_of_a_button_never_leave_out_its_not(resident: Guide) -> None:
    asked = Say("Wat?", (Button("a", "Wat lukte"), Button("b", "Wat niet kon")))
    assert paraphrased(resident, asked, "kon") is None
    assert paraphrased(resident, asked, "niet kon") == "b"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_other_words_is_no_cry_for_help(guides: Guides, language: str) -> None:
    guide = guides("resident", language)
    for state in states(guide):
        asked = prompt(guide, state)
        for each in asked.buttons:
            said = Said(AROUND[language].format(each.label))
            if paraphrased(guide, asked, said.text, partly=False):
                effects = step(guide, state, said)[1]
                words = [each.text for each in effects if isinstance(each, Say)]
                assert guide.phrase("help_card") not in words, said.text
    talk = Talk(guide).to("tell").say(AROUND[language].format(HEAVY))
    assert talk.said[0].text == guide.phrase("help_card")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hint_names_skipping_only_where_its_button_is(guides: Guides, language: str) -> None:
    """Whoever ticked something and types "skip" is not told that skipping is fine."""
    guide = guides("resident", language)
    talk = Talk(guide).to("feeling").tap("o:glad")
    assert "skip" not in talk.say(guide.phrase("words.skip").split("|")[0]).buttons
    assert guide.phrase("choose_or_skip") not in talk.words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("doubt", ["{}?", "{} ???", "{} 👎", "🤔 {}", "{}؟", "{} :(", "{} 😡"])
def test_a_yes_or_no_with_a_sign_of_doubt_answers_nothing(
    guides: Guides, language: str, doubt: str
) -> None:
    """Wherever a consent is asked, or something would be erased."""
    tried = 0
    for guide_id in GUIDES:
        guide = guides(guide_id, language)
        plainly = [guide.phrase(f"words.{each}").split("|")[0] for each in ("yes", "no")]
        for state in states(guide):
            asked = prompt(guide, state)
            if not asked.weighty or "o:more" in {each.id for each in asked.buttons}:
                continue  # a question is answered there
            for words in (*plainly, asked.buttons[0].label):
                tried += 1
                after, effects = step(guide, state, Said(doubt.format(words)))
                assert not [each for each in effects if isinstance(each, Keep | Record)]
                assert (after.at, after.picked) == (state.at, state.picked), words
    assert tried > 60


@pytest.mark.parametrize("text", ["nee, prima", "nee graag", "nee zeker", "no please, sure"])
def test_a_no_beside_words_that_agree_is_no_no(resident: Guide, text: str) -> None:
    talk = Talk(resident).to("consent_keep").say(text)
    assert (talk.state.at, talk.state.draft != ()) == ("consent_keep", True)


@pytest.mark.parametrize("text", ["HAYIR", "hayir", "Hayır.", "hayır teşekkürler"])
def test_a_no_without_the_letters_of_its_language_is_one(guides: Guides, text: str) -> None:
    assert Talk(guides("resident", "tr")).to("start").say(text).state.at == "end_declined"
