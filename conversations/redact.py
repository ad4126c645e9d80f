"""Finds what may identify someone in a story, and proposes words that keep it readable.

    spans = find("Mijn buurvrouw Fatima belde. Fatima bleef tot laat.")
    replace(text, spans)  # "Mijn buurvrouw [naam] belde. [buurvrouw] bleef tot laat."

Names in small letters without any cue are the known weakness: the teller looks, and decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from conversations.redaction.abroad import names_only
from conversations.redaction.dates import ages, dates
from conversations.redaction.finding import Finding, Found
from conversations.redaction.labels import Labels
from conversations.redaction.patterns import SHAPES
from conversations.redaction.people import People
from conversations.redaction.sites import addresses, organisations, towns
from conversations.redaction.tokens import tokenise
from conversations.spans import Span, replace
from conversations.wordlist import WordList
from conversations.wordlist.load import words_of

__all__ = ["Span", "find", "redact_lines", "replace"]


def find(text: str, language: str = "nl", words: WordList | None = None) -> tuple[Span, ...]:
    """Everything that may identify someone, in the order of the text, never overlapping.

    The same text gives the same spans. Without `words` the vendored list of the language is used,
    read at the first call. In other languages than Dutch only capitals in mid-sentence, known
    given names and shapes (numbers, addresses of machines, dates) are seen.
    """
    words = words or words_of("nl" if language == "nl" else "")
    found = Found()
    for shape in SHAPES:
        found.add(shape(text))
    found.add(dates(text))
    tokens = tokenise(text)
    if words.knows_words:
        found.add(addresses(text, words))
        found.add(organisations(text, words))
    found.add(towns(tokens, text, words))
    found.add(People(tokens, found, words).find())
    found.add(ages(text, found))
    findings = found.sorted()
    return _spans(
        findings if words.knows_words else [*names_only(findings, text, language)], language
    )


def redact_lines(lines: Iterable[str]) -> Iterator[str]:
    """JSON lines `{"id", "text"}` in, `{"id", "spans": [{"start", "end", "kind"}]}` out.

    An optional "lang" chooses the language. Raises ValueError with the number of a line that is
    not such an object; its text is never repeated.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            identifier, text = asked["id"], asked["text"]
            spans = find(text, str(asked.get("lang", "nl")))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f'line {number} is no JSON object with "id" and "text"') from None
        yield json.dumps(
            {
                "id": identifier,
                "spans": [{"start": s.start, "end": s.end, "kind": s.kind} for s in spans],
            },
            ensure_ascii=False,
        )


def _spans(findings: list[Finding], language: str) -> tuple[Span, ...]:
    labels = Labels(findings, language)
    return tuple(
        Span(finding.start, finding.end, finding.kind, labels.of(finding)) for finding in findings
    )
