"""Checks the text of one guide, in memory: everything at once, for a file, a page or a command."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from conversations.checks.advice import advice
from conversations.checks.burden import Burden, burden, burden_problems
from conversations.checks.lint_paths import path_findings
from conversations.checks.lint_steps import step_findings
from conversations.checks.lint_words import SLOTS, guide_word_findings, slots
from conversations.checks.sentence_readings import SentenceReading, sentence_readings
from conversations.checks.walk.explore import Exploration, explore
from conversations.guide.builder import build_guide, fields
from conversations.guide.library import DUTCH, Library
from conversations.guide.loading import help_lines, load_guides
from conversations.guide.model import Guide, Phrases
from conversations.guide.parsing import GuideFile, parse_guide, unreadable_po
from conversations.guide.po import NotPo, PoEntry, parse_entries
from conversations.guide.problem_texts import all_in_language, make_problem
from conversations.guide.problems import Flaw, Problem
from conversations.guide.schema import lines_of_steps

NOT_WALKED = Exploration((), 0, ())


@dataclass(frozen=True, slots=True)
class GuideCheck:
    """What an author is told of a guide. `guides` are the guide by language, Dutch first: empty
    when it cannot be told. `burden` is there when it can; `walked` when every state was asked for
    too. A guide without `problems` keeps every promise, once it was walked."""

    file: GuideFile | None
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    readings: tuple[SentenceReading, ...]
    guides: tuple[Guide, ...]
    burden: Mapping[str, Burden]
    walked: Exploration

    @property
    def ok(self) -> bool:
        return not self.problems


def check_guide(
    name: str,
    text: str | bytes,
    translations: Mapping[str, bytes] | None = None,
    *,
    words_only: bool = False,
    walk: bool = False,
    language: str = "en",
    library: Library | None = None,
) -> GuideCheck:
    """Check the text of a guide with its translations (PO files by language).

    `name` is how its file is called in problems. `words_only` looks at shape and words alone, which
    is what changes with every letter that is typed; `walk` asks for every state as well. Problems
    are told in `language`; the fixed sentences are those of `library` (ours).
    """
    known = library or load_guides()
    parsed = parse_guide(name, text)
    if parsed.rest is None:
        return _unbuilt(all_in_language(parsed.problems, language))
    spoilt = spoilt_steps(parsed.rest, parsed.problems)
    phrases = known.phrases(DUTCH)
    problems = list(parsed.problems)
    found = guide_problems(parsed.rest, phrases, spoilt, paths=not words_only)
    problems += (each for each in found if not known_already(each, spoilt))
    texts: dict[str, dict[str, str]] = {}
    for spoken, content in (translations or {}).items():
        path = f"locales/{spoken}/{parsed.rest.id}.po"
        try:
            entries = parse_entries(content, spoken)
        except NotPo as error:
            problems.append(unreadable_po(path, error))
            continue
        texts[spoken] = {entry.context: entry.text for entry in entries if entry.text}
        said = known.phrases(spoken)
        said = said if said.language == spoken else Phrases(spoken, phrases.sentences)
        problems += translation_problems(path, entries, parsed.rest, said)
    readings = tuple(sentence_readings(fields(parsed.rest.data), phrases))
    found_advice: list[Problem] = []
    built: tuple[Guide, ...] = ()
    heavy: dict[str, Burden] = {}
    walked = NOT_WALKED
    if parsed.file and not words_only and _goes_forward(problems):
        built = tuple(_built(parsed.file, texts, known))
        found_advice = list(found_at(parsed.file, advice(built[0])))
        if not problems:
            heavy = {guide.language: burden(guide) for guide in built}
            for guide in built:
                told = burden_problems(guide, heavy[guide.language])
                problems += at_its_line(parsed.file, told)
        if walk and not problems:
            walked = explore(*built)
            problems += at_its_line(parsed.file, walked.problems)
    return GuideCheck(
        parsed.file,
        tuple(all_in_language(_sorted(name, problems), language)),
        tuple(all_in_language(found_advice, language)),
        readings,
        built,
        heavy,
        walked,
    )


def guide_problems(
    file: GuideFile, phrases: Phrases, spoilt: Collection[str] = (), *, paths: bool = True
) -> Iterator[Problem]:
    """The checks of a guide as it stands in its file, in Dutch. Of `spoilt` steps it is known
    already that they are not what they should be; a star among them: some could not be read."""
    lines = lines_of_steps(file.text)
    built = build_guide(file.data, {}, phrases)
    if paths and "*" not in spoilt:
        yield from found_at(file, path_findings(built))
    yield from found_at(file, step_findings(built))
    for found in guide_word_findings(fields(file.data), phrases, SLOTS | help_slots()):
        step = step_of(found.at)
        yield make_problem(file.name, lines.get(step, 1), found, step)


def translation_problems(
    name: str, entries: list[PoEntry] | None, guide: GuideFile, phrases: Phrases
) -> Iterator[Problem]:
    """The checks of a guide in another language: complete, up to date, and as plain."""
    if entries is None:
        slots_of = {"guide": guide.id, "language": phrases.language}
        yield make_problem(name, 1, Flaw("", "no-translation", slots_of))
        return
    dutch = fields(guide.data)
    found = {entry.context: entry for entry in entries}
    problem = place_in(name, {key: entry.line for key, entry in found.items()})
    for key, words in dutch.items():
        entry = found.get(key)
        if entry is None or not entry.text:
            yield problem(Flaw(key, "translation-missing", {"key": key}))
        elif entry.id != words:
            yield problem(Flaw(key, "translation-outdated", {"key": key, "words": words}))
        elif entry.doubted:
            yield problem(Flaw(key, "translation-doubted", {"key": key}))
        elif slots(entry.text) != slots(words):
            yield problem(Flaw(key, "translation-slots", {"key": key, "slots": listed(words)}))
    for key in sorted(found.keys() - dutch.keys()):
        yield problem(Flaw(key, "translation-unknown", {"key": key}))
    texts = {key: found[key].text for key in dutch if key in found and found[key].text}
    for each in translated_flaws(guide, texts, phrases):
        yield problem(each)


def translated_flaws(
    guide: GuideFile, texts: Mapping[str, str], phrases: Phrases
) -> Iterator[Flaw]:
    """What is wrong with the words of a translation by themselves, by the name of their text; a
    label that reads as one of our buttons by its step."""
    dutch = fields(guide.data)
    for each in guide_word_findings(texts, phrases, SLOTS | help_slots()):
        if each.code not in PLAINNESS or not texts[each.at].startswith(dutch[each.at]):
            yield each
    for each in step_findings(build_guide(guide.data, texts, phrases)):
        if each.code == "label-twice":
            yield each


def slot_flaws(guide: GuideFile, texts: Mapping[str, str]) -> Iterator[Flaw]:
    """Translations in which something else is filled in than in their Dutch."""
    for key, words in fields(guide.data).items():
        if key in texts and slots(texts[key]) != slots(words):
            yield Flaw(key, "translation-slots", {"key": key, "slots": listed(words)})


PLAINNESS = ("long-sentence", "long-word", "not-plain", "other-letters")
"""What is measured by the language of a text. What is said in Dutch until it is translated was
measured as Dutch."""


def at_its_line(file: GuideFile, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of the walk and of the burden, each at the line of its question."""
    lines = lines_of_steps(file.text)
    return [replace(each, file=file.name, line=lines.get(each.step, 1)) for each in problems]


