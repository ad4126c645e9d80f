"""`python -m benchmarks [NAME]`: all benchmarks, or one of them."""

from __future__ import annotations

import argparse
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
    name = parser.parse_args().name
    for each in [name] if name else names():
        print(f"== {each}", flush=True)
        sys.argv = [f"benchmarks.{each}"]
        runpy.run_module(f"benchmarks.{each}", run_name="__main__")


if __name__ == "__main__":
    main()
