"""Reads the vendored word lists, once, when the first text is looked at."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from sys import intern

from conversations.wordlist import WordList
from conversations.wordlist.arabic_letters import Names, fold
from conversations.wordlist.arabic_lexicon import ArabicLexicon
from conversations.wordlist.fold import fold_latin
from conversations.wordlist.lexicon import COMMON, FUNCTION, LISTED, Lexicon, Phrases
from conversations.wordlist.transliterate import in_arabic

HOME = Path(__file__).parent
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TURKISH_CASES = re.compile(
    r"(?:l[ae]r)?(?:[iu]?m|s[iu]|[iu]m[iu]z)?(?:n?[iu]n|y?[aeiu]|n?[dt][ae]n?(?:ki\w{0,4}|y[dm]\w{1,3})?|y?l[ae]|n[aeiu]|y?[iu]m|gil\w*|c[iu]g[iu]m)?"
)
"""The endings of Turkish names, without marks."""
_PACKED = re.compile(r"^\[(.+?)\]\n", re.MULTILINE)
_SECTION = re.compile(r"^\[(.+?)\]", re.MULTILINE)


@cache
def words_of(language: str) -> WordList:
    """The words of a language. Only Dutch has a list of ordinary words; the names, places and
    public words serve every language."""
    ordinary = capitalised = peoples = b""
    if language == "nl":
        dutch = lzma.decompress((HOME / "dutch.xz").read_bytes())
        ordinary, capitalised, peoples = dutch.split(b"\n\n")
    names = _sections("names.txt")
    double = frozenset(names.pop("also ordinary words").split())
    names.pop("also ordinary words in Turkish")
    public = _everybodys()
    return WordList(
        ordinary=b"\n" + ordinary + b"\n",
        capitalised=b"\n" + capitalised + b"\n",
        given=frozenset(" ".join(names.values()).split()),
        double=double,
        places=_items(_text("places.txt").replace("\n", ",")),
        public=public.union(peoples.decode().split()) if peoples else public,
    )


@cache
def _everybodys() -> frozenset[str]:
    """All that points at nobody in every language, as it is written."""
    sections = _sections("public.txt")
    return frozenset().union(*(_items(text.replace("\n", " ")) for text in sections.values()))


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words that say nothing of what a sentence is about, folded."""
    return frozenset(map(fold_word, _sections("stop.txt").get(language, "").split()))


def fold_word(word: str) -> str:
    """A word as it is compared with others: without capitals and marks."""
    return fold(fold_latin(word.casefold()))


@cache
def lexicon_of(language: str) -> Lexicon:
    """All that the lists know of the words of a language. What most words of any text are, is
    looked up at once."""
    lexicon = _lexicon(language)
    bands = packed(f"frequent-{language}.xz")
    lexicon.learn((*bands[FUNCTION], *bands[COMMON]))
    return lexicon


