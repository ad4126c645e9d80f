"""Draws a guide as a Mermaid flowchart, for people who decide about its questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conversations.guide.model import Guide, Step

_SHAPES = {
    "say": ('["', '"]'),
    "choice": ('{{"', '"}}'),
    "choices": ('{{"', '"}}'),
    "scale": ('[/"', '"\\]'),
    "triad": ('[/"', '"\\]'),
    "text": ('>"', '"]'),
    "name": ('>"', '"]'),
    "sentence": ('>"', '"]'),
    "tell": ('[("', '")]'),
    "review": ('[["', '"]]'),
    "consent": ('{"', '"}'),
    "switches": ('{"', '"}'),
}
_LONGEST = 60


Marks = Mapping[str, Mapping[str, int]]
"""How many conversations left a mark (`came`, `>next`), by question."""


def draw(guide: Guide, use: Marks | None = None) -> str:
    """The guide as a Mermaid flowchart, its words in its own language: every step a box, every
    button that leads elsewhere an arrow with its label. A dotted arrow passes a question over. With
    its `use`, boxes and arrows say how many conversations came that way."""
    use = use or {}
    lines = ["flowchart TD"]
    for step in guide.steps.values():
        left, right = ('(["', '"])') if step.end else _SHAPES[step.kind]
        lines.append(f"    {_name(step.id)}{left}{_text(step)}{_times(use, step, 'came')}{right}")
    for step in guide.steps.values():
        lines += (f"    {arrow}" for arrow in _arrows(step, use))
    lines += _classes(guide)
    return "\n".join(lines) + "\n"


def _times(use: Marks, step: Step, how: str) -> str:
    n = use.get(step.id, {}).get(how, 0)
    return f"<br/>{n} ×" if n else ""


def _arrows(step: Step, use: Marks) -> Iterator[str]:
    here = _name(step.id)
    if step.end:
        return
    ways: dict[str, list[str]] = {}
    for option in step.options:
        if step.kind == "review" and option.id == "change":
            continue
        ways.setdefault(option.goto or step.next or "", []).append(option.label)
    branches = len(ways) > 1
    for target, labels in ways.items():
        if target:
            label = _label(labels, _times(use, step, f">{target}")) if branches else ""
            yield f"{here} -->{label} {_name(target)}"
    if not ways and step.next:
        yield f"{here} --> {_name(step.next)}"
    if step.skip and step.skip.goto:
        yield f"{here} -.->{_label([step.skip.label])} {_name(step.skip.goto)}"
    if step.when and step.next:
        yield f"{here} -.-> {_name(step.next)}"


def _classes(guide: Guide) -> Iterator[str]:
    """Consents and ends stand out."""
    for name, style, steps in (
        (
            "consent",
            "fill:#fff3cd,stroke:#8a6d00",
            [s for s in guide.steps.values() if s.kind in ("consent", "switches")],
        ),
        ("goodbye", "fill:#e2ecf7,stroke:#2f5d8a", [s for s in guide.steps.values() if s.end]),
    ):
        if steps:
            yield f"    classDef {name} {style}"
            yield f"    class {','.join(_name(step.id) for step in steps)} {name}"


def _text(step: Step) -> str:
    said = " ".join(step.say.split())
    short = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
    return f"{_safe(step.id)}<br/>{_safe(short)}"


def _label(labels: list[str], times: str = "") -> str:
    return f'|"{_safe(" / ".join(labels))}{times}"|'


def _name(step_id: str) -> str:
    """A name that is no word of Mermaid itself, such as `end`."""
    return f"s_{step_id}"


def _safe(text: str) -> str:
    """Mermaid writes quotes and brackets as entities."""
    for char, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(char, entity)
    return text.replace("{", "#123;").replace("}", "#125;")
