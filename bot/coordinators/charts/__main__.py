"""The chart worker process: draws a picture for each line it reads, and answers each with a
line."""

from __future__ import annotations

import base64
import json
import sys
from importlib import import_module
from typing import Any

from bot.coordinators.charts import picture_data

WHERE = {
    "DigestPicture": "digest_picture",
    "BarPicture": "bar",
    "HistogramPicture": "histogram",
    "ScatterPicture": "scatter",
    "TriadPicture": "triad",
    "Relations": "relations",
}
"""Which module draws (or counts) what, with a function `draw`."""


def drawn(line: str) -> dict[str, Any]:
    """The answer to one line."""
    name, data = json.loads(line)
    try:
        picture = getattr(picture_data, name)(**data)
        made = import_module(f"bot.coordinators.charts.{WHERE[name]}").draw(picture)
    except Exception as error:  # the one who asked hears what kind it was
        return {"error": type(error).__name__}
    return {"made": base64.b64encode(made).decode() if isinstance(made, bytes) else made}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(drawn(line)), flush=True)


if __name__ == "__main__":
    main()