def place_in(name: str, lines: Mapping[str, int]) -> Callable[[Flaw], Problem]:
    """Makes problems in a file of which it is known where each text stands."""

    def problem(found: Flaw) -> Problem:
        return make_problem(name, lines.get(found.at, 1), found, step_of(found.at))

    return problem


def step_of(key: str) -> str:
    """The step, or the fixed sentence, that a text belongs to; empty for the guide itself."""
    step = key.partition(".")[0]
    return "" if step == "guide" else step


def help_slots() -> frozenset[str]:
    return frozenset(line["id"] for line in help_lines()["line"])


def listed(text: str) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(slots(text))) or "–"


def _unbuilt(problems: Iterable[Problem]) -> GuideCheck:
    return GuideCheck(None, tuple(problems), (), (), (), {}, NOT_WALKED)


def _built(
    file: GuideFile, texts: Mapping[str, Mapping[str, str]], known: Library
) -> Iterator[Guide]:
    numbers = {line["id"]: line["number"] for line in help_lines()["line"]}
    for language in (DUTCH, *sorted(texts.keys() - {DUTCH})):
        phrases = known.phrases(language)
        if phrases.language == language:
            yield build_guide(file.data, texts.get(language, {}), phrases, "", numbers)


def found_at(file: GuideFile, findings: Iterable[Flaw]) -> Iterator[Problem]:
    """What was found in the steps of a guide, each at its line."""
    lines = lines_of_steps(file.text)
    for found in findings:
        yield make_problem(file.name, lines.get(found.at, 1), found)


def _goes_forward(problems: Iterable[Problem]) -> bool:
    return not any(each.code in ("goto-back", "when-later") for each in problems)


def spoilt_steps(rest: GuideFile, problems: Iterable[Problem]) -> frozenset[str]:
    """The steps that have a problem in their shape; a star when some are not there at all."""
    found = {each.step for each in problems} - {""}
    there = {step["id"] for step in rest.data["step"]}
    lost = any(each.code in _LOST and not each.step for each in problems)
    return frozenset(found | ({"*"} if lost or found - there else set()))


_LOST = ("unreadable", "bad-id", "unknown-word", "missing-key", "wrong-type")


def known_already(problem: Problem, spoilt: Collection[str]) -> bool:
    return problem.step in spoilt and problem.code in _SHAPES_MAY_CAUSE


_SHAPES_MAY_CAUSE = frozenset(
    {
        "empty", "few-options", "pole-count", "wrong-max", "keep-no", "discard-goes-on", "no-code",
        "code-too-early", "consent-answer", "review-answer", "purpose-twice", "name-off-card",
        "dead-end", "keep-before-tell", "keep-before-review", "team-no", "when-always",
        "consent-before-keep", "end-option", "erase-no-end",
    }
)  # fmt: skip
"""What may only be said because something else is wrong with the shape of the same step."""


def _sorted(name: str, problems: list[Problem]) -> list[Problem]:
    """In the order of the file; what is about translations behind it."""
    return sorted(problems, key=lambda each: (each.file != name, each.file, each.line))
