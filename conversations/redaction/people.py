"""Names of people, of every origin alike: a capital on what is no ordinary word, a title, a role
or a given name beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.redaction.finding import Finding, Found
from conversations.redaction.tokens import Token
from conversations.wordlist import WordList

TITLES = frozenset(
    "mevrouw mevr mw meneer mijnheer dhr heer dr drs ir mr mrs ms miss prof dokter doctor zuster "
    "broeder juf juffrouw meester tante oom oma opa pastoor dominee imam familie fam pater hoca "
    "hodja oompje opoe tante's zr".split()
)
ROLES = frozenset(
    "moeder vader mama papa mam pap ma pa zoon zoontje dochter dochtertje broer broertje zus zusje "
    "nicht nichtje neef neefje tante oom oma opa kleinzoon kleindochter kind man vrouw partner ex "
    "vriend vriendin vriendje buurman buurvrouw buurjongen buurmeisje overbuurvrouw overbuurman "
    "begeleider begeleidster consulent consulente coach juf meester mentor leraar lerares docent "
    "huisarts dokter arts psycholoog therapeut hulpverlener hulpverleenster wijkverpleegkundige "
    "verpleegkundige maatje vrijwilliger collega bewindvoerder jobcoach schoonmoeder schoonvader "
    "schoonzoon schoondochter stiefvader stiefmoeder pleegvader pleegmoeder pleegzoon client cliënt "
    "cliënte klasgenoot gezinscoach ambulant werker jongerenwerker opbouwwerker sociaal wijkwerker "
    "bewoner bewoonster inwoner huisgenoot casemanager tolk coördinator ergotherapeut teamleider "
    "leidinggevende baas voogd logopedist fysiotherapeut wijkagent agent advocaat schuldhulpverlener "
    "mantelzorger maatschappelijk baby tweeling jongen meisje meneer mevrouw".split()
)
_ADDRESSING = frozenset("mevrouw meneer mijnheer mevr mw dhr familie dr dokter".split())
_ROLE_IS_TITLE = frozenset("meneer mevrouw jongen meisje kind man vrouw werker sociaal ambulant maatschappelijk".split())
_TUSSEN = frozenset(
    "van de der den het 't ten ter te la le el al bin ben ibn abu abd du von di da dos do del und op "
    "vd v.d. in".split()
)
_FIRM_TUSSEN = frozenset(("van der", "van den", "van de", "ter", "ten", "van 't", "vd", "el", "al"))
_CALLED = frozenset("heet heette heten genaamd genoemd noemen noemt named called".split())
_DETERMINERS = frozenset(
    "de het een 't mijn zijn haar onze ons hun jouw je uw deze geen elke iedere the my "
    "a an his her their our".split()
)
_BEFORE_SURNAME = frozenset("met door aan van voor bij naar namens en of with by from to".split())
_AFTER_NAME = frozenset(
    "is was heeft had komt kwam zegt zei vroeg vraagt belt gaat ging kan kon moet moest vindt vond "
    "woont werkt weet wist doet deed krijgt kreeg zit zat staat stond zag ziet keek kijkt hielp "
    "helpt liep loopt begon begint bleef blijft gaf geeft nam neemt schreef schrijft sprak spreekt "
    "werd wordt zou zal mag mocht dacht denkt bracht brengt hield houdt riep liet laat lacht lag "
    "ligt durft hoorde hoort kende kent kookt luistert luisterde belde vertelt vertelde stuurde en "
    "wilde wou leest las zong snapt begreep begrijpt sliep slaapt nodigde kocht koopt sloot".split()
)
_MONTHS = frozenset(
    "januari februari maart april mei juni juli augustus september oktober november december "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday thursday "
    "friday saturday sunday january february march may june july august october".split()
)


class People:
    """Looks for names in one text."""

    def __init__(self, tokens: Sequence[Token], found: Found, words: WordList) -> None:
        self._tokens = tokens
        self._words = words
        self._found = found
        self._free = [not found.overlaps(token.start, token.end) for token in tokens]
        self._shouting = sum(t.shouted for t in tokens) * 2 > len(tokens) > 3
        self._public = self._phrases()

    def find(self) -> Iterator[Finding]:
        """Every name, and every later mention of its parts."""
        spans: list[tuple[int, int]] = []
        index = 0
        while index < len(self._tokens):
            end = self._name_from(index)
            if end is None:
                index += 1
            else:
                spans.append((index, end))
                index = end
        known = {
            self._tokens[at].lower
            for start, end in spans
            for at in range(start, end)
            if self._tokens[at].lower not in _TUSSEN
        }
        taken = {at for start, end in spans for at in range(start, end)}
        for index, token in enumerate(self._tokens):
            if index not in taken and self._again(token, index, known):
                spans.append((index, index + 1))
        for start, end in sorted(spans):
            yield self._finding(start, end)

    def _again(self, token: Token, index: int, known: set[str]) -> bool:
        if token.lower not in known or not self._free[index] or index in self._public:
            return False
        if not self._is_word(token):
            return True
        return token.capital and (not token.initial or self._next_lower(index) in _AFTER_NAME)

    def _finding(self, start: int, end: int) -> Finding:
        first, last = self._tokens[start], self._tokens[end - 1]
        before = self._tokens[start - 1] if start else None
        near = before is not None and first.gap in (" ", ", ", " (")
        role = before.lower if before and near and before.lower in ROLES - _ROLE_IS_TITLE else ""
        return Finding(first.start, last.bare_end, "PER", "name", first.lower, role)

    def _name_from(self, index: int) -> int | None:
        """The index behind the name that begins here, or None."""
        if not self._free[index] or index in self._public:
            return None
        token = self._tokens[index]
        titled = self._titled(index)
        if titled is not None:
            return titled
        if len(token.text) == 1 and token.capital:
            return self._initials(index)
        if self._is_name(index):
            return self._rest(index + 1)
        return None

    def _titled(self, index: int) -> int | None:
        """A name behind a title ("mevrouw van der Berg", "dr. Groen")."""
        before = self._tokens[index - 1] if index else None
        token = self._tokens[index]
        if before is None or before.lower not in TITLES or token.gap not in (" ", ". ", "."):
            return None
        at = index
        while at < len(self._tokens) and self._is_tussen(at) and (at == index or self._joined(at)):
            at += 1
        if at >= len(self._tokens) or (at > index and not self._joined(at)) or not self._free[at]:
            return None
        last = self._tokens[at]
        small = " ".join(self._tokens[i].lower for i in range(index, at))
        if len(last.text) == 1 and last.capital and at == index:
            return self._initials(at) or at + 1
        if self._words.is_public(last.bare) and not (at == index and last.capital):
            return None
        if last.capital and not (last.shouted and len(last.text) < 4):
            return self._rest(at + 1)
        known = self._words.is_only_given(last.bare) or self._words.carries_capital(last.bare)
        word = self._words.is_ordinary(last.bare)
        surname = small in _FIRM_TUSSEN or (small == "de" and before.lower in _ADDRESSING)
        if not word or (known and surname) or self._words.is_only_given(last.bare):
            return self._rest(at + 1)
        return None

    def _initials(self, index: int) -> int | None:
        """A surname behind initials ("J. de Vries"); a single letter for a name ("mevrouw B.")."""
        at = index
        while (
            at < len(self._tokens)
            and len(self._tokens[at].text) == 1
            and self._tokens[at].capital
            and (at == index or self._tokens[at].gap in (".", ". ", " "))
        ):
            at += 1
        last = at
        while at < len(self._tokens) and self._is_tussen(at) and self._tokens[at].gap in (". ", " "):
            at += 1
        if at < len(self._tokens) and self._tokens[last].gap.startswith("."):
            token = self._tokens[at]
            if token.capital and token.gap in (". ", " ", ".") and self._free[at]:
                if self._words.is_ordinary(token.bare) and not self._words.carries_capital(token.bare):
                    return None
                return self._rest(at + 1)
        return None

    def _rest(self, at: int) -> int:
        """How far a name goes on: "Anna de Boer", "Fatima El Amrani", "Jan Willem"."""
        while at < len(self._tokens) and self._free[at] and self._joined(at):
            ahead = at
            while ahead < len(self._tokens) and self._is_tussen(ahead) and self._joined(ahead):
                ahead += 1
            if ahead >= len(self._tokens) or not self._joined(ahead) or not self._free[ahead]:
                break
            token = self._tokens[ahead]
            small = ahead > at
            if token.capital and not token.shouted and token.lower not in _MONTHS:
                if self._words.is_public(token.bare) and not small:
                    break
                if small and self._tokens[at].lower in {"in", "op", "van", "de", "het"} and (
                    self._words.is_place(token.bare) or self._words.is_public(token.bare)
                ):
                    break
            elif token.shouted and self._shouting and self._is_name(ahead):
                pass
            elif not (
                not token.capital
                and not self._words.is_ordinary(token.bare)
                and not self._words.is_public(token.bare)
                and self._words.carries_capital(token.bare)
                and (not small or self._small(at, ahead) in _FIRM_TUSSEN)
            ):
                break
            at = ahead + 1
        return at

    def _is_name(self, index: int) -> bool:
        token = self._tokens[index]
        if self._words.is_public(token.bare) or token.lower in _MONTHS or len(token.text) < 2:
            return False
        if token.lower in TITLES or (token.lower in ROLES and token.lower not in self._words.given):
            return False
        if not token.capital:
            return self._small_name(index)
        if token.shouted:
            return len(token.text) > 2 and (
                self._words.is_only_given(token.bare)
                or (self._shouting and not self._is_word(token) and self._cue(index))
            )
        if "-" in token.bare and self._hyphened_word(token.bare):
            return False
        if not self._is_word(token):
            return True
        given = self._words.is_given(token.bare)
        before = self._before(index)
        if self._cue(index) and (given or not self._words.is_ordinary(token.bare)):
            return True
        if token.initial:
            return given and self._acts(index)
        if given:
            return before not in _DETERMINERS
        return (
            before in _BEFORE_SURNAME
            and self._words.carries_capital(token.bare)
            and not self._words.is_place(token.bare)
        )

    def _small_name(self, index: int) -> bool:
        """A name in small letters: a given name, or a name the list knows behind a cue."""
        token = self._tokens[index]
        given = self._words.is_given(token.bare)
        if self._words.is_only_given(token.bare) and len(token.bare) > 2:
            return not (len(token.bare) < 4 and self._before(index) in _DETERMINERS)
        if not self._cue(index) or self._words.is_place(token.bare):
            return False
        if self._is_word(token):
            return given and self._called(index) and token.lower not in {"an", "can", "min", "na"}
        return given or self._words.carries_capital(token.bare) or self._called(index, strict=True)

    def _acts(self, index: int) -> bool:
        """Whether what follows makes a word at the beginning of a sentence a person."""
        following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
        if following is None:
            return False
        if following.gap == ", " and self._words.is_given(following.bare) and following.capital:
            return True
        if following.gap != " ":
            return False
        if following.capital and not self._words.is_public(following.bare):
            return True
        word = following.lower
        if self._is_tussen(index + 1) and self._rest(index + 1) > index + 1:
            return True
        return word in _AFTER_NAME or (word.endswith(("de", "te")) and len(word) > 4 and word not in {"beide", "einde", "grote", "beste", "laatste", "eerste", "juiste", "meeste"})

    def _called(self, index: int, strict: bool = False) -> bool:
        before, earlier = self._before(index), self._before(index - 1)
        if before in {"hem", "haar", "me", "mij"} and earlier in _CALLED:
            return True
        if before in _CALLED or (before in {"is", "naam", "name", "naam:"} and earlier in {"naam", "name", ""}):
            return before in _CALLED or earlier in {"naam", "name"} or before in {"naam", "name"}
        return not strict and before == "ben" and earlier == "ik"

    def _cue(self, index: int) -> bool:
        """Whether the words before announce a name."""
        before = self._before(index)
        if self._called(index) or before in ROLES:
            return True
        return before in {"en", "and"} and index > 1 and self._is_given_before(index - 2)

    def _is_given_before(self, index: int) -> bool:
        return self._words.is_only_given(self._tokens[index].bare)

    def _before(self, index: int) -> str:
        if index < 1 or self._tokens[index].gap not in (" ", ", ", ": ", " (", "  "):
            return ""
        return self._tokens[index - 1].lower

    def _next_lower(self, index: int) -> str:
        return self._tokens[index + 1].lower if index + 1 < len(self._tokens) else ""

    def _joined(self, index: int) -> bool:
        return self._tokens[index].gap == " "

    def _is_tussen(self, index: int) -> bool:
        return self._tokens[index].lower in _TUSSEN

    def _small(self, start: int, end: int) -> str:
        return " ".join(self._tokens[at].lower for at in range(start, end))

    def _is_word(self, token: Token) -> bool:
        """Whether it is an ordinary word, which a given name without a second meaning is not."""
        return not self._words.is_only_given(token.bare) and self._words.is_ordinary(token.bare)

    def _hyphened_word(self, word: str) -> bool:
        first, *_, last = word.split("-")
        if self._words.is_given(first) and (self._words.is_given(last) or last[:1].isupper()):
            return False
        return self._words.is_ordinary(last) or self._words.is_public(last)

    def _phrases(self) -> set[int]:
        """The words that stand in a phrase that points at nobody ("Zwarte Piet")."""
        public: set[int] = set()
        for index in range(len(self._tokens)):
            for length in (1, 2, 3, 4):
                part = self._tokens[index : index + length]
                if len(part) == length and " ".join(t.lower for t in part) in self._words.phrases:
                    public.update(range(index, index + length))
        return public
