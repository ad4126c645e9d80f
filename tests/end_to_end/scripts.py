"""Stories as they are told: what is done, in the words on the screen, the same in every channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Say:
    """Type this."""

    text: str


@dataclass(frozen=True)
class Tap:
    """Press the button with this label, or take the place that it stands for."""

    label: str


Deed = Say | Tap


class Teller(Protocol):
    """A person with some channel before them."""

    async def say(self, text: str) -> None: ...

    async def tap(self, label: str) -> None: ...


async def tell(teller: Teller, *scripts: tuple[Deed, ...]) -> None:
    """Do all of it, one after the other."""
    for deed in (deed for script in scripts for deed in script):
        if isinstance(deed, Say):
            await teller.say(deed.text)
        else:
            await teller.tap(deed.label)


RESIDENT: tuple[Deed, ...] = (
    Say("/start"),
    Tap("Een inwoner"),
    Tap("Ja, ik doe mee"),
    Tap("Ja, 16 of ouder"),
    Tap("Wat goed ging"),
    Say("Ik belde op maandag, en op woensdag zat er iemand bij mij aan tafel."),
    Say("Ze vroeg eerst wat ik zelf al had geprobeerd."),
    Tap("Klaar"),
    Say("De stoel bij het raam"),
    Tap("Opgelucht"),
    Tap("Trots"),
    Tap("Klaar met kiezen"),
    Tap("Wij samen"),
    Tap("Ja"),
    Tap("Anders, namelijk"),
    Say("Even op adem komen"),
    Tap("Voor een deel"),
    Tap("Allebei evenveel"),
    Tap("Of ik snel terechtkon"),
    Tap("Klaar met kiezen"),
    Tap("Binnen vijf dagen"),
    Tap("Ja, elke keer"),
    Tap("Past hier niet"),
    Tap("Weet ik niet"),
    Tap("Past hier niet"),
    Tap("Weet ik niet"),
    Tap("Past hier niet"),
    Tap("Weet ik niet"),
    Tap("Oudere"),
    Tap("Klaar met kiezen"),
    Tap("Zo klopt het"),
)
"""A resident, up to the card."""

YES_TO_ALL: tuple[Deed, ...] = (Tap("Ja, dat mag"), Tap("Ik hoor ervan"), Tap("Zo is het goed"))
"""All that can be agreed to by who has no team."""

TO_THE_TEAM: tuple[Deed, ...] = (
    Tap("Ja, dat mag"),
    Tap("Het team"),
    Tap("Andere teams"),
    Tap("Ik hoor ervan"),
    Tap("Zo is het goed"),
)
"""All that a resident of a team can agree to."""

ONLY_KEEP: tuple[Deed, ...] = (Tap("Ja, dat mag"), Tap("Zo is het goed"))
"""Nothing but keeping."""

NO_MORE: tuple[Deed, ...] = (Tap("Nee, klaar"),)
"""Nothing more to tell."""

BRIEF: tuple[Deed, ...] = (
    Say("/start"),
    Tap("Een inwoner"),
    Tap("Ja, ik doe mee"),
    Tap("Ja, 16 of ouder"),
    Tap("Wat goed ging"),
    Say("Ik belde op maandag, en op woensdag zat er iemand bij mij aan tafel."),
    Say("Ze vroeg eerst wat ik zelf al had geprobeerd."),
    Tap("Klaar"),
    Say("De stoel bij het raam"),
    Tap("Opgelucht"),
    Tap("Klaar met kiezen"),
    Say("/overslaan"),
    Tap("Nee"),
    Tap("Zo klopt het"),
    Tap("Ja, dat mag"),
    Tap("Ik hoor ervan"),
    Tap("Zo is het goed"),
)
"""A resident who skips what may be skipped; kept."""

PROFESSIONAL: tuple[Deed, ...] = (
    Say("/start"),
    Tap("Iemand van een team"),
    Tap("Meer weten"),
    Tap("Ja, ik doe mee"),
    Tap("Wat schuurde"),
    Say("We hadden drie overleggen nodig voor wat de buurvrouw in een middag regelde."),
    Tap("Klaar"),
    Say("De middag van de buurvrouw"),
    Tap("Verbaasd"),
    Tap("Klaar met kiezen"),
    Tap("De buurt"),
    Tap("Klaar met kiezen"),
    Tap("Ja"),
    Tap("Bouwen op wat lukt"),
    Tap("Praktische hulp"),
    Tap("Ja"),
    Tap("Eerder: De hele kring eromheen"),
    Tap("Mijn eigen team"),
    Tap("De gemeente"),
    Tap("Klaar met kiezen"),
    Tap("Past hier niet"),
    Tap("Geregeld"),
    Tap("Allebei evenveel"),
    Tap("Buurt of vrijwilligers"),
    Tap("Klaar met kiezen"),
    Tap("Vertrouwen, Speelruimte"),
    Tap("Ik werk met inwoners"),
    Tap("Groep of buurt"),
    Tap("Klaar met kiezen"),
    Tap("Zo klopt het"),
)
"""A professional with the extra round, up to the card."""
