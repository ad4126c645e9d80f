"""Reads what teams add to guides from a folder of TOML files, and refuses what a guide forbids."""

from __future__ import annotations

from pathlib import Path

from conversations.authoring.overlay import NoOverlay, Overlay, overlay_problems, read_overlay
from conversations.guide.library import Library
from conversations.guide.problems import GuideError, Problem


def read_overlays(folder: str, library: Library) -> tuple[Overlay, ...]:
    """All overlays of a folder (empty: none). Raises GuideError, with every problem."""
    found: list[Overlay] = []
    problems: list[Problem] = []
    for path in sorted(Path(folder).glob("*.toml")) if folder else ():
        try:
            found.append(_allowed(read_overlay(path.read_text("utf-8")), library))
        except (NoOverlay, OSError, UnicodeDecodeError) as error:
            mend = "See the chapter on own questions in the handbook."
            problems.append(Problem(path.name, 1, "", "overlay", f"No overlay: {error}.", mend))
    if problems:
        raise GuideError(problems)
    return tuple(found)


def _allowed(overlay: Overlay, library: Library) -> Overlay:
    """An overlay, unless the guide forbids it. Raises NoOverlay."""
    source = library.sources.get(overlay.guide)
    if source is not None and (wrong := overlay_problems(source["guide"], overlay)):
        raise NoOverlay(wrong)
    return overlay
