"""The context of one turn (unit of work): one person, what is to be said, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from bot.account_buttons import weighed
from bot.channels.base import Echo, ReceivedFile
from bot.codec import Deliverable, Fresh, Out
from bot.services import Services, form_of
from bot.slots import facts
from conversations.engine.effects import Button, Say
from conversations.engine.questions import distinct
from conversations.engine.state import State
from conversations.guide.model import Form, Phrases, fill_slots
from storage.engine.transaction import Transaction
from storage.people import states
from storage.people.people import Person
from storage.people.prefetch import Loaded
from storage.stories.rows import SEVERAL

Promise = Literal["meeting", "prompt", "story", "draft"]
"""What someone hears of later: the question after a meeting, one that was put off, what was done
with a story, or a story that waits to be told on."""


class TurnContext:
    """Opens with a person at a moment, and with what is `known` already; `commit` writes what
    changed.

    `asks` says that an account command asked something in this turn. Afterwards `scrub` tells that
    something was erased, so that the journal must be cleaned, and `forgot` that the messages of the
    conversation went, `cleared` that some of them did. `heard` that the guide took what the person
    typed, `took_tap` that a button outside a guide did something. `answer` are the words that show
    that a tap was taken, `echo` their row. `fresh` is what was put, if nothing else waits for this
    person: it need not be read back to be sent. `promised` is what a page, which cannot ring, must
    be asked how to be reached for. `foreign`: the client speaks a language that we do not. `tapped`
    is the button of this turn, `tapped_in` the channel's id of the message that it stood in,
    `quoted` that of the message which somebody quotes in this turn.
    """

    def __init__(
        self,
        services: Services,
        connection: Transaction,
        person: Person,
        now: datetime,
        known: Loaded | None = None,
    ) -> None:
        self.services = services
        self.connection = connection
        self.person = person
        self.now = now
        self.known = known
        self.state = known.state if known else states.load(connection, person.id)
        self.scrub = False
        self.before = (self.state, person)
        self.files: dict[str, ReceivedFile] = {}
        self.out: list[Out] = []
        self._about: str | None = None
        self.asks = False
        self.forgot = self.cleared = False
        self.fresh: Sequence[Fresh] = ()
        self.heard = False
        self.erases_person = False
        self.promised: tuple[Promise, str] | None = None
        self.took_tap = self.foreign = False
        self.tapped = self.tapped_in = self.quoted = ""
        self.answer: Echo | None = None
        self.echo: Fresh | None = None

    # -- words

    @property
    def phrases(self) -> Phrases:
        return self.services.shelf.library.phrases(self.person.language)

    @property
    def form(self) -> Form:
        return form_of(self.person)

    def words(self, key: str, **slots: str) -> str:
        """A fixed sentence, to this person."""
        return fill_slots(self.phrases.get(key, self.form), {**self.facts(), **slots})

    def facts(self) -> dict[str, str]:
        known = self.person.memory.known
        return facts(self.services.settings, self.phrases, known, self.person.channel)

    def phrase(self, key: str, buttons: Sequence[Button] = (), **slots: str) -> None:
        """Say a fixed sentence."""
        self.put(Say(self.words(key, **slots), tuple(buttons)))

    def unkept(self, key: str, **slots: str) -> None:
        """Say that what was typed is not kept, and why."""
        self.put(Say(" ".join((self.words("not_kept"), self.words(key, **slots)))))

    def put_first(self, said: Say) -> None:
        """Say this before everything else of this turn, below what the person typed."""
        echoes = sum(isinstance(each, Echo) for each, _ in self.out)
        self.out.insert(echoes, (said, None))

    def put(self, *deliverables: Deliverable) -> None:
        """Deliver these, in this order, once the turn is committed."""
        for each in deliverables:
            if isinstance(each, Say):
                buttons = distinct(each.buttons)
                each = weighed(each if buttons is each.buttons else each.but(buttons=buttons))
            self.out.append((each, self._about))

    @property
    def said(self) -> Sequence[Deliverable]:
        """What was put so far."""
        return [each for each, _ in self.out]

    @contextmanager
    def about(self, *story_ids: str) -> Iterator[None]:
        """What is put meanwhile tells of these kept stories: it goes when one of them goes. Without
        ids it may tell of any, unless it is known already of which."""
        before = self._about
        several = SEVERAL if story_ids or before is None else before
        self._about = story_ids[0] if len(story_ids) == 1 else several
        yield
        self._about = before

    # -- the person

    def remember(self, **memory: Any) -> None:
        """Remember about the person (a field of `Memory`)."""
        self.person = self.person.remembering(**memory)

    def promise(self, what: Promise, its_id: str) -> None:
        """Something is promised for later. A channel that can ring keeps it by itself; who has only
        a page is asked how to be reached."""
        if self.person.channel == "web":
            self.promised = what, its_id

    def own(self, story_id: str, *, is_there: bool = True) -> None:
        """Add a story to the person's own list, or take it off."""
        rest = tuple(own for own in self.person.stories if own != story_id)
        self.person = replace(self.person, stories=(*rest, story_id) if is_there else rest)

    def erase_person(self) -> None:
        """Everything of the person goes when the turn is over, the stories on the own list too;
        what was put is said in farewell."""
        self.erases_person = True

    @property
    def open_state(self) -> State:
        """The conversation there is. Raises ValueError."""
        if self.state is None:
            raise ValueError("there is no conversation")
        return self.state
