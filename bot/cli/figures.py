"""`vertelbot figures`: files of figures in, what is kept, and out again."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.cli.common import Commands, Failure, command, show, with_store
from bot.coordinators.phrases import words
from bot.sensemaking.figures.areas import LEVELS, Areas, AreasProblem, areas_in
from bot.sensemaking.figures.figure_sentences import refusal_sentence, remark_sentence
from bot.sensemaking.figures.importing.file_reader import read_figures
from bot.sensemaking.figures.importing.readings import Answers, FileCell, Reading, RefusedLine
from bot.settings import load
from bot.wiring.opening import OpenStore
from storage.engine.transaction import Transaction
from storage.figures import figures
from storage.figures.figures import ImportResult, ListedIndicator

PARTIAL = 3
"""The exit code when a part is refused, and the rest is stored."""
_LANGUAGE = "en"


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    about = "figures that stand beside stories: import, list, remove"
    top = command(commands, common, "figures", about)
    actions = top.add_subparsers(required=True, metavar="action")
    importing = command(
        actions, common, "import", "import a file (CSV, XLSX): StatLine, CBS, template", _import
    )
    importing.add_argument("file", type=Path)
    importing.add_argument("--preview", action="store_true", help="read only; nothing is stored")
    importing.add_argument("--area", default="", help="the area that the whole file is about")
    importing.add_argument("--period", default="", help="the year that the whole file is about")
    importing.add_argument(
        "--level", default="", choices=("", *sorted(LEVELS)), help="of what kind its names are"
    )
    importing.add_argument("--source", default="", help="who made the figures")
    command(actions, common, "list", "every indicator that is kept", _list)
    removing = command(actions, common, "remove", "take out an indicator", _remove)
    removing.add_argument("id", help="the id of the indicator, or the beginning of it")


def _import(options: argparse.Namespace) -> int:
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise Failure(f"{options.file}: cannot be read ({error.strerror})") from None
    answers = Answers(options.area, options.period, options.level, options.source)
    reading = read_figures(data, _areas(options), answers, options.file.name)
    if options.preview:
        _print_preview(options, reading)
        return _code(reading)
    result = ImportResult(0, (), 0, ())
    if reading.cells:
        every = [cell.figure for cell in reading.cells]
        told = len(reading.refused)

        async def work(store: OpenStore) -> ImportResult:
            now = store.clock.now()
            return await store.database.write(
                lambda connection: figures.save(connection, every, now, refused=told)
            )

        result = with_store(options, work)
        reading = _of_another_kind(reading, result)
    _print_import(options, reading, result)
    return _code(reading)


def _code(reading: Reading) -> int:
    if not reading.cells:
        return 1
    return PARTIAL if reading.refused or reading.questions else 0


def _of_another_kind(reading: Reading, result: ImportResult) -> Reading:
    """The reading with what the store refused: another kind than the series that it would be in."""
    hit = {id(figure) for figure in result.kinds}
    for cell in reading.cells:
        if id(cell.figure) in hit:
            slots = {"indicator": cell.figure.indicator.title}
            reading.refused.append(RefusedLine(cell.line, "kind_kept", slots, cell.column))
    return reading


def _areas(options: argparse.Namespace) -> Areas:
    chosen = load(options.config).figures.areas
    try:
        return areas_in(Path(chosen) if chosen else None)
    except AreasProblem as problem:
        raise Failure(str(problem)) from None


def _refused(refused: Sequence[RefusedLine]) -> list[dict[str, Any]]:
    said = words(_LANGUAGE)
    return [
        {"line": each.line, "code": each.code, "message": refusal_sentence(said, each)}
        for each in refused
    ]


def _spans(reading: Reading) -> dict[str, int]:
    """Of how many indicators, areas and periods there are figures."""
    every = [cell.figure for cell in reading.cells]
    return {
        "indicators": len({each.indicator.identity for each in every}),
        "areas": len({each.area for each in every}),
        "periods": len({each.period for each in every}),
    }


def _print_preview(options: argparse.Namespace, reading: Reading) -> None:
    said = words(_LANGUAGE)
    remarks = [remark_sentence(said, each) for each in reading.remarks]
    if options.json:
        told = {
            "outcome": reading.outcome,
            "shape": reading.shape,
            "source": reading.source,
            "questions": reading.questions,
            "figures": [_as_json(cell) for cell in reading.cells],
            "refused": _refused(reading.refused),
            "asked": [{"line": line} for line in reading.asked],
            "remarks": remarks,
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    spans = _spans(reading)
    print(", ".join(f"{count} {name}" for name, count in spans.items()))
    print(f"{len(reading.cells)} figures can be stored; nothing is stored yet.")
    _print_problems(reading, remarks)


def _as_json(cell: FileCell) -> dict[str, Any]:
    figure = cell.figure
    return {
        "line": cell.line,
        "column": cell.column,
        "area": figure.area,
        "period": figure.period,
        "indicator": figure.indicator.title,
        "value": figure.value,
        "unit": figure.indicator.unit,
        "multiplier": figure.indicator.multiplier,
        "kind": figure.indicator.kind,
        "certainty": figure.certainty,
        "lower": figure.lower,
        "upper": figure.upper,
        "missing": figure.missing or None,
    }


def _print_import(options: argparse.Namespace, reading: Reading, result: ImportResult) -> None:
    counts = {
        "added": result.added,
        "changed": len(result.changed),
        "unchanged": result.unchanged,
    }
    if options.json:
        told = {
            **counts,
            "refused": _refused(reading.refused),
            "questions": reading.questions,
            "asked": [{"line": line} for line in reading.asked],
            **_spans(reading),
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    for each in result.changed:
        before, now = each.before, each.now
        print(f"{now.indicator.title}, {now.area}, {now.period}: {before.value} -> {now.value}")
    said = words(_LANGUAGE)
    _print_problems(reading, [remark_sentence(said, each) for each in reading.remarks])


def _print_problems(reading: Reading, remarks: Sequence[str]) -> None:
    said = words(_LANGUAGE)
    for remark in remarks:
        print(remark)
    for question in reading.questions:
        print(said(f"figures.ask.{question}.command"), file=sys.stderr)
    for each in reading.refused:
        where = f"line {each.line}: " if each.line else ""
        print(f"{where}{refusal_sentence(said, each)}", file=sys.stderr)


def _list(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> list[ListedIndicator]:
        return await store.database.read(figures.listed)

    rows = [
        {
            "id": each.id,
            "source": each.indicator.source,
            "table": each.indicator.table,
            "indicator": each.indicator.title,
            "unit": each.indicator.unit,
            "kind": each.indicator.kind,
            "areas": each.areas,
            "first": each.first,
            "last": each.last,
            "figures": each.figures,
        }
        for each in with_store(options, work)
    ]
    if not options.json:
        rows = [{**row, "id": str(row["id"])[:8]} for row in rows]
    show(rows, as_json=options.json, empty="There are no figures yet.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    async def work(store: OpenStore) -> int | None:
        def remove(connection: Transaction) -> int | None:
            found = [e.id for e in figures.listed(connection) if e.id.startswith(options.id)]
            return figures.remove(connection, found[0]) if len(found) == 1 else None

        return await store.database.write(remove)

    gone = with_store(options, work)
    if gone is None:
        raise Failure(f"{options.id} is no indicator: see vertelbot figures list")
    print(f"{gone} figures are gone.")
    return 0
