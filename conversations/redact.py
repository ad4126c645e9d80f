"""Finds what may identify someone in a story, and proposes words that keep it readable.

    spans = find("Mijn buurvrouw Fatima belde. Fatima bleef tot laat.")
    replace(text, spans)  # "Mijn buurvrouw [naam] belde. [buurvrouw] bleef tot laat."

Names in small letters without any cue are the known weakness: the teller looks, and decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from conversations.redaction import arabic, arabic_details, turkish
from conversations.redaction.abroad import names_only
from conversations.redaction.dates import ages, dates
from conversations.redaction.finding import Finding, Found
from conversations.redaction.labels import Labels
from conversations.redaction.patterns import SHAPES
from conversations.redaction.people import People
from conversations.redaction.sites import addresses, numbered_streets, organisations, towns
from conversations.redaction.tokens import tokenise
from conversations.redaction.told import told_in
from conversations.spans import Span, replace
from conversations.wordlist import WordList
from conversations.wordlist.load import words_of

__all__ = ["Span", "find", "redact_lines", "replace"]

_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹،؛؟", "01234567890123456789,;?")
"""Digits and signs of Arabic script as the rules know them; nothing moves."""


def find(text: str, language: str = "nl", words: WordList | None = None) -> tuple[Span, ...]:
    """Everything that may identify someone, in the order of the text, never overlapping.

    `language` is what the teller reads, and the language of what is proposed; a text that is
    clearly told in another one is read as such. The same text gives the same spans. Without
    `words` the vendored list of the language is used, read at the first call.

    Dutch is known best. In Turkish, and wherever Arabic script is written, names are seen by what
    stands beside them; in other languages only capitals in mid-sentence, known given names and
    shapes (numbers, addresses of machines, dates).
    """
    text = text.translate(_WESTERN)
    told = told_in(text, language)
    words = words or words_of("nl" if told == "nl" else "")
    found = Found()
    for shape in SHAPES:
        found.add(shape(text))
    if arabic.WRITTEN.search(text):
        for rule in (arabic_details.details, arabic.names, arabic.towns):
            found.add(rule(text))
    if told == "tr":
        found.add(turkish.details(text))
    found.add(dates(text))
    if words.knows_words:
        found.add(addresses(text, words))
        found.add(organisations(text, words))
        _names(found, text, words)
    else:
        _names_abroad(found, text, words, told)
    found.add(ages(text, found))
    return _spans(found.sorted(), language)


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


def _names(found: Found, text: str, words: WordList) -> None:
    tokens = tokenise(text)
    found.add(towns(tokens, text, words))
    found.add(People(tokens, found, words).find())


def _names_abroad(found: Found, text: str, words: WordList, language: str) -> None:
    """Without a list of ordinary words."""
    found.add(numbered_streets(text))
    if language == "tr":
        found.add(turkish.names(text, words))
        text = text.translate(turkish.ENDINGS_APART)
    tokens = tokenise(text)
    found.add(names_only(towns(tokens, text, words), text, language))
    people = names_only(People(tokens, found, words).find(), text, language)
    if language == "tr":
        people = turkish.not_words(people, tokens)
    found.add(people)


def _spans(findings: list[Finding], language: str) -> tuple[Span, ...]:
    labels = Labels(findings, language)
    return tuple(
        Span(finding.start, finding.end, finding.kind, labels.of(finding)) for finding in findings
    )
