"""Makes `dutch.xz` from the OpenTaal list: `python make.py /usr/share/dict/dutch`."""

from __future__ import annotations

import lzma
import re
import sys
from pathlib import Path

HOME = Path(__file__).parent
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ROMAN = re.compile(r"[MDCLXVI]+")


def adjective(word: str, capitalised: set[str]) -> bool:
    """Whether a capitalised word is the adjective of a people or a place: Turks, Amsterdamse."""
    stem = word.removesuffix("e")
    return stem.endswith(("s", "sch")) and len(stem) > 4 and {stem, stem + "e"} <= capitalised


def inhabitant(word: str, stems: set[str]) -> bool:
    """Whether a capitalised word shares the stem of such an adjective: Syriër, Marokkanen."""
    ending = re.search("(m|d|n|e)?(ers?|aan|anen|[iï]?ërs?)$", word)
    return ending is not None and any(
        word[:length] in stems for length in range(max(4, ending.start()), len(word))
    )


def main(source: str) -> None:
    lines = Path(source).read_text(encoding="utf-8").split("\n")
    words = {word for word in lines if WORD.fullmatch(word)}
    capitalised = {word for word in words if word[0].isupper() and not ROMAN.fullmatch(word)}
    given = {name.capitalize() for name in (HOME / "names.txt").read_text("utf-8").split()}
    peoples = {word for word in capitalised - given if adjective(word, capitalised)}
    peoples = {word for word in peoples if not {re.sub("se?$", "", word), word[:-1]} & given}
    stems = {word.removesuffix("e").removesuffix("s") for word in peoples} | {
        word.removesuffix("e").removesuffix("isch") for word in peoples
    }
    stems = {stem for stem in stems if len(stem) >= 4}
    peoples |= {word for word in capitalised - given if inhabitant(word, stems)}
    ordinary = {word for word in words if word[0].islower()}
    peoples = {word for word in peoples if word.lower() not in ordinary}
    names = capitalised - peoples
    blob = "\n\n".join(
        "\n".join(sorted(part, key=str.encode))
        for part in (ordinary, names, {word.lower() for word in peoples})
    )
    packed = lzma.compress(blob.encode(), preset=9 | lzma.PRESET_EXTREME)
    (HOME / "dutch.xz").write_bytes(packed)
    print(len(ordinary), len(names), len(peoples), len(packed))
    if "-v" in sys.argv:
        print(*sorted(peoples))


if __name__ == "__main__":
    main(sys.argv[1])
