"""`vertelbot guide publish` and `recall`, and drafts out of files: what changes for whom is said
first, and all promises are proved before anybody is asked anything new."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.common import Commands, Failure, command, with_app
from conversations.guide.problem_texts import LANGUAGES, all_in_language
from conversations.guide.problems import Problem
from conversations.guide.schema import ID

if TYPE_CHECKING:
    from bot.app import App
    from bot.authoring.exchange.guide_upload import GuideUpload
    from bot.authoring.exchange.import_selection import NotTaken
    from bot.authoring.guide_desk import GuideDesk, Written
    from bot.authoring.publication_plan import PublicationPlan
    from bot.authoring.publishing import Publisher, Publishing

MOST_NOTE = 500
PARTIAL = 3
"""The exit code when a part does not fit, and the rest is taken."""
_NOT_TAKEN = {
    "no-overlay": "these own questions cannot be read",
    "no-team": "no team is called so here: add it, and import the file again",
    "does-not-fit": "it does not fit: see --preview",
    "has-own": "this team has own questions here, which stay",
}
_UNFINISHED = {
    "in-dutch": "offer a language that is not finished: what it lacks is said in Dutch, and marked",
    "leave-out": "do not offer a language that is not finished",
}


def add(actions: Commands, common: argparse.ArgumentParser) -> None:
    """Add them to `vertelbot guide`."""
    about = "prove all promises of a draft or a file, and let people begin it"
    publishing = command(actions, common, "publish", about, _publish)
    publishing.add_argument("guide", metavar="ID|FILE", help="a draft, or a guide as a file")
    publishing.add_argument(
        "--other",
        action="append",
        default=[],
        metavar="STEP[.ANSWER]",
        help="people would answer this otherwise now: what was told before stays apart",
    )
    for name, about in _UNFINISHED.items():
        publishing.add_argument(
            f"--{name}", action="append", default=[], metavar="LANGUAGE", help=about
        )
    publishing.add_argument("--preview", action="store_true", help="only say what would change")
    replaces(publishing)
    about = "let nobody begin a published version any more"
    recalling = command(actions, common, "recall", about, _recall)
    recalling.add_argument("guide", metavar="ID", help="the id of the guide")
    recalling.add_argument("--version", type=int, metavar="N", help="default: the one of today")
    for each in (publishing, recalling):
        each.add_argument("--note", default="", metavar="TEXT", help="why, for who reads it later")
        each.add_argument("--yes", action="store_true", help="do it: ask nothing")
        each.add_argument(
            "--language", choices=LANGUAGES, default="en", help="the language of what is said"
        )


def replaces(parser: argparse.ArgumentParser) -> None:
    """What may be said where a file becomes a draft."""
    parser.add_argument(
        "--replace",
        action="store_true",
        help="also over a draft that is being written: its saves stay",
    )


def save_draft(options: argparse.Namespace, path: Path, guide_id: str = "") -> int:
    """A file becomes the draft of its guide on the dashboard."""

    async def work(app: App) -> tuple[Written, list[str], list[NotTaken]]:
        from bot.authoring.exchange.import_selection import NotTaken, take_overlays

        desk = _desk(app)
        made, found = await _uploaded(
            desk, options, path, replace_draft=options.replace, guide_id=guide_id
        )
        data = made.parsed.data if made.parsed else {}
        teams, left = await take_overlays(desk, found, data, _OPERATOR)
        return made, teams, [*left, *(NotTaken(each, "does-not-fit") for each in found.not_taken)]

    made, teams, left = with_app(options, work)
    if options.json:
        told = {"guide": made.guide, "revision": made.revision, "dropped": len(left)}
        lists = {"overlays": teams, "not_taken": [asdict(each) for each in left]}
        print(json.dumps(told | lists, ensure_ascii=False, indent=2))
    else:
        place = f"/coordinator/guides/{made.guide}"
        print(f"{made.guide}: save {made.revision} of the draft, at {place}")
        for team in teams:
            print(f"own questions of {team}")
        for each in left:
            print(f"not taken: {each.name} ({_NOT_TAKEN[each.why]})")
            for problem in each.problems:
                print(f"  {problem}")
    return PARTIAL if left else 0


def _publish(options: argparse.Namespace) -> int:
    note = "" if options.preview else _note(options)
    told: dict[str, Any] = {"note": note, "state": "preview", "version": 0, "problems": []}

    async def work(app: App) -> int:
        from bot.authoring.publication_plan import finishing_words, plan_of, set_apart
        from bot.coordinators.phrases import words

        desk, t = _desk(app), words(options.language)
        written = await _named(desk, options)
        unknown = [each for each in options.other if set_apart(written, [each]) == written]
        if unknown:
            raise _failure(options, "no-question", name=unknown[0], guide=written.guide)
        made = set_apart(written, options.other)
        plan = plan_of(desk, made, options.language)
        if plan is None:
            raise _failure(options, "no-steps", guide=made.guide)
        told.update(guide=made.guide, languages=["nl", *plan.complete], first=plan.first)
        if plan.problems:
            return _refused(options, told, plan.problems)
        if plan.same:
            raise _failure(options, "same", guide=made.guide)
        who = await finishing_words(desk, t, made.guide)
        told["changes"] = _told(options, plan, who)
        if options.preview:
            return 0
        partly = _offered_in_part(options, plan)
        told["languages"] += partly
        _sure(options, "publish", guide=made.guide)
        if made != written:
            made = replace(made, revision=await desk.save(_OPERATOR, made))
        attempt = await _proved(app, made, note, (plan.complete, partly), options.language)
        told.update(state=attempt.state, version=attempt.number)
        if attempt.problems:
            return _refused(options, told, attempt.problems)
        if attempt.state != "published":
            raise _failure(options, attempt.state, guide=made.guide)
        if not options.json:
            print(t("guides.attempt.published", n=attempt.number))
        return 0

    code = with_app(options, work)
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return code


def _recall(options: argparse.Namespace) -> int:
    note = _note(options)

    async def work(app: App) -> dict[str, Any]:
        from bot.authoring.publication_plan import open_words, recall_words, running_words
        from bot.coordinators.phrases import words
        from storage.guides import guide_publications

        desk, t, guide = _desk(app), words(options.language), options.guide
        every = await app.database.read(lambda s: guide_publications.of_guide(s, guide))
        left = [each.number for each in every if each.recalled_at is None]
        number = options.version or next(iter(left), 0)
        if not every:
            raise _failure(options, "none", guide=guide)
        if not left:
            raise _failure(options, "no-versions", guide=guide)
        if number not in left:
            known = ", ".join(map(str, left))
            raise _failure(options, "no-version", guide=guide, n=number, known=known)
        if not options.json:
            chosen = next(each for each in every if each.number == number)
            print(recall_words(desk, t, chosen, every))
            print(t("guides.recall.about"), await running_words(desk, t, guide))
        _sure(options, "recall", guide=guide, n=number)
        await _publisher(app, options.language).recall(None, guide, number, note)
        shelf = app.services.shelf
        live = shelf.published[guide].number if guide in shelf.published else 0
        begins = _begins(live, guide in shelf.shipped.ids)
        if not options.json:
            print(t("guides.command.recalled", n=number), open_words(desk, t, guide))
        return {"guide": guide, "version": number, "note": note, **begins}

    told = with_app(options, work)
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _begins(live: int, shipped: bool) -> dict[str, Any]:
    """What people begin after a recall."""
    return {"recalled": True, "begins": live or None, "shipped": shipped and not live}


_OPERATOR = "operator"
"""Who saves on the server; as in the log."""


def _note(options: argparse.Namespace) -> str:
    note = str(options.note).strip()
    if not note:
        raise _failure(options, "note")
    if len(note) > MOST_NOTE:
        raise _failure(options, "note.long", n=MOST_NOTE)
    return note


def _failure(options: argparse.Namespace, key: str, **slots: object) -> Failure:
    """Why it is not done, in the language of this command."""
    from bot.coordinators.phrases import words

    return Failure(words(getattr(options, "language", "en"))(f"guides.command.{key}", **slots))


def _sure(options: argparse.Namespace, deed: str, **slots: object) -> None:
    from bot.coordinators.phrases import words

    if options.yes:
        return
    if not sys.stdin.isatty():
        raise _failure(options, "nobody-to-ask")
    t = words(options.language)
    question = f"{t(f'guides.command.sure.{deed}', **slots)} {t('guides.command.sure.hint')} "
    print(question, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "j", "ja"):
        raise _failure(options, "not-sure")


async def _named(desk: GuideDesk, options: argparse.Namespace) -> Written:
    """The draft of this name, or the file, which becomes a save of its draft unless one only
    looks."""
    if not ID.fullmatch(options.guide):
        path = Path(options.guide)
        keep = not options.preview
        over = options.replace or not keep
        return (await _uploaded(desk, options, path, replace_draft=over, keep=keep))[0]
    written = await desk.written(options.guide)
    if written is None:
        raise _failure(options, "no-guide", guide=options.guide)
    return written


async def _uploaded(
    desk: GuideDesk,
    options: argparse.Namespace,
    path: Path,
    *,
    replace_draft: bool,
    guide_id: str = "",
    keep: bool = True,
) -> tuple[Written, GuideUpload]:
    """What became of a file, and all that is in it."""
    from bot.authoring.exchange.guide_upload import NoUpload, read_upload
    from bot.authoring.exchange.import_selection import covers
    from bot.authoring.guide_desk import Written
    from storage.guides.drafts import NewerSave

    try:
        found = read_upload(path, guide_id)
    except OSError as error:
        raise _failure(options, "unreadable", path=path, why=error.strerror) from None
    except NoUpload as error:
        told = all_in_language(error.lines, getattr(options, "language", "en"))
        said = "\n".join(map(str, told)) if error.code == "po" else str(error)
        raise Failure(f"{path}: {said}") from None
    known = await desk.written(found.guide)
    revision = known.revision if known else 0
    kept = known.texts if known else {}  # no file wipes a translation
    texts = {
        language: {**kept.get(language, {}), **found.texts.get(language, {})}
        for language in {**kept, **found.texts}
    }
    made = Written(found.guide, revision, found.text, texts)
    if known and not replace_draft and covers(desk, known, made.text):
        raise _failure(options, "writing", guide=found.guide, n=revision)
    if not keep:
        return made, found
    try:
        return replace(made, revision=await desk.save(_OPERATOR, made)), found
    except NewerSave:
        raise _failure(options, "saved", guide=found.guide) from None


def _told(options: argparse.Namespace, plan: PublicationPlan, running: str) -> list[dict[str, str]]:
    """The changes, printed unless JSON was asked for."""
    from bot.authoring.publication_plan import change_words
    from bot.coordinators.phrases import words

    t = words(options.language)
    said = [{**asdict(each), "words": change_words(t, each)} for each in plan.changes]
    if options.json:
        return said
    about = "first" if plan.first else "reopens" if plan.reopens else "changes"
    print(t(f"guides.publish.{about}"))
    for each in said:
        print(f"  {each['words']}")
    for change in plan.asked:
        name = f"{change.step}.{change.item}" if change.item else change.step
        print(f"  {t('guides.other.no')} (--other {name}: {t('guides.other.yes')})")
    for language, count in (plan.lacking or {}).items():
        print(f"  {language}: {t.many('guides.unfinished', count)}")
    print(running)
    return said


def _offered_in_part(options: argparse.Namespace, plan: PublicationPlan) -> list[str]:
    """The languages that are offered though they lack something: who publishes chooses for each."""
    chosen = {*options.in_dutch, *options.leave_out}
    if both := set(options.in_dutch) & set(options.leave_out):
        raise _failure(options, "both", language=min(both))
    for language in options.in_dutch:
        if language in plan.unconsented:
            raise _failure(options, "unconsented", language=language)
    for language in sorted(chosen - set(plan.lacking or {})):
        raise _failure(options, "whole", language=language)
    for language in plan.partly:
        if language not in chosen:
            raise _failure(
                options, "unfinished", language=language, n=(plan.lacking or {})[language]
            )
    return [each for each in plan.partly if each in options.in_dutch]


def _refused(options: argparse.Namespace, told: dict[str, Any], problems: Sequence[Problem]) -> int:
    told.update(state="refused", problems=[each.as_json() for each in problems])
    if not options.json:
        for each in problems:
            print(each, file=sys.stderr)
        print(_failure(options, "refused", guide=told["guide"]), file=sys.stderr)
    return 1


async def _proved(
    app: App,
    written: Written,
    note: str,
    languages: tuple[Sequence[str], Sequence[str]],
    said_in: str,
) -> Publishing:
    """After the proof: published, or why not. `languages`: those offered in whole, and in part."""
    from bot.coordinators.phrases import words
    from storage.guides import guide_publications

    publisher = _publisher(app, said_in)
    read = partial(guide_publications.newest_number, guide=written.guide)
    print(words(said_in)("guides.command.proving"), file=sys.stderr)
    whole, partly = languages
    publisher.begin(None, written, note, whole, await app.database.read(read), partly)
    await publisher.wait()
    return publisher.attempts[written.guide]


def _desk(app: App) -> GuideDesk:
    from bot.authoring.guide_desk import GuideDesk

    return GuideDesk(app)


def _publisher(app: App, said_in: str) -> Publisher:
    from bot.authoring import prover
    from bot.authoring.publishing import Publisher

    services, proves = app.services, partial(prover.prove, said_in=said_in)
    return Publisher(app.database, services.shelf, app.clock, proves, app.tell_guides)
