"""People, places, organisations and addresses: every word of a story is weighed by all that speaks
for and against it, and what is found is made whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conversations.redaction.complete import complete
from conversations.redaction.evidence import ORGANISATIONS, Evidence
from conversations.redaction.findings import Finding, Findings
from conversations.redaction.tokens import Token, tokenise
from conversations.redaction.weights import LABELS, Weights
from conversations.redaction.whole import LONG_INITIALS, runs
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import Lexicon

_ROLE_IS_TITLE = words_in("""
    ambulant jongen kind maatschappelijk man meisje meneer mevrouw sociaal vrouw werker
""")
_FAMILY_FIRST = frozenset(("betreft", "inzake", "naam", "cliënt", "client"))
_REASONS = {
    **dict.fromkeys(("naming", "cuen", "aftern", "lab", "apart", "joined"), "list"),
    **dict.fromkeys(("before", "cue", "two", "between", "left", "person2"), "before"),
    **dict.fromkeys(("after", "afterc", "right"), "behind"),
    **dict.fromkeys(("label", "labels"), "rest"),
    "elsewhere": "elsewhere",
}
"""What a finding rests on, by the name of its strongest evidence."""
_APOSTROPHES = ("'", "’", "‘", "`")
_BEHIND_SURNAME = words_in("ter ten van vd v")
"""What stands behind a surname that is written first ("Beek, ter")."""
_LABEL = {"PLACE": "place", "ORG": "organisation", "ADDRESS": "address"}
_ORG_LABEL = {
    "school": "school",
    "care": "home",
    "centre": "centre",
    "faith": "faith",
    "club": "club",
}


def read(
    text: str, found: Findings, lexicon: Lexicon, language: str
) -> tuple[list[Token], Evidence]:
    """The words of a text with the evidence about them; what was found before is out of play."""
    tokens = tokenise(text, language)
    taken = found.kinds_at([(token.start, token.end) for token in tokens])
    lexicon.mark_public([token.lower for token in tokens], taken)
    return tokens, Evidence(tokens, lexicon, taken)


def label(
    tokens: list[Token], evidence: Evidence, weights: Weights
) -> tuple[list[str], dict[int, str]]:
    """A label for every word, from the first to the last, and what those of names rest on."""
    labels: list[str] = []
    reasons: dict[int, str] = {}
    one = two = "^"
    for at in range(len(tokens)):
        best = "-"
        if evidence.active[at]:
            said = evidence.of(at, one, two)
            scores = weights.scores(said)
            scores[1] += evidence.lean(at)
            highest = max(range(len(LABELS)), key=scores.__getitem__)
            best = LABELS[highest]
            if highest:
                reason = _REASONS.get(weights.strongest(said, highest), "word")
                listed = evidence.kinds[at][1] == "-" and reason == "list"
                announced = listed or reason in ("word", "behind")
                announced = announced and evidence.is_announced(at)
                reasons[at] = "before" if announced else reason
        labels.append(best)
        one, two = best, one
    return labels, reasons


def find_names(
    text: str, found: Findings, lexicon: Lexicon, weights: Weights, language: str = "nl"
) -> Iterator[Finding]:
    """All that is named in a text."""
    tokens, evidence = read(text, found, lexicon, language)
    labels, reasons = label(tokens, evidence, weights)
    complete(tokens, labels, evidence, lexicon)
    for kind in LABELS[1:]:
        for first, last in runs(labels, kind):
            reason = next((reasons[at] for at in range(first, last) if at in reasons), "rest")
            for found_ in _findings(tokens, evidence, kind, first, last):
                finding = replace(found_, reason=reason)
                role = finding.role if language == "nl" else ""
                yield _with_point(replace(finding, role=role), text)


def _findings(
    tokens: list[Token], evidence: Evidence, kind: str, first: int, last: int
) -> Iterator[Finding]:
    """What a row of equal labels holds: a sign between two words ends a name."""
    start = first
    for at in range(first + 1, last + 1):
        listed = (
            first
            and kind == "PER"
            and (":" in tokens[first].gap or tokens[first - 1].lower in _FAMILY_FIRST)
        )
        if at == last or not (
            _holds_together(tokens[at - 1], tokens[at], kind) or (listed and tokens[at].gap == ", ")
        ):
            yield _finding(tokens, evidence, kind, start, at)
            start = at


def _with_point(finding: Finding, text: str) -> Finding:
    """With the point behind a last initial ("Yonas M.")."""
    last = text[finding.end - 1]
    initial = text[finding.end - 2 : finding.end - 1] == " " and last.isalpha()
    point = finding.kind == "PER" and initial and text[finding.end : finding.end + 1] == "."
    return replace(finding, end=finding.end + 1) if point else finding


def _holds_together(one: Token, other: Token, kind: str) -> bool:
    gap, bare = other.gap, other.gap.strip()
    if "\n" in gap or other.bare_start > other.start:
        return False
    if bare == "/":
        married = one.lower == "e" and other.lower == "v"
        return kind == "PER" and (married or (gap == "/" and one.text[0].isupper()))
    if bare == ".":
        return (
            len(one.text.replace("ـ", "")) == 1
            or one.text in LONG_INITIALS
            or gap == "."
            or kind == "ADDRESS"
        )
    if bare == ",":
        inverted = len(other.text) == 1 or other.text in _BEHIND_SURNAME
        return kind == "ADDRESS" or (kind == "PER" and inverted)
    return bare in ("", "-", "'", "’", "&")


def _finding(tokens: list[Token], evidence: Evidence, kind: str, first: int, last: int) -> Finding:
    start, end = tokens[first].bare_start, tokens[last - 1].bare_end
    if len(tokens[first].text) == 1 and tokens[first].gap[-1:] in _APOSTROPHES:
        start -= 1  # "'t Hart"
    if kind != "PER":
        word = _LABEL[kind]
        if kind == "ORG":
            word = next(
                (
                    _ORG_LABEL.get(cue, word)
                    for cue in evidence.cues[first:last]
                    if cue in ORGANISATIONS
                ),
                word,
            )
        return Finding(start, end, kind, word)
    role = ""
    if (
        first
        and tokens[first].gap in (" ", ", ", " (")
        and evidence.cues[first - 1] in ("kin", "job", "title")
    ):
        before = tokens[first - 1].lower
        role = "" if before in _ROLE_IS_TITLE or evidence.cues[first - 1] == "title" else before
    return Finding(start, end, kind, "name", tokens[first].lower, role)
