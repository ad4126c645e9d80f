"""`python -m benchmarks [NAME [ARGUMENT …]]`: all benchmarks, or one of them with
arguments of its own: `python -m benchmarks table --only typed names`."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from pathlib import Path


def names() -> list[str]:
    """The modules here that can be run."""
    return sorted(
        path.stem
        for path in Path(__file__).parent.glob("[a-z]*.py")
        if 'if __name__ == "__main__"' in path.read_text("utf-8")
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=names(), help="default: all of them")
    given, rest = parser.parse_known_args()
    for each in [given.name] if given.name else names():
        print(f"== {each}: load {os.getloadavg()[0]:.1f}", flush=True)
        sys.argv = [f"benchmarks.{each}", *rest]
        runpy.run_module(f"benchmarks.{each}", run_name="__main__")


if __name__ == "__main__":
    main()
