"""Templates of pages and letters: what is filled in is escaped, and a missing name is an error."""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from bot.assets.named_files import Url


class CompiledElsewhere(BytecodeCache):
    """What another process compiled, until it is used here: compiling a page takes as long as
    answering a dozen people."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def take(self, code: Mapping[str, bytes]) -> None:
        self._code.update(code)

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._code.pop(bucket.key, None)
        if code is not None:
            bucket.code = marshal.loads(code)  # noqa: S302 - from our own process

    def dump_bytecode(self, bucket: Bucket) -> None:
        """The environment itself remembers what was compiled here."""


def templates_in(*folders: Path, compiled: BytecodeCache | None = None, **urls: Url) -> Environment:
    """The templates of these folders; the first one that has a name counts. `urls` are functions by
    which they say where a file is."""
    environment = Environment(
        loader=_files(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=compiled,
    )
    environment.globals.update(urls)
    return environment


def _files(folders: Sequence[Path]) -> FileSystemLoader:
    return FileSystemLoader(folders)


def compiled_in(folders: Sequence[Path]) -> dict[str, bytes]:
    """All templates of some folders, for `CompiledElsewhere`."""
    environment, cache, loader = templates_in(*folders), CompiledElsewhere(), _files(folders)
    found: dict[str, bytes] = {}
    for name in loader.list_templates():
        source, file, _ = loader.get_source(environment, name)
        code = environment.compile(source, name, file)
        found[cache.get_cache_key(name, file)] = marshal.dumps(code)
    return found
