"""Templates of pages and letters: what is filled in is escaped, and a missing name is an error."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.assets.named_files import Url


def templates_in(*folders: Path, **urls: Url) -> Environment:
    """The templates of these folders; the first one that has a name counts. `urls` are functions by
    which they say where a file is."""
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(urls)
    return environment
