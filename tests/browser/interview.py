"""A short interview with one of everything, as a script for the stage."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.base import Account, Arrival
from conversations.engine.card import card_text
from conversations.engine.effects import Button, Card, CardRow, Control, Mark, Say, Tick
from conversations.engine.events import Command, Placed, Said, Tapped
from tests.channels.web.stage import Shown, Stage

FEELINGS = {"o:glad": "Blij", "o:angry": "Boos", "o:hopeful": "Hoopvol", "o:proud": "Trots"}
POLES = ("Wat mij zorgen gaf", "Wat ik zelf goed kan")
CORNERS = ("Luisteren", "Praktische hulp", "Samen met mijn omgeving")
CARD = Card(
    "Een uur aan de keukentafel",
    "Zij luisterde een uur.\n\nDaarna hoorde ik niets.",
    (
        CardRow("Gevoel", "Boos", step="feeling"),
        CardRow("Gesprek ging over", "…", POLES, (55,), step="scale"),
        CardRow("Waar het om draaide", "…", CORNERS, (20, 30, 50), step="triad"),
    ),
    name_step="name",
    text_step="tell",
)
CODE = "appel ladder wolk fiets lantaarn"

SKIP = Button("skip", "Weet ik niet")
QUESTIONS = (
    Say(
        "Meedoen? Het duurt drie minuten.",
        (Button("o:yes", "Ja, ik doe mee"), Button("o:no", "Nee, liever niet")),
        control=Control("buttons"),
    ),
    Say("Vertel het maar. Tik op Klaar als het af is.", control=Control("tell", max=6000)),
    Say("Gevoel erbij?\nKies er hooguit 2.", control=Control("choices", max=2)),
    Say("Schaal: waar ging het over?", (SKIP,), control=Control("scale", poles=POLES)),
    Say("Driehoek: waar draaide het om?", (SKIP,), control=Control("triad", poles=CORNERS)),
    Say(
        f"Kaart: klopt het zo?\n\n{card_text(CARD)}",
        (Button("o:ok", "Zo klopt het"), Button("o:change", "Iets aanpassen")),
        control=Control("card", card=CARD),
    ),
    Say(
        "Bewaren? Nee is net zo goed.",
        (Button("o:yes", "Ja, dat mag"), Button("o:no", "Nee")),
        weighty=("o:yes", "o:no"),
    ),
    Say(f"Bewaard. Dit is uw code:\n{CODE}\nSchrijf de woorden op.", slots=("code",)),
)
TELL, FEEL = 2, 3


class Interview:
    """One person's way through the questions; the turn of a question is its number."""

    def __init__(self) -> None:
        self.stage: Stage | None = None
        self.turn = 0
        self.picked: set[str] = set()

    def script(self, arrival: Arrival) -> Sequence[Shown]:
        match arrival.event:
            case Account("start"):
                return [Say("Dag. Ik ben een computer."), *self._next()]
            case Account("language", code) if self.stage:
                self.stage.language = code
                return [Say("Taal veranderd."), self._question()]
            case Tapped(turn, button) if turn == self.turn:
                return self._tapped(button)
            case Placed(turn, shares) if turn == self.turn:
                return [Mark(turn, self._where(shares)), *self._next()]
            case Command("help"):
                return [Say("Bel 112 bij gevaar."), self._question()]
            case Said() if self.turn == TELL:
                return [Say("Ik heb het.", (Button("done", "Klaar"),), TELL)]
            case Said("Welterusten"):
                return []
            case Said() | Tapped() | Placed():
                return [Say("Tik op een van de knoppen."), self._question()]
            case _:
                return []

    def _tapped(self, button: str) -> Sequence[Shown]:
        if self.turn == FEEL and button in FEELINGS:
            self.picked ^= {button}
            return [Tick(FEEL, self._feelings())]
        chosen = {one.id: one.label for one in self._question().buttons}.get(button, "")
        if self.turn == FEEL and button == "picked":
            chosen = ", ".join(FEELINGS[one] for one in FEELINGS if one in self.picked)
        return [Mark(self.turn, chosen), *self._next()]

    def _next(self) -> Sequence[Shown]:
        self.turn += 1
        return [self._question()]

    def _question(self) -> Say:
        question = QUESTIONS[self.turn - 1].but(turn=self.turn)
        return question.but(buttons=self._feelings()) if self.turn == FEEL else question

    def _feelings(self) -> tuple[Button, ...]:
        options = (Button(one, label, one in self.picked) for one, label in FEELINGS.items())
        return (*options, Button("picked", "Klaar met kiezen") if self.picked else SKIP)

    def _where(self, shares: tuple[int, ...]) -> str:
        if len(shares) == 3:
            corners = zip(CORNERS, shares, strict=True)
            return ", ".join(f"{pole} {share} %" for pole, share in corners if share)
        dots = "".join("●" if dot == round(shares[0] / 25) else "○" for dot in range(5))
        return f"{POLES[0]} {dots} {POLES[1]}"
