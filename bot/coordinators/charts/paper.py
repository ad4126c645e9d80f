"""The paper, ink and letters of every picture, and how it becomes PNG or SVG."""

from __future__ import annotations

import io
import re
import textwrap
from importlib.resources import as_file, files

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH = 3.9
"""Inches of a picture in a page: on a phone its letters are as large as those around it."""
PAPER = "#fffdf9"
INK = "#27211b"
SOFT = "#675d51"
LINE = "#e6ddcf"
ACCENT = "#1d5c56"
PALE = "#b9cfc8"
WARM = "#c8743c"

_STYLE = re.compile(r' style="([^"]*)"')
_FONT = re.compile(r"(?:(\d+) )?([\d.]+)px (.*)")
_HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_META = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_NAMED = re.compile(r'<g id="[A-Za-z_]+_\d+"')
_RULES = re.compile(r'<style type="text/css">.*?</style>', re.DOTALL)


def letters() -> str:
    """The letters of a picture that brings its own, as PNG does."""
    for name in ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"):
        with as_file(files("font_source_sans_pro") / "files" / name) as path:
            font_manager.fontManager.addfont(str(path))
    return "Source Sans Pro"


mpl.rcParams.update(
    {
        "font.family": "DejaVu Sans",  # wide: what a page puts in its place fits
        "font.size": 11,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": LINE,
        "axes.facecolor": PAPER,
        "figure.facecolor": PAPER,
        "xtick.color": SOFT,
        "ytick.color": INK,
        "xtick.labelcolor": INK,
        "svg.fonttype": "none",
        "svg.hashsalt": "vertelbot",
    }
)


def sheet(width: float, height: float, *, fixed: bool = False) -> Figure:
    """An empty figure, in inches; `fixed`: everything is placed by hand."""
    return Figure(figsize=(width, height), layout=None if fixed else "constrained")


def folded(text: str, width: int = 20) -> str:
    """A label on as many lines as it needs beside another."""
    return "\n".join(textwrap.wrap(text, width))


def plain(axes: Axes, *, left: bool = False, bottom: bool = True) -> None:
    """Only the lines that help."""
    for side, spine in axes.spines.items():
        spine.set_visible((side == "left" and left) or (side == "bottom" and bottom))
    axes.tick_params(length=0)


def png(figure: Figure, dpi: int = 200) -> bytes:
    made = io.BytesIO()
    figure.savefig(made, format="png", dpi=dpi, metadata={"Software": None})
    return made.getvalue()


def svg(figure: Figure, title: str, about: str) -> str:
    """An SVG to stand in a page beside a table with the same numbers and links, which is what who
    does not see it uses. Its looks are attributes: the page allows no styles inside it."""
    made = io.StringIO()
    figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    text = _META.sub("", _RULES.sub("", _HEAD.sub("", made.getvalue(), count=1)))
    text = _STYLE.sub(lambda match: _attributes(match[1]), text)
    text = text.replace("xlink:href", "href").replace(' target="_blank"', ' tabindex="-1"')
    text = _NAMED.sub("<g", text)
    head, _, rest = text.partition(">")
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    named = f'{head} aria-hidden="true" focusable="false" class="chart">'
    return f"{named}<title>{_escape(title)}</title><desc>{_escape(about)}</desc>{rest}"


def _attributes(style: str) -> str:
    """`fill: #fff; stroke: none` as attributes."""
    made = {}
    for rule in style.split(";"):
        name, _, value = rule.partition(":")
        name, value = name.strip(), value.strip()
        if name == "font":
            match = _FONT.search(value)
            if match:
                made["font-size"] = match[2]
                if match[1]:
                    made["font-weight"] = match[1]
        elif name:
            made[name] = value
    return "".join(f' {name}="{_escape(value)}"' for name, value in made.items())


def _escape(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
