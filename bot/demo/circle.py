"""The circle closed: invented tellers say whether a change does justice, and two public pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.sensemaking.figures.areas import areas_in
from bot.sensemaking.publishing.public_facts import quarters_until
from bot.services import Services
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.gate import publications
from storage.people import people
from storage.sensemaking import changes, public_pages
from storage.sensemaking.changes import JusticeAnswer
from storage.weeks import quarter_of, week_of

ANSWERS: tuple[JusticeAnswer, ...] = (
    "yes", "yes", "yes", "yes", "partly", "yes", "yes", "yes", "no", "yes", "partly",
)  # fmt: skip
"""One after the other."""
TOLD = -1_000
"""Below it count the rows of messages that are long gone."""
SENTENCES = 6


def close_circle(
    connection: Transaction, services: Services, who: Coordinator, change_id: str, now: datetime
) -> None:
    """Tellers answer; the change is offered, and stands with sentences on the page of the first
    municipality and on that of all together."""
    k = services.settings.privacy.small_number
    for number, answer in enumerate(ANSWERS):
        teller = people.find_or_make(connection, "web", f"demo-teller-{number}", "nl", week_of(now))
        changes.note_told(connection, change_id, teller.id, TOLD - number)
        changes.keep_answer(connection, change_id, teller.id, answer, k)
    public_pages.offer(connection, change_id, public=True)
    chosen = services.settings.figures.areas
    areas = areas_in(Path(chosen) if chosen else None)
    places = {
        team.id: code
        for team in teams.all_teams(connection)
        if (code := areas.called(team.municipality, "municipality").code)
    }
    quarters = quarters_until(quarter_of(week_of(now)))
    for quarter in quarters:
        part = publications.public_part(connection, quarter, places, k)
        if part is not None:
            publications.let_out(connection, part)
    for place in {"": "", min(places.values(), default=""): ""}:
        mine = {team for team, code in places.items() if code == place} if place else None
        told = publications.public_numbers(connection, quarters, place, k)
        if ("story", "") not in told:
            continue
        edition = public_pages.new_edition(place, quarters, changes.justice(connection), now)
        sentences = public_pages.sentences(connection, who, mine)[:SENTENCES]
        public_pages.publish(connection, who, edition, sentences, [change_id])
