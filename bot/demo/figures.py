"""Invented figures of the invented municipalities, as three makers of figures would bring them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from storage.engine.transaction import Transaction
from storage.figures import figures
from storage.figures.model import Certainty, Figure, Indicator

CODES = ("GM9001", "GM9002", "GM9003", "GM9004", "NL01")
YEARS = 4
SOURCE = "Verzonnen cijfers"
YOUTH = Indicator("Jongeren met jeugdhulp", SOURCE, "", "% van jongeren", 1, "percentage")
LONELY = Indicator("Ernstig eenzaam, 18 jaar of ouder", SOURCE, "", "%", 1, "percentage")
SUPPORT = Indicator("Wmo-gebruik", SOURCE, "", "per 1.000 inwoners", 1, "per_1000")


def bring(connection: Transaction, clock: Clock) -> None:
    """Import them: of the last years, the newest still provisional, and those a week ago again, a
    little higher. So a session of before shows that its figures changed since."""
    now = clock.now()
    every: list[Figure] = []
    for place, code in enumerate(CODES):
        for back in range(YEARS):
            year = str(now.year - 1 - back)
            sure: Certainty = "definitive" if back else "provisional"
            every += [
                Figure(YOUTH, code, year, 10.4 + 0.9 * place - 0.2 * back, sure),
                Figure(SUPPORT, code, year, 88.0 + 6 * place - 2 * back, sure),
            ]
        value = 10.2 + 0.8 * place
        low, high = round(value - 1.3, 1), round(value + 1.4, 1)
        modelled = Figure(LONELY, code, str(now.year - 2), value, "modelled", "", low, high)
        every.append(modelled)
    figures.save(connection, every, now - timedelta(weeks=9))
    final = [
        replace(each, value=round(each.value + 0.3, 1), certainty="definitive")
        for each in every
        if each.certainty == "provisional" and each.value is not None
    ]
    figures.save(connection, final, now - timedelta(weeks=1))
