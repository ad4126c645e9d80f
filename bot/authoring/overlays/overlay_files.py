"""Reads what teams add to guides from a folder of TOML files, and refuses what a guide forbids."""

from __future__ import annotations

from pathlib import Path

from bot.authoring.overlays.overlay_report import overlay_report
from conversations.authoring.overlay import (
    NoOverlay,
    Overlay,
    OverlayProblem,
    overlay_problems,
    read_overlay,
)
from conversations.guide.library import Library
from conversations.guide.parsing import unreadable
from conversations.guide.problems import GuideError, Problem


def read_overlays(folder: str, library: Library) -> tuple[Overlay, ...]:
    """All overlays of a folder (empty: none). Raises GuideError, with every problem."""
    found: list[Overlay] = []
    problems: list[Problem] = []
    for path in sorted(Path(folder).glob("*.toml")) if folder else ():
        try:
            raw = path.read_bytes()
        except OSError:
            problems += overlay_report(path.name, "", [OverlayProblem("unreadable")])
            continue
        text = raw.decode("utf-8-sig", "replace")
        if "\ufffd" in text and b"\xef\xbf\xbd" not in raw:
            line = text.count("\n", 0, text.index("\ufffd")) + 1
            problems.append(unreadable(path.name, line, "utf8"))
            continue
        try:
            found.append(_allowed(read_overlay(text), library))
        except NoOverlay as error:
            problems += overlay_report(path.name, text, error.problems)
    if problems:
        raise GuideError(problems)
    return tuple(found)


def _allowed(overlay: Overlay, library: Library) -> Overlay:
    """An overlay, unless the guide forbids it. Raises NoOverlay."""
    source = library.sources.get(overlay.guide)
    if source is not None and (wrong := overlay_problems(source["guide"], overlay)):
        raise NoOverlay(wrong)
    return overlay
