"""Translations beside their Dutch: each sentence is saved by itself, and nothing is overwritten."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping

from aiohttp import FormData

from conversations.authoring.draft_texts import offered, unconsented
from conversations.authoring.guide_text import GuideText
from conversations.authoring.translation_table import (
    SeenTexts,
    kept_of,
    mark_read,
    merge_typed,
    write_translation,
)
from conversations.checks.lint_guide import check_guide
from conversations.guide.builder import fields
from conversations.guide.loading import HOME, load_guides
from storage.guides import drafts
from storage.guides.drafts import SavedGuide
from tests.coordinators.office import Office, Person
from tests.coordinators.pages.workbench import HERE, make, publish, question

GUIDE = "resident"
THERE = f"{HERE}/{GUIDE}/translations"


async def draft(office: Office, guide: str = GUIDE) -> SavedGuide:
    found = await office.store.database.read(lambda s: drafts.newest_of(s, guide))
    assert found is not None
    return found


async def typed(
    person: Person, revision: int, texts: Mapping[str, str], language: str = "tr", **more: str
) -> tuple[int, str]:
    form = {f"text.{key}": text for key, text in texts.items()}
    answer = await person.post(THERE, {"language": language, "revision": revision, **form, **more})
    return answer.status, html.unescape(await answer.text())


async def test_two_translate_at_once_and_each_sentence_stays(office: Office) -> None:
    one, two = await office.login("association", name="Ans"), await office.login("association")
    _, page = await one.get(f"{THERE}?language=tr")
    keys = re.findall(r'name="text\.([^"]+)"', page)
    assert set(keys) == set(fields(load_guides().sources[GUIDE]["guide"]))
    assert (await typed(one, 0, {"start.say": "Katılıyor musunuz?"}))[0] == 303
    # another sentence, in the save of before: no hindrance
    assert (await typed(two, 0, {"opening.say": "Selam, ben Vertelbot."}))[0] == 303
    # the same sentence: both are shown, none is lost
    status, page = await typed(two, 0, {"start.say": "Var mısınız?"})
    assert status == 409
    assert "Var mısınız?" in page
    assert "Katılıyor musunuz?" in page
    said = (await draft(office)).texts["tr"]
    assert said["start.say"]["text"] == "Katılıyor musunuz?"
    assert said["opening.say"]["text"] == "Selam, ben Vertelbot."
    # having seen both, they choose
    revision = (await draft(office)).revision
    assert (await typed(two, revision, {"start.say": "Var mısınız?"}))[0] == 303
    assert (await draft(office)).texts["tr"]["start.say"]["text"] == "Var mısınız?"
    _, page = await one.get(f"{HERE}/{GUIDE}/publish")
    assert "De Nederlandse woorden zijn gelijk. De vertalingen zijn anders." in page
    assert "Er is niets veranderd" not in page


async def test_who_read_it_is_said_until_the_dutch_is_another(office: Office) -> None:
    person = await office.login("association", name="Ayşe")
    assert (await typed(person, 0, {}, read="start.say"))[0] == 303
    _, page = await person.get(f"{THERE}?language=tr")
    assert re.search(r"gelezen door Ayşe op \d+ \w+ 20\d\d", html.unescape(page))
    before = await draft(office)
    changed = GuideText.read(before.text)
    text = changed.text.replace('say = "Doet u mee?"', 'say = "Wilt u meedoen?"', 1)
    await person.post(f"{HERE}/{GUIDE}/text", {"revision": before.revision, "text": text})
    after = await draft(office)
    assert after.texts == before.texts  # marked, never wiped
    _, page = await person.get(f"{THERE}?language=tr")
    row = re.search(r'id="t-start\.say".*?text-state.*?</p>', page, re.DOTALL)
    assert row
    assert "bron veranderd" in row[0]
    assert '<del lang="nl">Doet u mee?</del>' in row[0]
    _, page = await person.get(f"{HERE}/{GUIDE}")
    assert "Vertaling is van andere woorden" in page
    await typed(person, after.revision, {}, read="start.say")
    assert (await draft(office)).texts["tr"]["start.say"]["source"] == "Wilt u meedoen?"


async def test_who_writes_dutch_and_who_translates_do_not_hinder_each_other(office: Office) -> None:
    one, two = await office.login("association"), await office.login("association")
    guide = await make(one)
    there = f"{HERE}/{guide}/translations"
    form = {"language": "en", "revision": 1, "text.opening.say": "Hello."}
    assert (await two.post(there, form)).status == 303
    assert (await one.post(f"{HERE}/{guide}/step", question(1))).status == 303
    now = await draft(office, guide)
    assert "Wat hielp het meest?" in now.text
    assert now.texts["en"]["opening.say"]["text"] == "Hello."


async def test_a_po_file_goes_out_and_in_and_overwrites_nothing(office: Office) -> None:
    person = await office.login("association")
    answer = await person.client.get(f"{THERE}/tr.po")
    content = await answer.read()
    assert b'msgctxt "start.say"' in content
    await typed(person, 0, {"start.say": "Katılıyor musunuz?"})
    _, page = await person.get(f"{THERE}?language=tr")
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found

    async def send(data: bytes) -> tuple[int, str]:
        form = FormData()
        form.add_field("csrf", found[1] if found else "")
        form.add_field("file", data, filename="tr.po")
        sent = await person.client.post(f"{THERE}/tr", data=form, allow_redirects=False)
        return sent.status, html.unescape(await sent.text())

    old = load_guides().sources[GUIDE]["texts"]["tr"]["start.say"]
    status, page = await send(content + b'\nmsgctxt "nowhere.say"\nmsgid "x"\nmsgstr "y"\n')
    assert status == 409
    assert old in page
    assert "Katılıyor musunuz?" in page
    assert "nowhere.say" in page
    assert (await draft(office)).texts["tr"]["start.say"]["text"] == "Katılıyor musunuz?"
    status, page = await send(b'msgid "a"\nmsgstr "b\n')
    assert status == 400
    assert "In dit PO-bestand ontbreekt een aanhalingsteken." in page


async def test_a_language_that_lacks_a_question_is_not_offered_or_says_it_in_dutch(
    office: Office,
) -> None:
    person = await office.login("association")
    gone = {"revision": 0, "step": "frequency"}
    assert (await person.post(f"{HERE}/{GUIDE}/remove", gone)).status == 303
    ask = [(k, "need_met" if k == "after" else v) for k, v in question(1)]
    assert (await person.post(f"{HERE}/{GUIDE}/step", ask)).status == 303
    _, page = await person.get(f"{HERE}/{GUIDE}/publish")
    assert 'name="dutch.tr"' in page
    chosen = {"language": "en", "dutch.tr": "yes", "dutch.ar": "no"}
    await publish(office, person, GUIDE, **chosen)
    shelf = office.house.shelf
    assert shelf.library.languages(GUIDE) == ("nl", "tr")
    told = shelf.today(GUIDE, "tr").steps["hielp"]
    mark = shelf.shipped.phrases("tr").get("in_dutch")
    assert told.say == f"Wat hielp het meest?\n\n{mark}"
    assert mark not in shelf.today(GUIDE, "tr").steps["start"].say


async def test_typing_tells_which_translations_are_of_other_words(office: Office) -> None:
    """What the check of a file says of each language, the page says once, with its languages."""
    person = await office.login("association")
    text = (HOME / "guides" / f"{GUIDE}.toml").read_text("utf-8")
    source = load_guides().sources[GUIDE]
    for typed, wanted in ((text, set()), (text.replace('"Trots"', '"Voldaan"'), {"feeling"})):
        answer = await person.post(f"{HERE}/check?guide={GUIDE}", {"text": typed})
        marks = (await answer.json())["marks"]
        po = {
            name: write_translation(name, fields(source["guide"]), kept_of(source["guide"], said))
            for name, said in source["texts"].items()
        }
        told = check_guide(f"guides/{GUIDE}.toml", typed, po, words_only=True, language="nl")
        outdated = [each for each in told.problems if each.code == "translation-outdated"]
        assert {each["step"] for each in marks} == {each.step for each in outdated} == wanted
        assert len(outdated) == len(marks) * len(source["texts"])
        for each in outdated:
            assert marks[0]["message"].startswith(each.message)
    assert "Turks" in marks[0]["message"]


async def test_a_step_is_shown_as_each_channel_sends_it_in_every_language(office: Office) -> None:
    person = await office.login("association")
    for language, said in load_guides().sources[GUIDE]["texts"].items():
        _, page = await person.get(f"{HERE}/{GUIDE}/step?step=start&language={language}")
        _, _, previews = html.unescape(page).partition('class="previews"')
        assert previews.count(said["start.say"]) >= 3
        assert f'<div class="said" lang="{language}"' in previews


def test_what_must_be_understood_is_never_said_in_dutch() -> None:
    source = load_guides().sources[GUIDE]
    dutch = fields(source["guide"])
    kept = kept_of(source["guide"], source["texts"]["tr"])
    free = {key for key in dutch if not unconsented({"tr": _without(kept, key)}, source["guide"])}
    assert {"feeling.say", "guide.title"} <= free
    assert not free & {"opening.say", "start.option.yes", "age.say", "consent_keep.say"}
    assert not {key for key in free if key.startswith(("consent", "review", "card", "end_"))}


def test_a_part_in_dutch_passes_the_check_and_is_as_long_as_it_was() -> None:
    library = load_guides()
    source = library.sources[GUIDE]
    dutch = fields(source["guide"])
    kept = kept_of(source["guide"], source["texts"]["tr"])
    some = {key: each for key, each in kept.items() if not key.startswith(("feeling.", "promise"))}
    mark = library.phrases("tr").get("in_dutch")
    said = offered({"tr": some}, dutch, ("tr",), {"tr": mark})["tr"]
    po = write_translation("tr", dutch, kept_of(source["guide"], said))
    text = (HOME / "guides" / f"{GUIDE}.toml").read_text("utf-8")
    assert check_guide("guides/resident.toml", text, {"tr": po}).problems == ()
    assert said.keys() == dutch.keys()


def test_what_was_typed_is_taken_once_whoever_saves_first() -> None:
    """Over every way two people change one sentence or leave it: nothing goes unseen."""
    dutch = {"a.say": "Een", "b.say": "Twee"}
    base = {"a.say": {"text": "One", "source": "Een"}}
    seen = SeenTexts(dutch, base)
    for theirs in ("One", "Uno", ""):
        there = {"a.say": {"text": theirs, "source": "Een"}} if theirs else {}
        for mine in ("One", "Uno", "Ein", ""):
            made = merge_typed({"a.say": mine}, seen, there)
            left = made.kept.get("a.say", {}).get("text", "")
            both = {theirs, mine} - {"One"}
            if len(both) == 2:
                assert made.waiting == {"a.say": theirs}
                assert left == theirs
            else:
                assert not made.waiting
                assert left == (mine if mine != "One" else theirs)
        read = mark_read(["a.say"], seen, there, "c1", "2026-11-30")
        assert ("a.say" in read.changed) == (theirs == "One")


def _without(kept: Mapping[str, Mapping[str, str]], key: str) -> dict[str, Mapping[str, str]]:
    return {name: each for name, each in kept.items() if name != key}


def test_the_check_says_where_the_dutch_is_another() -> None:
    source = load_guides().sources[GUIDE]
    dutch = fields(source["guide"])
    kept = {**kept_of(source["guide"], source["texts"]["tr"])}
    kept["start.say"] = {**kept["start.say"], "source": "Doe je mee?"}
    text = (HOME / "guides" / f"{GUIDE}.toml").read_text("utf-8")
    found = check_guide("guides/resident.toml", text, {"tr": write_translation("tr", dutch, kept)})
    assert {(each.step, each.code) for each in found.problems} == {("start", "translation-doubted")}
    assert json.dumps([each.as_json() for each in found.problems])


async def test_what_is_wrong_with_a_translation_is_told_at_its_sentence_when_it_is_saved(
    office: Office,
) -> None:
    """What the check of its file says, each at its own text; the words of it stay."""
    person = await office.login("association")
    faulty = {
        "opening.say": "Merhaba {kimse}.",  # another slot
        "feeling.option.glad": "Aynı", "feeling.option.proud": "Aynı",  # two equal buttons
        "need_met.option.yes": "Bu düğme için çok çok uzun bir yanıt",
    }  # fmt: skip
    known = load_guides().sources[GUIDE]["texts"]["tr"]
    faulty = {key: text for key, text in faulty.items() if key in known}
    assert len(faulty) >= 3
    assert (await typed(person, 0, faulty))[0] == 303
    _, page = await person.get(f"{THERE}?language=tr&open=yes&saved=yes")
    page = html.unescape(page)
    told = set(re.findall(r'aria-describedby="wrong-([^"]+)"', page))
    assert told <= set(faulty)
    assert {"opening.say"} < told
    assert "Zet precies dat ook in de vertaling" in page
    for key, text in faulty.items():
        assert (await draft(office)).texts["tr"][key]["text"] == text
    _, page = await person.get(f"{HERE}/{GUIDE}/publish")
    assert "kloppen nog niet" in html.unescape(page)
    assert not re.search(r'name="language" value="tr"', page)
    right = {key: known[key] for key in faulty}
    assert (await typed(person, 1, right))[0] == 303
    _, page = await person.get(f"{THERE}?language=tr")
    assert "aria-invalid" not in page


async def test_why_a_language_waits_is_said_with_the_sentence(office: Office) -> None:
    """Translated, but of other words, is not the same as not translated."""
    person = await office.login("association")
    text = (HOME / "guides" / f"{GUIDE}.toml").read_text("utf-8")
    text = text.replace('say = "Doet u mee?"', 'say = "Wilt u meedoen?"', 1)
    await person.post(f"{HERE}/{GUIDE}/text", {"revision": 0, "text": text})
    for path in (f"{THERE}?language=tr", f"{HERE}/{GUIDE}/publish"):
        page = html.unescape((await person.get(path))[1])
        assert "“Wilt u meedoen?”</a>: het Nederlands is veranderd" in page
        assert "nog niet vertaald" not in page
    assert (await typed(person, 1, {"start.say": ""}))[0] == 303
    page = html.unescape((await person.get(f"{THERE}?language=tr"))[1])
    assert "“Wilt u meedoen?”</a>: nog niet vertaald" in page
