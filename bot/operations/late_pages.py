"""Pages that are read when somebody first asks for one of them: beside tellers, not before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from importlib import import_module

from aiohttp import web
from aiohttp.web_urldispatcher import _InfoDict as Info
from yarl import URL


class LatePages:
    """Pages that `make` makes, once `module` was read. It is read in a thread of its own, so that
    nobody who tells meanwhile waits for it."""

    def __init__(self, module: str, make: Callable[[], web.Application]) -> None:
        self._module = module
        self._make = make
        self._made: web.Application | None = None
        self._making = asyncio.Lock()

    def setup(self, app: web.Application, folders: tuple[str, ...]) -> None:
        """Answer what lies in these folders with them."""
        for folder in folders:
            app.router.register_resource(_Folder(folder, self))

    async def router(self) -> web.UrlDispatcher:
        async with self._making:
            if self._made is None:
                await asyncio.to_thread(import_module, self._module)
        return self.router_now()

    def router_now(self) -> web.UrlDispatcher:
        """As `router`, for who does not mind to wait."""
        if self._made is None:
            self._made = self._make()
        return self._made.router


class _Folder(web.AbstractResource):
    def __init__(self, folder: str, pages: LatePages) -> None:
        super().__init__()
        self._folder = folder
        self._pages = pages

    @property
    def canonical(self) -> str:
        return self._folder

    async def resolve(
        self, request: web.Request
    ) -> tuple[web.UrlMappingMatchInfo | None, set[str]]:
        router = await self._pages.router()
        found = await router.resolve(request)
        if isinstance(found.http_exception, web.HTTPMethodNotAllowed):
            return None, found.http_exception.allowed_methods
        return (None if found.http_exception else found), set()

    def raw_match(self, path: str) -> bool:
        return path == self._folder

    def get_info(self) -> Info:
        return {"path": self._folder}

    def url_for(self, **_: str) -> URL:
        return URL(self._folder)

    def add_prefix(self, prefix: str) -> None:
        self._folder = prefix + self._folder

    def _routes(self) -> list[web.AbstractRoute]:
        every = self._pages.router_now().routes()
        return [one for one in every if _within(one, self._folder)]

    def __len__(self) -> int:
        return len(self._routes())

    def __iter__(self) -> Iterator[web.AbstractRoute]:
        return iter(self._routes())


def _within(route: web.AbstractRoute, folder: str) -> bool:
    path = "" if route.resource is None else route.resource.canonical
    return path == folder or path.startswith(f"{folder}/")
