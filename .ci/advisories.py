"""Decides what an audit of the libraries means. `python advisories.py REPORT`, the JSON of
`pip-audit --format json`: exit code 1 when an advisory has a version that mends it. When there is
no report, because the database of advisories could not be reached, that is said, and work goes on;
so it does with an advisory that nothing mends yet."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def verdict(report: str) -> tuple[int, list[str]]:
    """The exit code, and what is to be said."""
    try:
        libraries = json.loads(report)["dependencies"]
        found = [
            (one["name"], one["version"], advisory["id"], advisory["fix_versions"])
            for one in libraries
            for advisory in one.get("vulns", ())
        ]
        skipped = [f"{one['name']}: not looked at" for one in libraries if "skip_reason" in one]
    except (ValueError, KeyError, TypeError, AttributeError):
        return 0, [
            "The database of advisories could not be reached: the libraries are NOT audited."
        ]
    if len(skipped) == len(libraries):
        return 0, ["The report looked at no library: the libraries are NOT audited."]
    said = [
        f"{name} {version}: {advisory}, "
        + (f"mended in {', '.join(fixes)}: upgrade it" if fixes else "nothing mends it yet")
        for name, version, advisory, fixes in found
    ]
    code = int(any(fixes for *_, fixes in found))
    return code, [*skipped, *said] or [f"{len(libraries)} libraries, no advisory."]


def main(path: Path) -> int:
    code, said = verdict(path.read_text("utf-8") if path.is_file() else "")
    print("\n".join(said))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
