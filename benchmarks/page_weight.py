"""How heavy the web chat is, and when a phone shows its first words:
`python -m benchmarks.page_weight [--rounds N] [--line NAME …]`.

A real Chromium opens the chat of a Vertelbot of its own, over lines and with a processor that are
slowed down. Bytes are those on the line, heads included; of the socket they are those of its words
before they are packed. What the typeface, the face and the icons take stands apart: they come after
the first words. The slowed line does not slow the socket, so the first words that come over it are
earlier here than on a real line; those that stand in the page are not.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from benchmarks.bots import python
from tests.browser.conftest import PHONE
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.end_to_end.kit import free_port

AFTERWARDS = (".woff2", ".svg", ".png", ".ico", ".webmanifest")


@dataclass(frozen=True)
class Line:
    """A line and a processor: milliseconds, bits a second (0: as it is), how many times slower."""

    name: str
    latency: int = 0
    bits: int = 0
    slower: int = 1


LINES = (
    Line("as it is"),
    Line("fast 3G", 562, 1_440_000, 4),
    Line("slow 3G", 400, 400_000, 4),
    Line("slow 3G, far away", 2000, 400_000, 4),
)

WATCH = """
window.first = {};
const seen = (name, selector) => new Promise((resolve) => {
  const look = () => {
    const found = document.querySelector(selector);
    if (!found?.textContent.trim() || !found.getBoundingClientRect().height) return;
    first[name] ??= performance.now();
    watching.disconnect();
    resolve();
  };
  const watching = new MutationObserver(() => requestAnimationFrame(look));
  watching.observe(document, { childList: true, subtree: true, attributes: true });
});
seen("bubble", ".bot .bubble");
window.ready = seen("buttons", ".live .answers .choice:not([aria-disabled])");
"""
FIRSTS = """() => ({
  paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  ...window.first,
})"""


@dataclass
class Traffic:
    """What came over the line to one page."""

    requests: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    socket: int = 0

    def listen(self, session: CDPSession) -> None:
        urls: dict[str, str] = {}

        def asked(event: dict[str, Any]) -> None:
            if event["request"]["url"].startswith("http"):
                urls[event["requestId"]] = event["request"]["url"]

        def came(event: dict[str, Any]) -> None:
            url = urls.get(event["requestId"])
            if url and event["encodedDataLength"]:  # nothing when it came from the cache
                self.requests.append(url)
                self.sizes[url] = event["encodedDataLength"]

        def said(event: dict[str, Any]) -> None:
            self.socket += len(event["response"]["payloadData"].encode())

        session.on("Network.requestWillBeSent", asked)
        session.on("Network.loadingFinished", came)
        session.on("Network.webSocketCreated", lambda event: self.requests.append(event["url"]))
        session.on("Network.webSocketFrameReceived", said)

    @property
    def counted(self) -> list[str]:
        """The requests but those for what comes after the first words."""
        return [url for url in self.requests if not url.endswith(AFTERWARDS)]

    def __str__(self) -> str:
        heavy = sum(self.sizes.get(url, 0) for url in self.counted) + self.socket
        later = sum(size for url, size in self.sizes.items() if url.endswith(AFTERWARDS))
        count = f"{len(self.counted)} requests, {heavy / 1000:.1f} kB"
        return f"{count}; afterwards {later / 1000:.1f} kB"


async def slowed(page: Page, line: Line) -> CDPSession:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    limits = {"latency": line.latency, "offline": False}
    speed = line.bits / 8 if line.bits else -1
    await session.send(
        "Network.emulateNetworkConditions",
        {**limits, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    await session.send("Emulation.setCPUThrottlingRate", {"rate": line.slower})
    return session


async def opened(browser: Browser, url: str, line: Line) -> tuple[list[dict[str, float]], Traffic]:
    """Open the chat for the first time, then load it again: when what was there, in seconds."""
    context = await browser.new_context(**PHONE, locale="nl-NL")
    page = await context.new_page()
    await page.add_init_script(WATCH)
    traffic = Traffic()
    traffic.listen(await slowed(page, line))
    times = []
    for again in (False, True):
        await (page.reload(timeout=90_000) if again else page.goto(url, timeout=90_000))
        await page.evaluate("() => window.ready")
        await page.wait_for_load_state("networkidle", timeout=90_000)
        found = await page.evaluate(FIRSTS)
        times.append({name: at / 1000 for name, at in found.items()})
        if len(times) == 1:
            first, traffic.requests = traffic.requests, []
            sizes, traffic.sizes = traffic.sizes, {}
            heavy, traffic.socket = traffic.socket, 0
    await context.close()
    return times, Traffic(first, sizes, heavy)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[str]:
    """The address of a Vertelbot that answers."""
    port = free_port()
    (folder / "config.toml").write_text(f"[web]\nport = {port}\n")
    async with python(folder, "-m", "bot", "run"), aiohttp.ClientSession() as client:
        url = f"http://127.0.0.1:{port}/"
        while True:
            try:
                async with client.get(url):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
        yield url


async def measure(lines: Sequence[Line], rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        async with running(Path(name)) as url, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            print("| line and processor | first paint | first bubble | buttons work | reload |")
            print("|---|--:|--:|--:|--:|")
            for line in lines:
                each = [await opened(browser, url, line) for _ in range(rounds)]
                first = [times[0] for times, _ in each]
                again = [times[1]["bubble"] for times, _ in each]
                middle = [
                    *(statistics.median(one[key] for one in first) for key in ("paint", "bubble")),
                    statistics.median(one["buttons"] for one in first),
                    statistics.median(again),
                ]
                print(f"| {line.name} | " + " | ".join(f"{one:.2f} s" for one in middle) + " |")
            print(f"\n{each[0][1]}")
            await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--line", nargs="+", choices=[line.name for line in LINES])
    wanted = parser.parse_args()
    lines = [line for line in LINES if not wanted.line or line.name in wanted.line]
    asyncio.run(measure(lines, wanted.rounds))
