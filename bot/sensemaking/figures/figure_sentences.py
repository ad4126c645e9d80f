"""Figures in sentences: values as people write them, how sure they are, what is refused and why."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.coordinators.phrases import CoordinatorPhrases
from bot.sensemaking.figures.importing.readings import RefusedLine, Remark
from storage.figures.model import Figure, Indicator

_KINDS = ("count", "percentage", "per_1000", "rate", "euro", "score", "index")


def refusal_sentence(said: CoordinatorPhrases, refusal: RefusedLine) -> str:
    """Why something of a file is not stored, and how to mend it."""
    slots = dict(refusal.slots)
    for name in ("one", "other"):
        if slots.get(name) in (*_KINDS, "other"):
            slots[name] = said(f"figures.kind.{slots[name]}")
    nothing = refusal.code == "no_period" and slots.get("period") == "-"
    return said(f"figures.refused.{refusal.code}{'.empty' if nothing else ''}", **slots)


def remark_sentence(said: CoordinatorPhrases, remark: Remark) -> str:
    """What must be known about an area of the file."""
    slots = dict(remark.slots)
    if day := slots.get("day"):
        slots["day"] = format_date(date.fromisoformat(day), "d MMMM y", locale=said.language)
    return said(f"figures.remark.{remark.code}", **slots)


def value_sentence(said: CoordinatorPhrases, figure: Figure) -> str:
    """A value with its unit; or why there is none."""
    if figure.value is None:
        if figure.missing == "withheld" and figure.upper is not None:
            return said("figures.missing.below", n=_number(said, figure.upper))
        return said(f"figures.missing.{figure.missing}")
    return _with_unit(said, figure.indicator, _number(said, figure.value))


def certainty_sentence(said: CoordinatorPhrases, figure: Figure) -> str:
    """How sure a figure is."""
    if figure.value is None:
        return ""
    if figure.lower is not None and figure.upper is not None:
        ends = {"lower": _number(said, figure.lower), "upper": _number(said, figure.upper)}
        return said("figures.certainty.between", **ends)
    return said(f"figures.certainty.{figure.certainty}")


def source_sentence(said: CoordinatorPhrases, indicator: Indicator) -> str:
    """Where an indicator comes from."""
    source = indicator.source or said("figures.source.own")
    return f"{source}, {indicator.table}" if indicator.table else source


def _with_unit(said: CoordinatorPhrases, indicator: Indicator, number: str) -> str:
    if indicator.kind == "percentage":
        return f"{number}%"
    if indicator.unit:
        return (
            f"{number} ({indicator.unit})"
            if indicator.multiplier > 1
            else (
                f"{number} {indicator.unit}"
                if indicator.unit != said("figures.unit.plain")
                else number
            )
        )
    return f"€ {number}" if indicator.kind == "euro" else number


def _number(said: CoordinatorPhrases, value: float) -> str:
    digits = 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 3
    return str(format_decimal(round(value, digits), locale=said.language))


def period_words(said: CoordinatorPhrases, period: str) -> str:
    """A period as people say it."""
    year, behind = period[:4], period[5:]
    if behind[:1] in ("H", "Q") and len(behind) == 2:
        return said(f"figures.period.{behind[0].lower()}", n=behind[1], year=year)
    try:
        if len(period) == 10 and "/" not in period:
            return str(format_date(date.fromisoformat(period), "d MMMM y", locale=said.language))
        if len(period) == 7 and period[4] == "-":
            day = date(int(year), int(behind), 1)
            return str(format_date(day, "LLLL y", locale=said.language))
    except ValueError:
        return period
    return period
