"""QR codes as pictures. Posters to print stand apart: what draws them is slow to load."""

from __future__ import annotations

import io

import segno

QUIET = 4
"""The white edge that a scanner needs, in modules."""

INK = "#27211b"
"""The colour of the modules, as that of text on paper."""


def png(link: str, scale: int = 10) -> bytes:
    """The QR code as PNG; `scale` in pixels per module."""
    out = io.BytesIO()
    symbol(link).save(out, kind="png", scale=scale, border=QUIET, dark=INK)
    return out.getvalue()


def svg(link: str) -> str:
    """The QR code as SVG that takes the size of its place."""
    out = io.BytesIO()
    symbol(link).save(
        out, kind="svg", border=QUIET, dark=INK, light="#fff", xmldecl=False, omitsize=True
    )
    return out.getvalue().decode()


def symbol(link: str) -> segno.QRCode:
    """The code itself, as modules."""
    return segno.make_qr(link, error="m")
