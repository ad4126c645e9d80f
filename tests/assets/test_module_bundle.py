from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.assets.module_bundle import BundleError, bundle

INNER = """// A module.
/** Several
 * lines. */
export const one = 1;
const hidden = 2;
export function two() {
  return one + hidden; // said
}
"""
OUTER = """import {
  one,
  two as zwei,
} from "./inner.js";
import "./inner.js";

const hidden = `a
  // no comment
b`;
export class Three {}
"""


def written(folder: Path, **sources: str) -> Path:
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source)
    return folder / "outer.js"


def test_a_module_comes_once_after_what_it_imports_and_keeps_its_names(tmp_path: Path) -> None:
    script, _ = bundle(written(tmp_path, inner=INNER, outer=OUTER))
    assert script.count("function inner_js()") == 1
    assert script.index("return { one, two };") < script.index(
        "const { one, two: zwei, } = inner_js;"
    )
    assert "return { Three };" in script
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


def test_comments_go_but_not_what_looks_like_one_in_a_text(tmp_path: Path) -> None:
    script, _ = bundle(written(tmp_path, inner=INNER, outer=OUTER))
    assert "A module." not in script
    assert "Several" not in script
    assert "`a\n  // no comment\nb`" in script


def test_the_map_leads_each_line_to_the_line_of_its_module(tmp_path: Path) -> None:
    sources = {"inner": INNER, "outer": OUTER}
    script, source_map = bundle(written(tmp_path, **sources))
    lines = script.splitlines()
    for section in json.loads(source_map)["sections"]:
        source = sources[Path(section["map"]["sources"][0]).stem].splitlines()
        first = section["offset"]["line"]
        for name in ("return one + hidden", "class Three", "const hidden"):
            if found := [number for number, line in enumerate(source) if name in line]:
                assert name in lines[first + found[0]]
        assert len(section["map"]["mappings"].split(";")) == len(source) + 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("export default 1;", "outer.js.*export default 1"),
        ("export { a };", "outer.js.*export"),
        ("export let a = 1;", "outer.js.*export let"),
        ('import all from "./inner.js";', "outer.js.*import all"),
        ('const a = await import("./inner.js");', "outer.js.*import"),
        ('import "./outer.js";', "outer > outer"),
    ],
)
def test_what_cannot_be_bundled_is_refused_by_name(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(BundleError, match=said):
        bundle(written(tmp_path, inner=INNER, outer=source))
