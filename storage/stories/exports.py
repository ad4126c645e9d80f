"""Stories for an export: by their consents, under a pseudonym, and which must be deleted again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select

from storage.coordinators.audit import AUDIT, OPERATOR
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.stories import uses
from storage.stories.permissions import STORY, FilePurpose, may_export
from storage.stories.reading import Filters, matches, narrowed
from storage.stories.rows import Story, opened
from storage.stories.search import holds, wanted_in
from storage.stories.uses import UseKind
from storage.vault.vault import new_id


@dataclass(frozen=True, slots=True)
class NotedStory:
    """A story in a file as the log knows it: its pseudonym, and which story it is."""

    id: str
    story_id: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A story in a file. `id` is a pseudonym: the same in every file, nothing without the key."""

    id: str
    story: Story

    @property
    def noted(self) -> NotedStory:
        return NotedStory(self.id, self.story.id)


def exportable(
    reads: Reads,
    purpose: FilePurpose,
    who: Coordinator | None,
    *,
    filters: Filters | None = None,
) -> list[Exported]:
    """The stories that may leave for a purpose (`permissions.may_export`) and that their tellers
    did not take back from files for it, oldest first; of those only what the filters leave. For
    quotation a story holds nothing but its sentence, also for a search: what else it says is not
    published."""
    filters = filters or Filters()
    wanted, found = wanted_in(filters.words), []
    for pseudonym, row in _leaving(reads, STORY.c, purpose, who, filters):
        story = opened(reads.vault, row)
        if purpose == "quote":
            story = quotation(story)
        if not wanted or holds(story, wanted):
            found.append(Exported(pseudonym, story))
    return found


def _leaving(
    reads: Reads,
    columns: Iterable[ColumnElement[Any]],
    purpose: FilePurpose,
    who: Coordinator | None,
    filters: Filters,
) -> Iterator[tuple[str, Row[Any]]]:
    """These columns of the stories that may leave, oldest first, each behind its pseudonym; words
    that are searched for do not count."""
    back = uses.out_of(reads, "file", purpose)
    query = select(*columns).where(may_export(who, purpose), *narrowed(who, filters))
    for row in reads.execute(query.order_by(STORY.c.week, STORY.c.id)):
        pseudonym = reads.vault.story_hash(row.id)
        if pseudonym not in back and matches(row, filters.answers):
            yield pseudonym, row


def quotation(story: Story) -> Story:
    """What of a story may be published: the sentence that its teller chose for it."""
    told = story.telling
    bare = replace(told, name="", text=told.sentence, answers={}, words={}, parts=[], sentence="")
    return replace(story, telling=bare)


def size(reads: Reads, purpose: FilePurpose, who: Coordinator, filters: Filters) -> int:
    """How many stories a file would hold; words that are searched for do not count. The database
    counts them where it can."""
    if not (filters.answers or uses.out_of(reads, "file", purpose)):
        may_leave = may_export(who, purpose), *narrowed(who, filters)
        count = select(func.count()).select_from(STORY).where(*may_leave)
        return int(reads.execute(count).scalar_one())
    answers = (STORY.c.guide, STORY.c.answers) if filters.answers else ()
    return sum(1 for _ in _leaving(reads, (STORY.c.id, *answers), purpose, who, filters))


def withdrawn(reads: Reads, purpose: FilePurpose, who: Coordinator | None) -> list[str]:
    """The pseudonyms of stories that were in earlier files for this purpose and may not be in any
    now: withdrawn, held, forgotten, shared less far, or taken back from files. Whoever has such a
    file deletes them."""
    team = who.team if who is not None else ""
    before = set(
        reads.execute(
            select(AUDIT.c.story_hash)
            .where(
                AUDIT.c.action == "export",
                AUDIT.c.team_id == team,
                AUDIT.c.detail.startswith(f"{purpose} "),
            )
            .distinct()
        ).scalars()
    )
    if not before:
        return []
    now = _leaving(reads, (STORY.c.id,), purpose, who, Filters())
    return sorted(before.difference(pseudonym for pseudonym, _ in now))


def note(
    connection: Transaction,
    who: Coordinator | None,
    purpose: FilePurpose,
    format_name: str,
    stories: Sequence[NotedStory],
    now: datetime,
    reference: str = "",
) -> None:
    """Each story that leaves is in the audit log, and has one use more. `reference`: of a file that
    is noted in parts, the same for all."""
    kind: UseKind = "quotation" if purpose == "quote" else "file"
    ids = [each.story_id for each in stories]
    uses.write(connection, kind, purpose, reference or new_id(), ids, now)
    rows = [
        {
            "at": now,
            "coordinator_id": OPERATOR if who is None else who.id,
            "team_id": "" if who is None else who.team,
            "action": "export",
            "story_hash": each.id,
            "detail": f"{purpose} {format_name}",
        }
        for each in stories
    ]
    if rows:
        connection.execute(insert(AUDIT), rows)
