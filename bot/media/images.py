"""Re-encodes a picture: the same to the eye, without metadata."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""More than a phone makes; a small file that claims more is a trap."""
LONGEST_SIDE = 2048
"""Pixels of the longer side of what is kept."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85


class NoPicture(Exception):
    """It cannot be opened, or is too much to open."""


def drawn_again(data: bytes) -> bytes:
    """A JPEG of the picture, upright and at most `LONGEST_SIDE` pixels long, without its metadata
    (place, time, camera, thumbnail). Raises NoPicture. Takes up to a second: call it in a thread.
    """
    if len(data) > MOST_BYTES:
        raise NoPicture("too many bytes")
    try:
        paper = _paper(data)
    except NoPicture:
        raise
    except Exception:  # whatever a decoder makes of what a stranger sent
        raise NoPicture("unknown or damaged") from None
    drawn = io.BytesIO()
    paper.save(drawn, "JPEG", quality=_QUALITY, optimize=True)
    return drawn.getvalue()


def _paper(data: bytes) -> Image:
    """A new picture with the pixels of this one, and nothing else of the file."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPicture("too many pixels")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: it may be 50 million pixels
            upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):  # greys of 16 bits, as scanners make them
        upright = upright.convert("I").point(lambda grey: grey / 256).convert("L")
    paper = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        colours = upright.convert("RGBA")
        paper.paste(colours, mask=colours.getchannel("A"))
    else:
        paper.paste(upright.convert("RGB"))
    return paper
