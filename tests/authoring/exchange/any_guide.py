"""Guides of any shape: all kinds of steps, jumps and conditions, and languages with gaps."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from conversations.guide.builder import fields

LANGUAGES = ("en", "tr", "ar", "fy", "pap")
ODD = ["=1+1", "123", "1.0", "TRUE", "ja", "2026-12-01", "'", "a | b", "${q}", "@x", "-", "#"]
_LETTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"),
    exclude_characters="\ufffe\uffff",
)
words = st.one_of(
    st.sampled_from(ODD),
    st.text(_LETTERS, min_size=1, max_size=20).filter(lambda t: t == t.strip() != ""),
)
KINDS = (
    "say", "choice", "choices", "scale", "triad", "text", "tell", "name", "sentence", "consent",
    "switches", "review",
)  # fmt: skip


@st.composite
def guides_of_any_kind(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The data of a guide as its file holds it, and its translations."""
    count = draw(st.integers(1, 8))
    names = [f"q{place}" for place in range(count)]
    steps: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        later = names[place + 1 :]
        steps.append(draw(_step(name, later, steps)))
    data = {
        "id": "form",
        "form": draw(st.sampled_from(["je", "u"])),
        "kind": draw(st.sampled_from(["visit", "resident"])),
        "title": draw(words),
        "minutes": draw(st.sampled_from([3, 4.5, 10])),
        "step": steps,
    }
    dutch = fields(data)
    texts = {
        language: {key: draw(words) for key in dutch if draw(st.booleans())}
        for language in draw(st.lists(st.sampled_from(LANGUAGES), max_size=3, unique=True))
    }
    return data, {language: said for language, said in texts.items() if said}


@st.composite
def _step(draw: st.DrawFn, name: str, later: list[str], before: list[dict[str, Any]]) -> Any:
    kind = draw(st.sampled_from(KINDS))
    step: dict[str, Any] = {"id": name, "kind": kind, "say": draw(words)}
    maybe = st.booleans()
    if kind in ("choice", "choices", "consent", "switches", "review"):
        ids = ["yes", "no", "o3", "o4"][: draw(st.integers(2, 4))]
        step["options"] = [draw(_option(each, kind, later)) for each in ids]
    if kind in ("scale", "triad"):
        ids = ["low", "high", "third"][: 2 if kind == "scale" else 3]
        step["poles"] = [{"id": each, "label": draw(words)} for each in ids]
    if kind in ("choices", "text", "name", "sentence", "tell") and draw(maybe):
        step["max"] = draw(st.integers(1, 600))
    if kind == "consent":
        step["purpose"] = draw(st.sampled_from(["keep", "team", "quote"]))
    if kind not in ("say", "review", "consent", "switches", "tell"):
        if draw(maybe):
            step["short"] = draw(words)
        if draw(maybe):
            label = draw(words)
            table = {"label": label, **({"goto": later[0]} if later else {}), "reply": draw(words)}
            skips: list[Any] = [True, False, label, table]
            step["skip"] = draw(st.sampled_from(skips))
    if kind in ("choice", "choices") and draw(maybe):
        step["other"] = draw(maybe)
    if kind == "say" and draw(maybe):
        step |= {"end": True, "erase": draw(maybe)}
    if later and not step.get("end") and draw(maybe):
        step["goto"] = draw(st.sampled_from(later))
    asked = [each for each in before if each["kind"] in ("choice", "choices")]
    hangs: bool = draw(maybe)
    if asked and hangs:
        one, other = (asked[draw(st.integers(0, len(asked) - 1))] for _ in range(2))
        both = f"{one['id']} = yes and {other['id']} != no or {other['id']}"
        step["when"] = both if draw(maybe) else one["id"]
    return step


@st.composite
def _option(draw: st.DrawFn, option: str, kind: str, later: list[str]) -> Any:
    made = {"id": option, "label": draw(words)}
    if kind == "switches":
        return made | {"say": draw(words)}
    if later and kind != "choices" and draw(st.booleans()):
        made["goto"] = draw(st.sampled_from(later))
    if draw(st.booleans()):
        made["reply"] = draw(words)
    return made
