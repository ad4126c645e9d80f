"""Files of stories: read and made in one go, by the helper process for a page, here for a command.
Each story is in the log before the file leaves."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from bot.clock import Clock
from bot.coordinators.chips import FilterWords
from bot.coordinators.exports import tables
from bot.coordinators.exports.export import StoryExport, as_json
from bot.coordinators.exports.narrafirma import as_narrafirma
from bot.coordinators.phrases import words
from bot.helper.tasks import Helper, HelperFailed, long_task, task
from bot.services import Services
from storage import narrowings
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Database
from storage.engine.transaction import Snapshot, Transaction
from storage.stories import exports, reading
from storage.stories.exports import NotedStory
from storage.stories.permissions import FilePurpose, file_purposes
from storage.stories.reading import Filters
from storage.vault.vault import new_id

ALL_STORIES = Filters()
NOTED_AT_ONCE = 100
"""Stories of a file that are written down in one go."""
MADE_AGAIN = 3
"""How often a file is made because a story of it was withdrawn meanwhile."""


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Which stories somebody (nobody: the operator) takes along, for what, and as what."""

    who: Coordinator | None
    purpose: FilePurpose
    format: str
    filters: Filters = ALL_STORIES
    language: str = "nl"
    guide: str = ""


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A file as it leaves, once the stories in it are noted. They come packed, some together: to
    unpack a hundred thousand at once would hold up who tells."""

    name: str
    body: bytes
    packed: Sequence[bytes]

    def stories(self) -> Iterator[list[NotedStory]]:
        for some in self.packed:
            yield msgspec.json.decode(some, type=list[NotedStory])


@task
def file_sizes(
    session: Snapshot, _services: Services, who: Coordinator, filters: Filters
) -> tuple[int, dict[FilePurpose, int]]:
    """How many stories wait for a moderator, and how many a file for each purpose would hold."""
    sizes: dict[FilePurpose, int] = {}
    for each in () if filters.words else file_purposes(who):
        sizes[each] = exports.size(session, each, who, filters)
    return reading.waiting(session, who)["waiting"], sizes


@long_task
def story_file(
    session: Snapshot, services: Services, wanted: FileRequest, at: datetime
) -> StoryFile:
    """The file, and what must be noted of it before it leaves."""
    export = StoryFiles.read(session, services, wanted, at)
    packed = [msgspec.json.encode(some) for some in _in_parts(export)]
    return StoryFile(export.name, file_of(export, wanted.format, wanted.guide), packed)


def _in_parts(export: StoryExport) -> Iterator[list[NotedStory]]:
    stories = export.stories
    for start in range(0, len(stories), NOTED_AT_ONCE):
        yield [each.noted for each in stories[start : start + NOTED_AT_ONCE]]


class StoryFiles:
    """Reads the stories of a file, as far as the filters leave them; they are in the log before
    they leave."""

    def __init__(self, database: Database, services: Services, clock: Clock) -> None:
        self._database = database
        self._services = services
        self._clock = clock

    async def gathered(self, wanted: FileRequest) -> StoryExport:
        """What a file is made of, for a command."""
        now = self._clock.now()
        made = await self._database.read(lambda s: self.read(s, self._services, wanted, now))
        await self._note(wanted, _in_parts(made), now)
        return made

    async def made(self, helper: Helper, wanted: FileRequest) -> StoryFile:
        """The file itself, for a page; without what was withdrawn while it was written down, which
        takes seconds for a large one. Raises HelperFailed.

        It is made anew each time. Of 13,000 stories, reading takes a second of processor, and CSV
        0.9 or XLSX 2.3, in a process that holds up nobody; noting each use takes 1.2, and is owed
        anyway. To keep it would be to keep the words of all those stories, and hardly anybody takes
        the same file twice before another story is told."""
        now, noted = self._clock.now(), set[str]()
        for _ in range(MADE_AGAIN):
            before = await self._database.read(narrowings.newest)
            made = await helper.ask(story_file, wanted, now)
            await self._note(wanted, made.stories(), now, noted)
            if await self._database.read(narrowings.newest) == before:
                return made
        raise HelperFailed("stories go on being withdrawn")

    @staticmethod
    def read(
        session: Snapshot, services: Services, wanted: FileRequest, at: datetime
    ) -> StoryExport:
        """What is read for it."""
        language, who = wanted.language, wanted.who
        found = exports.exportable(session, wanted.purpose, who, filters=wanted.filters)
        told = {(each.story.telling.guide, each.story.telling.fingerprint) for each in found}
        every = teams.all_teams(session)
        said = FilterWords(services.shelf.library, words(language), every)
        return StoryExport(
            stories=found,
            withdrawn=exports.withdrawn(session, wanted.purpose, who),
            purpose=wanted.purpose,
            at=at,
            services=services,
            language=language,
            older=services.shelf.versions(session, told, language),
            chosen=said.in_a_line(wanted.filters),
            teams={team.id: teams.full_name(team) for team in every},
        )

    async def _note(
        self,
        wanted: FileRequest,
        parts: Iterable[Sequence[NotedStory]],
        now: datetime,
        noted: set[str] | None = None,
    ) -> None:
        """Some at a time: who tells goes between. Those that were `noted` are not noted again."""
        reference = new_id()
        who, purpose, kind = wanted.who, wanted.purpose, wanted.format
        noted = set() if noted is None else noted

        def note(some: Sequence[NotedStory], connection: Transaction) -> None:
            exports.note(connection, who, purpose, kind, some, now, reference)

        for part in parts:
            fresh = [each for each in part if each.id not in noted]
            if not fresh:
                continue
            await self._database.write(partial(note, fresh))
            noted.update(each.id for each in fresh)


def file_of(export: StoryExport, kind: str, guide: str = "") -> bytes:
    """The file itself; for NarraFirma a ZIP with form and stories."""
    match kind:
        case "csv":
            return tables.as_csv(export)
        case "xlsx":
            return tables.as_xlsx(export)
        case "json":
            return json.dumps(as_json(export), ensure_ascii=False, indent=2).encode() + b"\n"
    spoken = export.services.shelf.library.get(guide, export.language)
    files = as_narrafirma(export, spoken)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.csv", files.form)
        archive.writestr("stories.csv", files.stories)
        stamp = "\n".join(f"{label}: {value}" for label, value in export.stamp)
        archive.writestr("about.txt", f"{stamp}\n")
        archive.writestr("withdrawn.txt", "".join(f"{name[:12]}\n" for name in export.withdrawn))
    return made.getvalue()
