"""Renders charts in the helper process, so that a chat never waits for one."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.coordinators.charts import drawing
from bot.coordinators.charts.drawing import CannotDraw as CannotDraw
from bot.helper.tasks import Helper, HelperFailed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

KEPT = 64
"""Pictures that are remembered."""


class ChartRenderer:
    """The same picture is drawn once."""

    def __init__(self, helper: Helper) -> None:
        self.helper = helper
        self._drawn: OrderedDict[bytes, str] = OrderedDict()

    async def draw(self, picture: DataclassInstance) -> str:
        """A picture of `picture_data`: PNG in base64, or SVG. Raises CannotDraw."""
        mark = hashlib.sha256(pickle.dumps(picture)).digest()
        if mark not in self._drawn:
            self._drawn[mark] = await self._made(drawing.drawn, picture)
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(mark)
        return self._drawn[mark]

    async def once(self, picture: DataclassInstance) -> str:
        """What becomes of something that is not remembered: it holds words of stories, on many
        pages. Raises CannotDraw."""
        return await self._made(drawing.typeset, picture)

    async def _made(
        self, draw: Callable[[DataclassInstance], object], picture: DataclassInstance
    ) -> str:
        try:
            return str(await self.helper.run(draw, picture))
        except HelperFailed as problem:
            raise CannotDraw(str(problem)) from None
