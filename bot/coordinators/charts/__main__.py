"""The chart worker process: draws a picture for each line it reads, and answers each with a
line."""

from __future__ import annotations

import base64
import json
import sys
from importlib import import_module
from typing import Any

WHERE = {
    "DigestPicture": "digest_picture",
    "BarPicture": "bar",
    "HistogramPicture": "histogram",
    "ScatterPicture": "scatter",
    "TriadPicture": "triad",
    "Relations": "relations",
}
"""Which module draws (or counts) what, with a function `draw`. What another feature has drawn names
its module itself, as `DRAWN_BY`."""


def drawn(line: str) -> dict[str, Any]:
    """The answer to one line."""
    module, name, data = json.loads(line)
    try:
        kind = getattr(import_module(module), name)
        where = getattr(kind, "DRAWN_BY", "") or f"bot.coordinators.charts.{WHERE[name]}"
        made = import_module(where).draw(kind(**data))
    except Exception as error:  # the one who asked hears what kind it was
        return {"error": type(error).__name__}
    return {"made": base64.b64encode(made).decode() if isinstance(made, bytes) else made}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(drawn(line)), flush=True)


if __name__ == "__main__":
    main()
