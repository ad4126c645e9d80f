"""Typesets a pack, in the process that draws the pictures. It loads this and little else; what
typesets (the extra `packs`) is loaded when the first one is drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

TEMPLATE = Path(__file__).with_name("pack.typ")


@dataclass(frozen=True, slots=True)
class SessionPack:
    """All that is typeset. `data` holds texts, numbers and pictures of codes, by name."""

    DRAWN_BY: ClassVar[str] = __name__

    data: Mapping[str, object]


def draw(pack: SessionPack) -> bytes:
    """The PDF. Letters come from what the product brings, never from the machine."""
    import typst

    return bytes(
        typst.compile(
            str(TEMPLATE),
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(dict(pack.data))},
        )
    )


def fonts() -> list[str]:
    """Ours, and what the pictures bring for letters that it does not have."""
    found = [str(files("font_source_sans_pro") / "files")]
    drawing = find_spec("matplotlib")
    if drawing is not None and drawing.origin is not None:
        found.append(str(Path(drawing.origin).parent / "mpl-data" / "fonts" / "ttf"))
    return found
