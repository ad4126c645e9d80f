"""The proxies of deploy/, real ones before a whole Vertelbot: what passes and what does not. Where
nginx or Caddy is not there they are left out, which pytest's summary says;
VERTELBOT_REQUIRE_BROWSER=1 makes that an error."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from yarl import URL

from bot.channels.web.uploads import MOST_BYTES
from bot.settings import WebSettings
from tests.botapi import BotApi
from tests.end_to_end.kit import free_port, running, settings
from tests.meetings.calendar.feed_servers import a_certificate as certificate

DEPLOY = Path(__file__).parents[1] / "deploy"
PATH = f"{os.environ['PATH']}:/usr/sbin"
THERE = {name: shutil.which(name, path=PATH) for name in ("nginx", "caddy")}
VISITOR = "127.0.0.9"
INSIDE = ("/metrics", "/health", "/ready")
TOO_LARGE = MOST_BYTES + 2**21
SPELLED = ("//metrics", "/./metrics", "/%6detrics", "/x/../metrics", "/metrics?x=1")

if not all(THERE.values()) and os.environ.get("VERTELBOT_REQUIRE_BROWSER") == "1":
    raise pytest.UsageError("no nginx or no Caddy: apt-get install nginx-light caddy")


@dataclass
class Proxied:
    """A Vertelbot behind a proxy."""

    url: str
    folder: Path

    @asynccontextmanager
    async def get(
        self, path: str, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        async with (
            aiohttp.ClientSession(connector=visitor()) as session,
            session.get(
                URL(f"{self.url}{path}", encoded=True), headers=headers, allow_redirects=False
            ) as answer,
        ):
            yield answer

    @asynccontextmanager
    async def post(
        self, path: str, data: BytesIO, headers: Mapping[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"Origin": self.url, "X-Message": "m1", **headers}
        async with (
            aiohttp.ClientSession(connector=visitor()) as session,
            session.post(self.url + path, data=data, headers=headers) as answer,
        ):
            yield answer


def changed(text: str, *changes: tuple[str, str]) -> str:
    """An example fitted to this machine; each of the changes is needed."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def nginx(folder: Path, port: int, behind: int, config: str) -> list[str]:
    """How nginx is started with a file of /etc/nginx/conf.d."""
    (folder / "site.conf").write_text(config)
    places = "".join(
        f"{what}_temp_path {folder / what};"
        for what in ("client_body", "proxy", "fastcgi", "uwsgi")
    )
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder / 'pid'}; error_log {folder / 'error.log'} info;"
        f"events {{}} http {{ {places} scgi_temp_path {folder / 'scgi'};"
        f" access_log {folder / 'access.log'}; include {folder / 'site.conf'}; }}"
    )
    return [str(THERE["nginx"]), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def shipped_nginx(folder: Path, port: int, behind: int) -> list[str]:
    pem = certificate(folder)
    config = changed(
        (DEPLOY / "nginx.conf").read_text("utf-8"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/vertelbot/fullchain.pem", str(pem)),
        ("/etc/ssl/vertelbot/privkey.pem", str(pem)),
        ("http://127.0.0.1:8080;", f"http://127.0.0.1:{behind};"),
    )
    return nginx(folder, port, behind, config)


def plain_nginx(folder: Path, port: int, behind: int) -> list[str]:
    """What somebody types who reads no book: all headers as nginx has them by itself."""
    pem = certificate(folder)
    config = (
        f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {pem}; ssl_certificate_key {pem};"
        f" location / {{ proxy_pass http://127.0.0.1:{behind}; }} }}"
    )
    return nginx(folder, port, behind, config)


def newer_nginx(folder: Path, port: int, behind: int) -> list[str]:
    """The same, as newer versions do: HTTP/1.1 to what is behind."""
    command = plain_nginx(folder, port, behind)
    site = folder / "site.conf"
    site.write_text(
        changed(site.read_text(), ("{ proxy_pass", "{ proxy_http_version 1.1; proxy_pass"))
    )
    return command


def shipped_caddy(folder: Path, port: int, behind: int) -> list[str]:
    config = changed(
        (DEPLOY / "Caddyfile").read_text("utf-8"),
        ("{\n\t# No", "{\n\tadmin off\n\tskip_install_trust\n\tauto_https off\n\t# No"),
        ("{$VERTELBOT_DOMAIN} {", f"https://127.0.0.1:{port} {{\n\ttls {folder}/certificate.pem "
         f"{folder}/certificate.pem\n"),
        ("one:8080 two:8080", f"127.0.0.1:{behind}"),
    )  # fmt: skip
    certificate(folder)
    (folder / "Caddyfile").write_text(config)
    return [str(THERE["caddy"]), "run", "--config", str(folder / "Caddyfile")]


Start = Callable[[Path, int, int], list[str]]
SHIPPED = {"nginx": shipped_nginx, "caddy": shipped_caddy}


@asynccontextmanager
async def proxied(
    start: Start, folder: Path, *, public: bool = True, token: str = ""
) -> AsyncIterator[Proxied]:
    port = free_port()
    (folder / "proxy").mkdir()
    async with BotApi() as api:
        given = settings(folder, telegram=api)
        url = f"https://127.0.0.1:{port}"
        behind, secret = given.web.port, SecretStr(token)
        web = WebSettings(port=behind, public_url=url if public else "", metrics_token=secret)
        given = given.model_copy(update={"web": web})
        async with running(folder, api, given=given):
            with (folder / "said").open("wb") as said:
                process = await asyncio.create_subprocess_exec(
                    *start(folder / "proxy", port, behind),
                    stdout=said,
                    stderr=said,
                    env={"PATH": PATH, "HOME": str(folder)},
                )
            try:
                await listens(port, process)
                yield Proxied(url, folder)
            finally:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()


async def listens(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(30):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
    raise AssertionError("the proxy does not start")


def visitor() -> aiohttp.TCPConnector:
    """Comes from an address by which it can be found in a log."""
    return aiohttp.TCPConnector(ssl=False, local_addr=(VISITOR, 0))


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not THERE[name], reason=f"{name} is not on this machine")


EACH = [pytest.param(name, marks=needs(name)) for name in SHIPPED]


@pytest.mark.parametrize("name", EACH)
async def test_the_shipped_proxy_passes_the_chat_and_nothing_that_is_for_inside(
    name: str, tmp_path: Path
) -> None:
    async with proxied(SHIPPED[name], tmp_path) as site:
        async with site.get("/") as answer:
            assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
            assert not any(letter.isdigit() for letter in answer.headers.get("Server", ""))
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
        for path in (*INSIDE, *SPELLED):
            async with site.get(path) as answer:
                assert answer.status == 404, path
        async with site.post("/voice", BytesIO(bytes(TOO_LARGE)), {"Cookie": cookie}) as answer:
            assert answer.status == 413
            assert "Content-Security-Policy" in answer.headers  # refused by Vertelbot, in its words
        async with (
            aiohttp.ClientSession(connector=visitor()) as session,
            session.ws_connect(
                f"{site.url}/ws", headers={"Origin": site.url, "Cookie": cookie}
            ) as socket,
        ):
            await socket.send_json({"t": "hello", "after": 0, "page": "p1"})
            assert (await socket.receive_json(timeout=10))["t"] == "hello"
    for file in (tmp_path / "said", *(tmp_path / "proxy").glob("*.log")):
        assert VISITOR not in file.read_text("utf-8", "replace")


@pytest.mark.parametrize("token", ["", "a-token"])
@pytest.mark.parametrize("start", [
    pytest.param(plain_nginx, marks=needs("nginx")),
    pytest.param(newer_nginx, marks=needs("nginx")),
])  # fmt: skip
async def test_behind_an_nginx_with_its_own_headers_the_figures_need_a_token(
    start: Start, token: str, tmp_path: Path
) -> None:
    async with proxied(start, tmp_path, token=token) as site:
        async with site.get("/") as answer:
            assert answer.status == 200
        async with site.get("/metrics", {"Host": "localhost"}) as answer:
            assert answer.status == 403
        async with site.get("/metrics", {"Authorization": "Bearer a-token"}) as answer:
            assert answer.status == (200 if token else 403)


@needs("nginx")
async def test_a_plain_nginx_before_a_vertelbot_that_knows_no_address_gets_no_figures(
    tmp_path: Path,
) -> None:
    async with (
        proxied(plain_nginx, tmp_path, public=False) as site,
        site.get("/metrics", {"Host": "localhost"}) as answer,
    ):
        assert answer.status == 403
