"""The invitation: what a telephone scans, and what people read."""

from __future__ import annotations

import io
from datetime import timedelta

import fpdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.meetings.model.codes import parse_code
from bot.meetings.model.meeting import Meeting
from bot.meetings.poster import Poster, invitation, poster, slide
from bot.meetings.qr import png, svg
from tests.meetings.make import meeting

LINK = "https://vertelbot.example/m/K7MF-3QX"
LONG = "https://vertelbot.gemeente-voorbeeldstad-noordoost.example.org/vertelpunt/m/K7MF-3QX"
MEETING = meeting(title="Schulden en schaamte", place="Buurthuis De Brug", code="K7MF-3QX")
TOLD = invitation(MEETING, LINK)


def made(told: Poster, wide: bool) -> bytes:
    return slide(told) if wide else poster(told)


def scanned(picture: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def page(pdf: bytes, dpi: int = 110) -> tuple[Image.Image, str, tuple[float, float]]:
    """The only page of a PDF: as a picture, its text, its size in millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        sheet = document[0]
        picture: Image.Image = sheet.render(scale=dpi / 72).to_pil().convert("RGB")
        text = " ".join(sheet.get_textpage().get_text_range().split())
        width, height = (round(side * 25.4 / 72, 1) for side in sheet.get_size())
        return picture, text, (width, height)
    finally:
        document.close()


def test_a_telephone_reads_the_link_from_the_picture() -> None:
    assert scanned(Image.open(io.BytesIO(png(LINK)))) == LINK
    assert parse_code(scanned(Image.open(io.BytesIO(png(LINK, scale=4))))) == "K7MF-3QX"


def test_a_telephone_reads_the_link_from_the_drawing() -> None:
    sheet = fpdf.FPDF()
    sheet.add_page()
    sheet.image(io.BytesIO(svg(LINK).encode()), w=80)
    assert scanned(page(bytes(sheet.output()))[0]) == LINK
    assert "width=" not in svg(LINK).split(">")[0]


@pytest.mark.parametrize("link", [LINK, LONG])
@pytest.mark.parametrize("wide", [False, True])
def test_a_telephone_reads_the_link_from_the_page_also_when_it_is_small(
    wide: bool, link: str
) -> None:
    told = invitation(MEETING, link)
    for dpi in (35, 150):
        assert scanned(page(made(told, wide), dpi)[0]) == link


@pytest.mark.parametrize("wide", [False, True])
def test_people_read_what_it_is_and_what_to_type(wide: bool) -> None:
    _, text, size = page(made(TOLD, wide))
    assert size == ((338.7, 190.5) if wide else (210.0, 297.0))
    for words in (
        "Leergroep",
        "Schulden en schaamte",
        "dinsdag 24 november 2026, 14:00–16:00",
        "Buurthuis De Brug",
        "Scan de code, dan vraagt Vertelbot je na afloop wat je bijbleef.",
        "K7MF-3QX",
        "vertelbot.example/m/K7MF-3QX",
        "Vertelbot is een computer.",
    ):
        assert words in text


def test_an_invitation_speaks_the_language_of_its_readers() -> None:
    text = page(poster(invitation(MEETING, LINK, "en")))[1]
    assert "Learning group" in text
    assert "Tuesday 24 November 2026" in text
    assert "Leergroep" in page(poster(Poster("learning_group", "x", "y", LINK, language="xx")))[1]


def test_a_series_names_no_day_and_a_whole_day_no_hour() -> None:
    assert invitation(meeting(rrule="FREQ=WEEKLY"), LINK).when == ""
    day: Meeting = meeting("2026-11-24 00:00", 24, all_day=True)
    assert day.end - day.start == timedelta(days=1)
    assert invitation(day, LINK).when == "dinsdag 24 november 2026"


def test_a_letter_the_typeface_does_not_know_leaves_no_hole_and_no_crash() -> None:
    told = Poster("visit", "Team 👋 Şükrü ← نورد", "K7MF-3QX", LINK)
    assert "Team Şükrü ←" in page(poster(told))[1]


@settings(deadline=None, max_examples=12)
@given(
    st.text(st.sampled_from("abcdefghij klmn ←W"), min_size=1, max_size=200),
    st.text(st.sampled_from("abcdef ghi"), max_size=200),
    st.booleans(),
)
def test_however_long_the_words_the_code_is_read_and_the_edges_stay_white(
    title: str, place: str, wide: bool
) -> None:
    told = Poster("visit", title, "K7MF-3QX", LONG, "dinsdag 24 november 2026", place)
    picture, text, _ = page(made(told, wide), 50)
    assert scanned(picture) == LONG
    assert "K7MF-3QX" in text
    width, height = picture.size
    edges = ((width - 8, 12, width, height), (20, height - 8, width, height))
    assert all(picture.crop(edge).getextrema() == ((255, 255),) * 3 for edge in edges)
