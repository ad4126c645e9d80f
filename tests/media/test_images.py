"""A picture keeps its pixels and loses everything else; traps are refused."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bot.media import images
from bot.media.images import NoPicture, drawn_again
from tests.media.images import PLACE, bomb, photo


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_time_and_camera_are_gone(kind: str) -> None:
    data = photo(kind=kind)
    assert PLACE in data
    assert opened(data).getexif().get_ifd(0x8825)
    drawn = drawn_again(data)
    picture = opened(drawn)
    assert picture.format == "JPEG"
    assert picture.size == (640, 480)
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert PLACE not in drawn
    assert b"Planted" not in drawn
    assert b"Exif" not in drawn


def test_a_photo_that_lay_on_its_side_stands_up() -> None:
    picture = opened(drawn_again(photo(orientation=6)))
    assert picture.size == (480, 640)
    red = picture.getpixel((470, 10))
    assert isinstance(red, tuple)
    assert red[0] > 200 > 60 > red[1]


def test_a_big_photo_becomes_smaller() -> None:
    assert opened(drawn_again(photo(6000, 4000))).size == (2048, 1365)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK"])
def test_every_kind_of_colour_can_be_drawn(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (20, 10)).save(out, "PNG" if mode != "CMYK" else "JPEG")
    assert opened(drawn_again(out.getvalue())).size == (20, 10)


@pytest.mark.parametrize("size", [(20, 10), (3000, 30)])
def test_greys_of_a_scanner_stay_grey(size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("I;16", size, 30_000).save(out, "PNG")
    assert opened(drawn_again(out.getvalue())).getpixel((5, 5)) == (117, 117, 117)


def test_a_big_picture_is_made_small_before_anything_is_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turned = []

    def transpose(picture: Image.Image) -> Image.Image:
        turned.append(picture.size)
        return picture.copy()

    monkeypatch.setattr(ImageOps, "exif_transpose", transpose)
    drawn_again(photo(6000, 4000, kind="PNG"))
    assert turned == [(2048, 1365)]


def test_what_is_see_through_becomes_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(drawn_again(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    data = bomb()
    assert len(data) < 200_000
    with pytest.raises(NoPicture):
        drawn_again(data)


def test_a_picture_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_BYTES", 100)
    with pytest.raises(NoPicture):
        drawn_again(photo())


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\xff\xd8\xff", b"%PDF-1.7", photo()[:400], b"<svg/>"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPicture):
        drawn_again(data)


@given(st.binary(max_size=60), st.integers(0, 600))
@settings(max_examples=80, deadline=None)
def test_whatever_comes_in_it_is_a_picture_or_none(noise: bytes, at: int) -> None:
    data = photo(64, 48)
    with contextlib.suppress(NoPicture):
        assert opened(drawn_again(data[:at] + noise + data[at + len(noise) :])).format == "JPEG"
