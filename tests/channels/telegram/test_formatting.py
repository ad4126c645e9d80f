"""Messages fit into Telegram, and buttons stand where a thumb expects them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.formatting import (
    TEXT_MAX,
    fixed_keyboard,
    inline_keyboard,
    pieces,
    units,
)
from conversations.engine.effects import Button, Control, Say


def rows(say: Say) -> list[list[str]]:
    keyboard = inline_keyboard(say)["inline_keyboard"]
    return [[button["text"] for button in row] for row in keyboard]


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(f"o:{label}", label) for label in labels)


def test_short_labels_stand_two_to_a_row_and_long_ones_alone() -> None:
    say = Say("?", buttons("Ja", "Nee", "Dat weet ik nog niet goed", "Misschien", "Soms", "Nooit"))
    assert rows(say) == [
        ["Ja", "Nee"],
        ["Dat weet ik nog niet goed"],
        ["Misschien", "Soms"],
        ["Nooit"],
    ]


def test_skipping_stands_apart_from_the_answers() -> None:
    say = Say("?", (*buttons("Blij"), Button("skip", "Sla over"), Button("keep", "Laat staan")))
    assert rows(say) == [["Blij"], ["Sla over", "Laat staan"]]


def test_places_on_a_scale_stand_below_each_other() -> None:
    say = Say(
        "?", (*buttons("Snel", "Midden", "Traag"), Button("skip", "Sla over")), 1, Control("scale")
    )
    assert rows(say) == [["Snel"], ["Midden"], ["Traag"], ["Sla over"]]


def test_a_picked_button_shows_a_tick_and_every_button_its_turn() -> None:
    say = Say("?", (Button("o:a", "Steun", picked=True),), turn=4)
    assert inline_keyboard(say) == {
        "inline_keyboard": [[{"text": "✓ Steun", "callback_data": "4:o:a"}]]
    }


def test_a_tick_does_not_move_the_buttons() -> None:
    labels = ("Vijftien tekens", "Kort")
    plain = Say("?", tuple(Button(label, label) for label in labels))
    ticked = Say("?", tuple(Button(label, label, picked=True) for label in labels))
    assert [len(row) for row in rows(plain)] == [len(row) for row in rows(ticked)] == [2]


def test_the_fixed_keyboard_is_small_and_stays() -> None:
    assert fixed_keyboard(("Hulp nu", "Stoppen")) == {
        "keyboard": [[{"text": "Hulp nu"}, {"text": "Stoppen"}]],
        "is_persistent": True,
        "resize_keyboard": True,
    }


def test_a_long_text_is_cut_between_paragraphs() -> None:
    one, two, three = "a" * 2000, "b" * 2000, "c" * 2000
    assert pieces(f"{one}\n\n{two}\n\n{three}") == [f"{one}\n\n{two}", three]


def test_a_long_paragraph_is_cut_after_a_sentence_or_else_between_words() -> None:
    assert pieces("woord " * 4, most=20) == ["woord woord woord", "woord "]
    assert pieces("eerste zinnetje. en dan", most=20) == ["eerste zinnetje.", "en dan"]


def test_emoji_count_double() -> None:
    assert units("😀a") == 3
    assert [units(piece) for piece in pieces("😀" * 2049)] == [4096, 2]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(4, 40))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str, most: int) -> None:
    found = pieces(text, most)
    assert all(units(piece) <= most for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert pieces("x" * TEXT_MAX) == ["x" * TEXT_MAX]