def _lexicon(language: str) -> Lexicon:
    words = words_of(language)
    names, towns = packed("names.xz"), packed("towns.xz")
    cues, endings = _cues(language)
    public = _public(language)
    frequent = {
        word: band for band, part in packed(f"frequent-{language}.xz").items() for word in part
    }
    frequent |= dict.fromkeys(packed("spoken.xz").get(language, ()), COMMON)
    if language == "ar":
        known = names_in_arabic()
        latin = lexicon_of("nl")
        heard = in_arabic(latin.sure) - frequent.keys() - known.ordinary - known.verbs
        return ArabicLexicon(
            frequent={word: band for word, band in frequent.items() if word not in known.sure},
            sure=known.sure,
            given=known.double.union(names["arabic given"], heard) - known.ordinary,
            family=known.families.union(names["arabic family"]),
            towns=known.places.union(towns["arabic"]),
            public=frozenset(map(fold, _single(words.public) | public.single)),
            figures=frozenset(map(fold, public.figures)),
            phrases=_by_beginning(
                phrase if all(map(str.isascii, phrase)) else tuple(map(fold, phrase))
                for phrase in chain.from_iterable(public.phrases.values())
            ),
            cues={fold(word): cue for word, cue in cues.items()},
            lean=-0.2,
            unnamed=-1.0,
            strange_from=LISTED,
            ordinary=known.ordinary | known.verbs,
            cued=known.double & known.ordinary,
            latin=latin,
        )
    given = frozenset(map(fold_latin, words.given))
    sure = frozenset(map(fold_latin, words.given - words.double))
    family = frozenset(names["family"])
    if language == "nl":
        dutch = {section: text.split() for section, text in _sections("dutch.txt").items()}
        given = given.union(dutch["given"])
        family = family.union(dutch["families"], dutch["families of elsewhere"])
    if language == "tr":
        turkish = {
            section: frozenset(map(fold_latin, text.split()))
            for section, text in _sections("turkish.txt").items()
        }
        double = turkish["also ordinary words"].union(
            map(fold_latin, _sections("names.txt")["also ordinary words in Turkish"].split())
        )
        sure = sure.union(names["turkish"], turkish["given"]) - double
        given = given.union(turkish["given"], double)
        family = family.union(turkish["families"], turkish["families that are words"])
        never = turkish["never a name"]
        sure, given, family = sure - never, given - never, family - never
        names |= {"given": [name for name in names["given"] if name not in never]}
        frequent = {
            word: band
            for word, band in frequent.items()
            if word not in sure or (band < "3" and word not in turkish["given"])
        }
    return Lexicon(
        frequent=frequent,
        sure=sure,
        given=given.union(names["given"]),
        family=family,
        towns=frozenset(town for town in towns["latin"] if " " not in town).union(
            fold_latin(town) for town in words.places if " " not in town
        ),
        public=_single(words.public) | public.single,
        figures=public.figures,
        phrases=public.phrases,
        town_phrases=_by_beginning(
            tuple(_WORDS.findall(town)) for town in {*towns["latin"], *map(str.lower, words.places)}
        ),
        words=words if words.knows_words else None,
        cues=cues,
        endings=endings,
        capitals=language == "en",
        named=2.0 if language == "tr" else 2.5,
        lean=0.1 if language == "tr" else 0.4,
        unnamed=-1.0,
        cases=_TURKISH_CASES if language == "tr" else None,
    )


@cache
def weights_of(language: str) -> dict[str, tuple[float, ...]]:
    """What each piece of evidence for a name is worth in a language, for each kind of name. A
    language that has no stories to learn from takes the weights of another."""
    taught = "nl" if language == "en" else language
    table: dict[str, tuple[float, ...]] = {}
    for line in (HOME / f"weights-{taught}.tsv").read_text(encoding="utf-8").splitlines():
        evidence, *worth = line.split("\t")
        table[evidence.replace("\\n", "\n")] = tuple(int(each or 0) / 100 for each in worth)
    return table


def packed(name: str) -> dict[str, list[str]]:
    """The sections of a compressed list: "[name]", then a word a line."""
    _, *parts = _PACKED.split(lzma.decompress((HOME / name).read_bytes()).decode())
    return {key: text.split("\n") for key, text in zip(parts[::2], parts[1::2], strict=True)}


def _cues(
    language: str,
) -> tuple[dict[str, str], tuple[tuple[int, dict[str, str]], ...]]:
    """What words announce, and what the ends of words do, by length, the longest first."""
    cues: dict[str, str] = {}
    endings: dict[int, dict[str, str]] = {}
    for cue, words in _sections(f"cues-{language}.txt").items():
        for word in words.split():
            if word.startswith("*"):
                endings.setdefault(len(word) - 1, {}).setdefault(word[1:], cue)
            else:
                cues.setdefault(word, cue)
    return cues, tuple(sorted(endings.items(), reverse=True))


