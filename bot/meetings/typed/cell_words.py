"""Words in the cells of a table: yes and no, and whether a meeting goes on. One that is not known
is never passed over: it may say that nobody should come."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.meetings.model.problems import BadMeeting, MeetingField, seen

_YES = frozenset(("ja", "j", "waar", "true", "yes", "y", "x", "1", "wel"))
_NO = frozenset(("", "nee", "n", "onwaar", "false", "no", "0", "-", "niet"))
_OFF = re.compile(
    r"(?:is\s+)?(?:afgezegd|geannuleerd|gecanceld|vervalt|vervallen|afgelast|afgeblazen|cancell?ed|"
    r"called off|gaat niet door|niet door|gaat helaas niet door|off)\b"
)
_ON = frozenset((
    "", "-", "gepland", "ingepland", "staat gepland", "bevestigd", "akkoord", "definitief", "vast",
    "gaat door", "gaat wel door", "gaat gewoon door", "door", "ja", "ok", "oké", "oke", "actief",
    "nieuw", "open", "voorlopig", "onder voorbehoud", "optie", "concept", "planned", "scheduled",
    "confirmed", "tentative", "active", "on", "geweest", "afgerond", "voltooid", "done",
    "completed", "nvt", "n v t", "wordt gepland",
))  # fmt: skip
_TICKS = ("-", "–", "—", "✓", "✔", "✔️", "✅", "☑", "👍")
_CROSSES = ("✗", "✘", "❌", "🚫", "⛔", "☒", "✖", "✖️")
KNOWN = "gepland, gaat niet door"


def affirmed(cells: Mapping[str, str], name: MeetingField) -> bool:
    """Whether a cell says yes. Raises BadMeeting when it says something else than yes or no."""
    word = _bare(cells.get(name, ""))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadMeeting("word_unclear", name, seen=seen(cells[name]), known="ja, nee")


def called_off(cells: Mapping[str, str]) -> bool:
    """Whether a meeting does not go on: by its state, or by a column that asks just that."""
    written = cells.get("state", "").strip()
    state = _bare(written)
    off = _OFF.match(state) is not None or written in _CROSSES
    known = state in _ON and (state or written in ("", *_TICKS))
    if "?" in written or not (off or known):
        raise BadMeeting("word_unclear", "state", seen=seen(cells["state"]), known=KNOWN)
    if cells.get("off"):
        off = affirmed(cells, "off") or off
    if cells.get("on"):
        off = not affirmed(cells, "on") or off
    return off


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s-]", " ", text.casefold()).split())
