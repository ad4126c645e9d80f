"""`vertelbot guide dryrun`: what a project of so many stories and teams can show."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from random import Random

from bot.cli.common import Commands, Failure, command, draft_option
from conversations.guide.library import DUTCH
from conversations.guide.problem_texts import LANGUAGES

SEED = 20261130


def add_dry_run(actions: Commands, common: argparse.ArgumentParser) -> None:
    """Add it to `vertelbot guide`."""
    made = command(actions, common, "dryrun", "what so many stories and teams can show", _dry_run)
    made.add_argument("guide", help="the id of the guide")
    draft_option(made)
    made.add_argument("--stories", type=int, default=120, metavar="N", help="stories to expect")
    made.add_argument("--teams", type=int, default=6, metavar="M", help="teams that tell")
    made.add_argument(
        "--language", choices=LANGUAGES, default=DUTCH, help="the language of what is said"
    )


def _dry_run(options: argparse.Namespace) -> int:
    from bot.authoring.step_names import names_told
    from bot.cli.authoring.named_guide import named_guide
    from bot.coordinators.phrases import words
    from bot.settings import load
    from bot.slots import facts
    from conversations.authoring.dry_run import forecast
    from conversations.checks.burden import STORY_WORDS

    if not (1 <= options.stories <= 5000 and 1 <= options.teams <= 400):
        raise Failure("say from 1 to 5000 stories, and from 1 to 400 teams")
    named = named_guide(options, options.guide)
    guide = named.in_language(options.language if options.language in named.languages else DUTCH)
    settings = load(options.config)
    small = settings.privacy.small_number
    known = {**facts(settings, guide.phrases, {}), "days": "7"}
    found = forecast(
        guide,
        known,
        stories=options.stories,
        teams=options.teams,
        small=small,
        chance=Random(SEED).random,  # noqa: S311 - the same forecast every time
    )
    if options.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return 0
    t = words(options.language)
    print(t("dryrun.finished", share=found.finished, tellers=found.tellers, stories=found.stories))
    promised, short = t.number(found.promised), t.number(found.short)
    print(t("dryrun.short", promised=promised, short=short, words=STORY_WORDS))
    fast, half, slow = (t.number(each) for each in found.minutes)
    print(t("dryrun.minutes", half=half, fast=fast, slow=slow))
    print(t("dryrun.leaving"))
    names = names_told(t, guide, known)
    for name, share in found.leaving:
        print(f"  {t('dryrun.leaves', question=names[name], share=share)}")
    print(t("dryrun.differences.about", n=found.answered))
    for each in found.differences:
        low = 50 - each.points // 2
        said = t("dryrun.points", low=low, high=low + each.points)
        print(f"  {said}: {t('dryrun.percent', n=each.percent)} ({each.stories})")
    print(t("dryrun.gate.about", n=small))
    for view in found.gate:
        after = t("dryrun.gate.after", n=view.stories, shown=view.shown, hidden=view.hidden)
        print(f"  {after}")
    return 0
