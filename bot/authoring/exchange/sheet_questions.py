"""Makes the steps of a guide out of the rows of a sheet, and tells of every row what became of
it."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from bot.authoring.exchange import own_columns
from bot.authoring.exchange.sheet_file import SheetFile, SheetRow
from bot.authoring.exchange.sheet_languages import TRANSLATED, Languages
from bot.authoring.exchange.sheet_rows import OpenGroup, SheetQuestions, SheetRows, made_id
from conversations.guide.model import PURPOSES

DEVICE = frozenset(
    {
        "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username",
        "email", "audit", "imei", "start-geopoint", "background-audio", "background-geopoint",
        "uuid",
    }
)  # fmt: skip
"""Data of the device or of whoever holds it."""
_PLAIN = {
    "note": "say", "text": "text", "string": "text", "integer": "text", "int": "text",
    "decimal": "text", "range": "scale", "audio": "tell", "image": "tell", "photo": "tell",
    "acknowledge": "consent", "trigger": "consent",
}  # fmt: skip
_LOST = frozenset(
    {
        "calculate", "hidden", "geopoint", "geotrace", "geoshape", "location", "date", "time",
        "datetime", "barcode", "file", "video", "rank", "select_one_from_file",
        "select_multiple_from_file", "select_one_external", "xml-external", "csv-external",
        "entity", "osm", "csv",
    }
)  # fmt: skip
_ONE = ("select_one", "select1")
_MANY = ("select_multiple",)
_KNOWN = (
    *_PLAIN, *_LOST, *DEVICE, "select_one", "select_multiple", "begin group", "end group",
    "begin repeat", "end repeat",
)  # fmt: skip
_COUNTED = re.compile(r"count-selected\(\s*\.\s*\)\s*<(=?)\s*(\d+)")
_BETWEEN = re.compile(r"\.\s*>(=?)\s*(-?\d+)\s+and\s+\.\s*<(=?)\s*(-?\d+)", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.-]*")
"""What a question may be called, for every program that reads such forms."""
_FEW = 8
"""Whole numbers that are offered as buttons."""
_MOST = 3


def questions_of(file: SheetFile, languages: Languages) -> SheetQuestions:
    """The steps of a sheet in their order."""
    return _Reader(file, languages).read()


class _Reader(SheetRows):
    def read(self) -> SheetQuestions:
        self._name_all()
        for row in self.file.sheet("survey").rows:
            self._row(row)
        for group in self.open:
            self.tell("survey", group.row, "group-open", kind=group.kind)
        return self.found

    def _name_all(self) -> None:
        """The id of each name, so that a condition may look at any of them."""
        taken: set[str] = set()
        for row in self.file.sheet("survey").rows:
            name = row["name"].strip()
            if not name or row["type"].casefold().startswith("end"):
                continue
            if name in self.names:
                self.tell("survey", row.number, "name-twice", name=name, first=self.names[name])
                continue
            self.names[name] = row.number
            if not _NAME.fullmatch(name):
                self.tell("survey", row.number, "bad-name", name=name)
            found = made_id(name, taken)
            taken.add(found)
            self.ids[name] = found
            if name.casefold() == "data":
                self.tell("survey", row.number, "name-data")

    def _row(self, row: SheetRow) -> None:
        written = " ".join(row["type"].split())
        if not written:
            if row["name"] or row["label"]:
                self.tell("survey", row.number, "no-type")
            return None
        type_ = written.casefold().replace("begin_", "begin ").replace("end_", "end ")
        if written != written.casefold() and type_.split()[0] in _words(_KNOWN):
            self.tell("survey", row.number, "type-capital", type=written)
        if type_.startswith(("begin ", "end ")):
            return self._group(row, type_)
        if own_columns.is_own(row):
            return self._own(row)
        kind = type_.split()[0]
        if kind in DEVICE:
            self.tell("survey", row.number, "device-dropped", type=written)
        elif kind in _LOST or " from file" in type_ or type_.startswith("select_one_from"):
            self.tell("survey", row.number, "type-lost", type=written, name=row["name"])
        elif maker := self._maker(type_, kind):
            self._question(row, maker, written)
        else:
            near = get_close_matches(kind, _KNOWN, 1, 0.5)
            self.tell("survey", row.number, "unknown-type", type=written, near="".join(near))
        return None

    def _maker(self, type_: str, kind: str) -> Callable[[SheetRow, dict[str, Any]], None] | None:
        if kind in _ONE or type_.startswith("select one "):
            return self._choice
        if kind in _MANY or type_.startswith(("select multiple ", "select all that apply ")):
            return self._choices
        makers = {
            "say": self._say,
            "text": self._text,
            "scale": self._scale,
            "tell": self._file,
            "consent": self._consent,
        }
        return makers.get(_PLAIN.get(kind, ""))

    # groups

    def _group(self, row: SheetRow, type_: str) -> None:
        word, _, kind = type_.partition(" ")
        kind = kind.split()[0] if kind.split() else "group"
        if word == "end":
            if not self.open or self.open[-1].kind != kind:
                self.tell("survey", row.number, "group-closed", kind=kind)
            else:
                self.open.pop()
            return
        if kind == "repeat":
            self.tell("survey", row.number, "repeat-lost", name=row["name"])
        label = self.languages.texts(row, "label").get(self.languages.source, "")
        self.open.append(OpenGroup(row.number, kind, self.condition(row), label))

    # one question

    def _question(
        self, row: SheetRow, maker: Callable[[SheetRow, dict[str, Any]], None], written: str
    ) -> None:
        name = row["name"].strip()
        if not name:
            self.tell("survey", row.number, "no-name", type=written)
            return
        step_id = self.ids[name]
        if self.names[name] != row.number:
            return
        if step_id != name.casefold():
            self.tell("survey", row.number, "name-changed", name=name, id=step_id)
        said = self.texts(row, "label", "survey")
        hints = (
            {} if _PLAIN.get(written.casefold()) == "scale" else self.languages.texts(row, "hint")
        )
        says = {code: _with_hint(text, hints.get(code, "")) for code, text in said.items()}
        source = self.languages.source
        if source not in says:
            self.tell("survey", row.number, "no-label", name=name)
        step: dict[str, Any] = {"id": step_id, "kind": "say", "say": says.get(source, name)}
        self.translate(f"{step_id}.say", says)
        if condition := self.all_conditions(row):
            step["when"] = condition
        maker(row, step)
        if not step.get("kind"):
            return
        if _is_yes(row["required"]) and step["kind"] in _SKIPPABLE:
            step["skip"] = False
        if row["choice_filter"]:
            self.tell("survey", row.number, "filter-lost", name=name)
        self._keep(step)

    def _keep(self, step: dict[str, Any]) -> None:
        place = self.found.consents if step["kind"] == "consent" else self.found.steps
        place.append(step)
        for group in self.open:
            if group.label:
                self.found.sections.setdefault(step["id"], group.label)
                group.label = ""
        self.found.counts[step["kind"]] = self.found.counts.get(step["kind"], 0) + 1

    def _own(self, row: SheetRow) -> None:
        source = self.languages.source
        step = own_columns.step_of_row(row, source, {t: self.own_texts(row, t) for t in TRANSLATED})
        for column, key in own_columns.text_columns(step):
            self.translate(key, self.own_texts(row, column))
        for each in self.lists.get(step["id"], ()):
            key = "pole" if step["kind"] in ("scale", "triad") else "option"
            option = own_columns.option_of_row(
                each, source, {t: self.own_texts(each, t) for t in TRANSLATED}
            )
            step.setdefault(f"{key}s", []).append(option)
            for column, name in own_columns.option_columns(step["id"], key, option["id"]):
                self.translate(name, self.own_texts(each, column))
        self.found.steps.append(step)
        self.found.counts[step["kind"]] = self.found.counts.get(step["kind"], 0) + 1

    def _say(self, _row: SheetRow, step: dict[str, Any]) -> None:
        step["kind"] = "say"

    def _choice(self, row: SheetRow, step: dict[str, Any]) -> None:
        self._select(row, step, "choice")

    def _choices(self, row: SheetRow, step: dict[str, Any]) -> None:
        self._select(row, step, "choices")
        count = len(step.get("options", ()))
        counted = _COUNTED.search(row["constraint"])
        most = int(counted[2]) - (counted[1] != "=") if counted else min(count, _MOST)
        step["max"] = min(max(most, 2), max(count, 2))
        if row["constraint"] and not counted:
            self.tell("survey", row.number, "constraint-lost", text=row["constraint"])

    def _select(self, row: SheetRow, step: dict[str, Any], kind: str) -> None:
        words = row["type"].split()
        plain = [w for w in words if w.casefold() not in _SELECT_WORDS]
        list_name = plain[0] if plain else ""
        step["kind"] = kind
        if {"or_other"} & {w.casefold() for w in words} or "or other" in row["type"].casefold():
            step["other"] = True
            self.tell("survey", row.number, "other-added", name=row["name"])
        step["options"] = []
        if list_name not in self.lists:
            near = get_close_matches(list_name, list(self.lists), 1, 0.5)
            self.tell("survey", row.number, "no-list", list=list_name, near="".join(near))
            return
        taken: set[str] = {"other", "skip"}
        seen: set[str] = set()
        labels: dict[str, int] = {}
        for each in self.lists[list_name]:
            name = each["name"].strip()
            if not name:
                self.tell("choices", each.number, "choice-no-name", list=list_name)
                continue
            if name in seen:
                self.tell("choices", each.number, "choice-twice", list=list_name, name=name)
                continue
            seen.add(name)
            option_id = made_id(name, taken)
            taken.add(option_id)
            self.option_ids[step["id"], name] = option_id
            said = self.texts(each, "label", "choices")
            label = said.get(self.languages.source, "")
            if not label:
                self.tell("choices", each.number, "choice-no-label", name=name)
            read = " ".join(label.casefold().split())
            if read and read in labels:
                first = labels[read]
                self.tell("choices", each.number, "label-twice", label=label, first=first)
            labels.setdefault(read, each.number)
            step["options"].append({"id": option_id, "label": label or name})
            self.translate(f"{step['id']}.option.{option_id}", said)

    def _text(self, row: SheetRow, step: dict[str, Any]) -> None:
        kind = row["type"].split()[0].casefold()
        if kind in ("integer", "int", "decimal"):
            return self._number(row, step)
        if "multiline" in row["appearance"].casefold() and not self.tells:
            step["kind"] = "tell"
            self.tells = True
            return None
        step["kind"] = "text"
        if row["constraint"]:
            self.tell("survey", row.number, "constraint-lost", text=row["constraint"])
        return None

    def _number(self, row: SheetRow, step: dict[str, Any]) -> None:
        """A number of few values becomes buttons; else it is typed."""
        between = _BETWEEN.search(row["constraint"])
        if between:
            low = int(between[2]) + (between[1] != "=")
            high = int(between[4]) - (between[3] != "=")
            if 2 <= high - low + 1 <= _FEW:
                step["kind"] = "choice"
                numbers = range(low, high + 1)
                step["options"] = [
                    {"id": f"n{n}".replace("-", "min"), "label": str(n)} for n in numbers
                ]
                for n, option in zip(numbers, step["options"], strict=True):
                    self.option_ids[step["id"], str(n)] = option["id"]
                self.tell("survey", row.number, "integer-choice", low=low, high=high)
                return
        step["kind"] = "text"
        step["max"] = _DIGITS
        text = row["constraint"]
        self.tell("survey", row.number, "integer-text", name=row["name"], text=text or "–")

    def _scale(self, row: SheetRow, step: dict[str, Any]) -> None:
        step["kind"] = "scale"
        hints = self.languages.texts(row, "hint")
        poles = {code: [p.strip() for p in hint.split("|")] for code, hint in hints.items()}
        poles = {code: pair for code, pair in poles.items() if len(pair) == _TWO and all(pair)}
        source = self.languages.source
        if source not in poles:
            given = dict(re.findall(r"(\w+)\s*=\s*(-?[\d.]+)", row["parameters"]))
            poles = {source: [given.get("start", "0"), given.get("end", "10")]}
            self.tell("survey", row.number, "range-poles", name=row["name"])
        step["poles"] = [
            {"id": pole_id, "label": label}
            for pole_id, label in zip(("low", "high"), poles[source], strict=True)
        ]
        for place, pole_id in enumerate(("low", "high")):
            said = {code: pair[place] for code, pair in poles.items()}
            self.translate(f"{step['id']}.pole.{pole_id}", said)

    def _file(self, row: SheetRow, step: dict[str, Any]) -> None:
        """A recording or picture is a way to tell: the story takes both."""
        self.tell("survey", row.number, "file-in-story", type=row["type"], name=row["name"])
        if self.tells:
            step["kind"] = ""
            return
        step["kind"] = "tell"
        self.tells = True

    def _consent(self, row: SheetRow, step: dict[str, Any]) -> None:
        purpose = row["vertelbot::doel"].strip().casefold()
        if not purpose:
            self.tell("survey", row.number, "acknowledge-said", name=row["name"])
            step["kind"] = "say"
            return
        if purpose not in PURPOSES:
            words = ", ".join(PURPOSES)
            self.tell("survey", row.number, "purpose-unknown", purpose=purpose, words=words)
            step["kind"] = "say"
            return
        step |= {"kind": "consent", "purpose": purpose}
        step.pop("when", None)


_TWO = 2
_DIGITS = 12
_SKIPPABLE = ("choice", "choices", "scale", "text")
_SELECT_WORDS = (
    "select_one", "select_multiple", "select", "one", "multiple", "all", "that", "apply", "from",
    "or_other", "or", "other", "select1",
)  # fmt: skip


def _with_hint(text: str, hint: str) -> str:
    return f"{text} {hint}".strip() if hint and hint not in text else text


def _is_yes(text: str) -> bool:
    return text.strip().casefold() in ("yes", "true", "true()", "ja", "1")


def _words(types: tuple[str, ...]) -> set[str]:
    return {each.split()[0] for each in types}
