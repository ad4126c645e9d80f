"""The limit on open files, and so on connections, of this process."""

from __future__ import annotations

import logging
import resource

MOST_FILES = 65_536
"""Files that are asked for: more than enough for every page that may be open."""
RESERVE = 512
"""Files that pages leave to the database, to what goes out, and to visitors without a page."""

_log = logging.getLogger(__name__)


def connections_that_fit(pages: int) -> int:
    """So many connections as may be open beside the files of the database and of what goes out: all
    pages, and of the rest half at most."""
    return pages + min(pages, (raised() - pages) // 2)


def raised() -> int:
    """Raise the soft limit as far as is allowed and useful; the limit that holds now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_FILES if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        return soft
    return wanted


def pages_that_fit(pages: int) -> int:
    """So many pages as are wanted, or as there are files for; said once when that is fewer."""
    files = raised()
    fit = max(files // 2, files - RESERVE)
    if fit >= pages:
        return pages
    _log.warning(
        "%d pages can be open at once instead of %d: this process may have %d files open "
        "(LimitNOFILE in the unit, ulimits in compose)",
        fit,
        pages,
        files,
    )
    return fit
