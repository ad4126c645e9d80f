"""The page as a screen reader has it: Chromium's own tree of roles, names and states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page

SPOKEN = {"button", "link", "textbox", "slider", "dialog", "checkbox", "article", "log"}
"""Roles that say nothing without a name."""

PAGE = "RootWebArea"
FOCUSED = "document.activeElement === document.body ? document : document.activeElement"


@dataclass(frozen=True)
class Node:
    """One thing that is read out."""

    role: str
    name: str
    value: str
    states: dict[str, Any]


class Tree:
    """What a screen reader finds on a page."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    @classmethod
    async def of(cls, page: Page) -> Tree:
        return cls(await page.context.new_cdp_session(page))

    async def nodes(self) -> list[Node]:
        """Everything that is read out, in order."""
        return _read(await self._session.send("Accessibility.getFullAXTree"))

    async def focused(self) -> Node:
        """What has the focus; the page itself when it is nowhere."""
        here = await self._session.send("Runtime.evaluate", {"expression": FOCUSED})
        asked = {"objectId": here["result"]["objectId"], "fetchRelatives": False}
        [node] = _read(await self._session.send("Accessibility.getPartialAXTree", asked))
        assert node.role == PAGE or node.states["focused"], node
        return node


def nameless(nodes: list[Node]) -> list[Node]:
    """What could be used, or is a place to go to, and says nothing."""
    return [node for node in nodes if node.role in SPOKEN and not node.name]


def _read(found: dict[str, Any]) -> list[Node]:
    return [
        Node(
            node["role"]["value"],
            node.get("name", {}).get("value", ""),
            str(node.get("value", {}).get("value", "")),
            {each["name"]: each["value"].get("value") for each in node["properties"]},
        )
        for node in found["nodes"]
        if not node["ignored"] and "role" in node
    ]
