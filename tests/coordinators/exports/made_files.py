"""Files of stories to test with: of what is in an office, and of many invented stories."""

from __future__ import annotations

from bot.coordinators.exports.export import StoryExport
from bot.coordinators.exports.story_file import FileRequest, StoryFiles
from bot.demo.invented import invent
from storage.stories.exports import Exported
from storage.stories.permissions import FilePurpose
from storage.stories.stories import Story
from tests.coordinators.office import Office, library
from tests.storage.stores import NOW


def files_of(office: Office) -> StoryFiles:
    return StoryFiles(office.store.database, office.house, office.clock)


async def export(office: Office, purpose: FilePurpose = "team", kind: str = "json") -> StoryExport:
    return await files_of(office).gathered(FileRequest(None, purpose, kind))


def invented(office: Office, count: int = 150) -> StoryExport:
    teams = [("zwolle-oost", "zwolle"), ("zwolle-west", "zwolle")]
    made = [
        Exported(f"{n:016x}", Story(f"{n:032x}", each.week, each.telling, ("keep", "network")))
        for n, each in enumerate(invent(library(), teams, "2026-W46", stories=count))
    ]
    return StoryExport(made, (), "network", NOW, office.house)
