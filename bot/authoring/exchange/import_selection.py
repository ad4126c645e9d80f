"""What is taken of a file that came from elsewhere, and what is not, with the reason: translations
that differ from those here, and what teams added there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.authoring.exchange.guide_bundle import GuideBundle
from bot.authoring.exchange.guide_upload import GuideUpload
from bot.authoring.exchange.xlsform_writer import write_xlsform
from bot.authoring.guide_desk import GuideDesk, Written
from bot.authoring.overlays.overlay_report import overlay_report
from conversations.authoring.draft_texts import plain_texts
from conversations.authoring.overlay import (
    NoOverlay,
    OverlayProblem,
    overlay_problems,
    read_overlay,
)
from conversations.authoring.overlay_form import write_overlay
from conversations.authoring.translation_table import Kept, write_translation
from conversations.guide.builder import fields
from conversations.guide.problems import Problem
from storage.coordinators import teams
from storage.engine.transaction import Transaction
from storage.guides import team_overlays

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something in a file that was not taken over: what it is called, the code of why, and what
    there is to mend."""

    name: str
    why: str
    problems: tuple[Problem, ...] = ()


def packed(desk: GuideDesk, written: Written) -> GuideBundle | None:
    """A guide as it is written here, its translations, and what all teams add to it, as one file.
    What was made of another Dutch says so in it. None when it cannot be told apart in steps."""
    if written.parsed is None:
        return None
    dutch = fields(written.parsed.data)
    translations = {
        language: write_translation(language, dutch, kept)
        for language, kept in written.texts.items()
    }
    names = desk.shelf.team_names
    overlays = {}
    for team, each in desk.shelf.overlays_over(written.guide).items():
        called = names.get(team, each.team)
        name = teams.slug(called)[:LONGEST_NAME] or "team"
        while name in overlays:
            name = f"{name[: LONGEST_NAME - 2]}-2"
        overlays[name] = write_overlay(each.with_team(called))
    return GuideBundle(written.guide, written.text, translations, overlays)


def as_sheet(written: Written) -> bytes | None:
    """A guide as it is written here, and its translations, as an XLSForm. None while it has not the
    shape of a guide: a sheet has a column for what is in one, and for nothing else."""
    shaped = written.shaped
    return write_xlsform(shaped.data, plain_texts(written.texts)) if shaped else None


def both_texts(
    here: Mapping[str, Kept], there: Mapping[str, Kept]
) -> tuple[dict[str, Kept], list[NotTaken]]:
    """The translations of a draft with those of a file beside them. Where both have another one,
    the one here stays."""
    found = {language: dict(kept) for language, kept in here.items()}
    left = []
    for language, kept in there.items():
        mine = found.setdefault(language, {})
        for key, each in kept.items():
            text = mine.get(key, {}).get("text", "")
            if not text:
                mine[key] = each
            elif text != each.get("text"):
                left.append(NotTaken(f"{language}: {key}", "translated"))
    return dict(found), left


def covers(desk: GuideDesk, known: Written, text: str) -> bool:
    """Whether a file with this text would cover a draft that somebody is writing: one that is other
    than what is asked today, and than the file."""
    today = desk.today(known.guide)
    return known.revision > 0 and known.text not in {text, today.text if today else text}


async def take_overlays(
    desk: GuideDesk, upload: GuideUpload, data: Mapping[str, object], who: str
) -> tuple[list[str], list[NotTaken]]:
    """What teams added elsewhere becomes that of the teams that are called so here, where they have
    none and the guide allows it; and what could not."""
    every = await desk.database.read(teams.all_teams)
    named = {name: team for team in every for name in (team.id, team.name.casefold())}
    taken, left = [], []
    for name, source in upload.overlays.items():
        try:
            overlay = read_overlay(source)
        except NoOverlay as error:
            left.append(NotTaken(name, "no-overlay", _told(name, source, error.problems)))
            continue
        team = named.get(overlay.team.casefold())
        if team is None:
            left.append(NotTaken(overlay.team or name, "no-team"))
        elif wrong := overlay_problems(data, overlay):
            left.append(NotTaken(team.name, "does-not-fit", _told(name, source, wrong)))
        elif await desk.database.write(
            partial(
                _put, team.id, write_overlay(overlay.with_team(team.id)), upload.guide, who, desk
            )
        ):
            taken.append(team.name)
        else:
            left.append(NotTaken(team.name, "has-own"))
    return taken, left


def _told(name: str, source: str, problems: Sequence[OverlayProblem]) -> tuple[Problem, ...]:
    return tuple(overlay_report(f"overlays/{name}.toml", source, problems))


def _put(
    team: str, source: str, guide: str, who: str, desk: GuideDesk, connection: Transaction
) -> bool:
    if team_overlays.of_team(connection, team, guide) is not None:
        return False
    team_overlays.save(connection, team, guide, source, 0, who, desk.clock.now())
    return True
