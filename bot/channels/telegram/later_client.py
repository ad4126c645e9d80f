"""The client that python-telegram-bot brings along, httpx, is read when something of it is used.
Our requests go over aiohttp: with its parts it would hold memory for nothing, and the start and
every command would wait for it."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

NAME = "httpx"


class _Later(ModuleType):
    """Stands where httpx would. While the library is read, it only names classes in signatures."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            return type(name, (), {})
        return getattr(import_module(NAME), name)


def read_without_client() -> None:
    """Read python-telegram-bot. Who imports httpx later gets the real one."""
    if NAME in sys.modules:
        return
    sys.modules[NAME] = _Later(NAME)
    try:
        import_module("telegram.request")
    finally:
        del sys.modules[NAME]