@dataclass(frozen=True, slots=True)
class Public:
    """What points at nobody: single words, those of them that are somebody's name, and phrases by
    their first two words, the longest first."""

    single: frozenset[str]
    figures: frozenset[str]
    phrases: Phrases


@cache
def _public(language: str) -> Public:
    """What points at nobody in a language."""
    every, own = _public_in("public.txt"), f"public-{language}.txt"
    if not (HOME / own).exists():
        return every
    mine = _public_in(own)
    both = chain.from_iterable((*every.phrases.values(), *mine.phrases.values()))
    return Public(every.single | mine.single, every.figures | mine.figures, _by_beginning(both))


@cache
def _public_in(name: str) -> Public:
    """What one file holds."""
    single: set[str] = set()
    figures: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    given = frozenset(packed("names.xz")["given"])
    for section, text in _sections(name).items():
        of_people = section.endswith(("figures", "characters"))
        for item in _items(text.replace("\n", " ")):
            words = tuple(map(intern, _WORDS.findall(item)))
            if len(words) > 1:
                phrases.append(words)
            elif words and not of_people:
                single.add(words[0])
            elif words and words[0] not in given:
                figures.add(words[0])
    return Public(frozenset(single | figures), frozenset(figures - single), _by_beginning(phrases))


def _single(items: Iterable[str]) -> frozenset[str]:
    return frozenset(item for item in items if " " not in item)


def _by_beginning(phrases: Iterable[tuple[str, ...]]) -> Phrases:
    """Phrases of more than one word by the first two, the longest first."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for phrase in phrases:
        if len(phrase) > 1:
            found.setdefault(phrase[:2], []).append(phrase)
    return {first: tuple(sorted(each, key=len, reverse=True)) for first, each in found.items()}


def lists_of_names(language: str) -> tuple[dict[str, list[str]], list[str], list[str], list[str]]:
    """Given names by origin, all given names, families and towns, in the script of a language."""
    names, towns = packed("names.xz"), packed("towns.xz")
    if language == "ar":
        known = names_in_arabic()
        origins = {"all": sorted(known.sure), "double": sorted(known.double)}
        families = sorted(known.families.union(names["arabic family"]))
        return (
            origins,
            names["arabic given"],
            families,
            [t for t in towns["arabic"] if " " not in t],
        )
    sections = _sections("names.txt")
    sections.pop("also ordinary words in Turkish")
    origins = {origin: text.split() for origin, text in sections.items()}
    families = names["family"]
    if language == "nl":
        dutch = {section: text.split() for section, text in _sections("dutch.txt").items()}
        origins |= {"given words": dutch["given"]}
        families = [*families, *dutch["families"] * 4, *dutch["families of elsewhere"]]
    if language == "tr":
        turkish = {section: text.split() for section, text in _sections("turkish.txt").items()}
        origins |= {section: turkish[section] for section in ("given", "also ordinary words")}
        families = [*families, *turkish["families"] * 3, *turkish["families that are words"] * 3]
    return origins, names["given"], families, [t for t in towns["latin"] if " " not in t]


@cache
def names_in_arabic() -> Names:
    """What is known of names in Arabic script."""
    sections = {name: fold(words) for name, words in _sections("arabic.txt").items()}
    places = _items(sections.pop("places").replace("\n", " "))
    words = {name: frozenset(text.split()) for name, text in sections.items()}
    return Names(
        sure=words["given"] - words["also ordinary words"],
        double=words["also ordinary words"],
        titled=words["beside a title"],
        families=words["families"],
        places=places,
        ordinary=words["never a name"],
        verbs=words["said of people"],
    )


def _text(name: str) -> str:
    lines = (HOME / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def _sections(name: str) -> dict[str, str]:
    _, *parts = _SECTION.split(_text(name))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _items(text: str) -> frozenset[str]:
    return frozenset(item.strip().lower() for item in text.split(",") if item.strip())
