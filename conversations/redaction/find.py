"""Finds what may identify someone in a story, and proposes words that keep it readable.

    spans = find("Mijn buurvrouw Fatima belde. Fatima bleef tot laat.")
    replace(text, spans)  # "Mijn buurvrouw [naam] belde. [buurvrouw] bleef tot laat."

Names in small letters without any cue are the known weakness: the teller looks, and decides.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator

from conversations.guide.spans import Span, replace
from conversations.redaction.findings import Finding, Findings
from conversations.redaction.labels import Labels
from conversations.redaction.language import english_sentences, told_in
from conversations.redaction.names import find_names
from conversations.redaction.rules import arabic_details, turkish_details
from conversations.redaction.rules.addresses import addresses, floors
from conversations.redaction.rules.arabic_addresses import storeys
from conversations.redaction.rules.dates import ages, dates
from conversations.redaction.rules.organisations import organisations
from conversations.redaction.rules.shapes import NUMBERED, SHAPES
from conversations.redaction.rules.standing import Standing, standing
from conversations.redaction.rules.unique import unique
from conversations.redaction.weights import Weights
from conversations.wordlist.load import lexicon_of, weights_of, words_of

__all__ = ["Span", "find", "redact_lines", "replace"]

_OF_SOMEBODY = ("PER", "ADDRESS", "POSTCODE")
WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹،؛؟", "01234567890123456789,;?")
"""Digits and signs of Arabic script as the rules know them; nothing moves."""


def find(text: str, language: str = "nl") -> tuple[Span, ...]:
    """Everything that may identify someone, in the order of the text, never overlapping.

    `language` is what the teller reads, and the language of what is proposed; a text that is
    clearly told in another one is read as such. The same text gives the same spans. Without
    `words` the vendored list of the language is used, read at the first call.

    Dutch is known best. In Turkish, and wherever Arabic script is written, names are seen by what
    stands beside them; in other languages only capitals in mid-sentence, known given names and
    shapes (numbers, addresses of machines, dates).
    """
    text = text.translate(WESTERN)
    told = told_in(text, language)
    script = "ar" if arabic_details.WRITTEN.search(text) else told
    found, at = Findings(), standing(text)
    before_names(at, told, script, found)
    found.add(_names(text, found, script))
    found.add(ages(at, found))
    if any(finding.kind in _OF_SOMEBODY for finding in found.sorted()):
        found.cover(floors(at))
        found.add(storeys(text) if script == "ar" else ())
    found.cover(unique(at))
    return _spans(_joined(found.sorted(), text), language, text)


def _names(text: str, found: Findings, script: str) -> list[Finding]:
    """All that is named in a text. In Dutch a sentence of English has to be told as such: to the
    Dutch lists most of its words could be names."""
    named = list(find_names(text, found, lexicon_of(script), Weights(weights_of(script)), script))
    for start, end in english_sentences(text, script) if named and script == "nl" else ():
        lexicon, weights = lexicon_of("en"), Weights(weights_of("en"))
        there = find_names(text[start:end], Findings(), lexicon, weights, "en")
        seen = [(start + each.start, start + each.end) for each in there]
        named = [
            each
            for each in named
            if not start <= each.start < end
            or any(begin < each.end and each.start < until for begin, until in seen)
        ]
    return named


def before_names(at: Standing, told: str, script: str, found: Findings) -> None:
    """All that is found by its form or by fixed words; names are looked for in what is left."""
    text = at.text
    for shape in SHAPES:
        if at.digits or shape not in NUMBERED:
            found.add(shape(at))
    if script == "ar":
        found.add(arabic_details.details(text))
    if told == "tr":
        found.add(turkish_details.details(text))
    found.add(dates(at))
    found.add(addresses(at, words_of("nl")))
    if script == "nl":
        found.add(organisations(at, words_of("nl")))


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


def _joined(findings: list[Finding], text: str) -> list[Finding]:
    """An address in pieces with nothing but a comma between them is one: a street and its floor."""
    joined: list[Finding] = []
    for finding in findings:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.kind == finding.kind == "ADDRESS"
            and not text[last.end : finding.start].strip(" ,")
        ):
            joined[-1] = dataclasses.replace(last, end=finding.end)
        else:
            joined.append(finding)
    return joined


def _spans(findings: list[Finding], language: str, text: str) -> tuple[Span, ...]:
    labels = Labels(findings, language, text)
    return tuple(
        Span(finding.start, finding.end, finding.kind, labels.of(finding), finding.reason)
        for finding in findings
    )
