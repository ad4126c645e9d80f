"""Names of people, of every origin alike: a capital on what is no ordinary word, a title, a role
or a given name beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.redaction.cues import (
    ADDRESSING,
    AFTER_NAME,
    ALWAYS_SURNAME,
    APPOSED,
    BEFORE_SURNAME,
    CALLED,
    COMPANY,
    DETERMINERS,
    FIRM_TUSSEN,
    MONTHS,
    ROLE_IS_TITLE,
    ROLES,
    TITLES,
    TUSSEN,
)
from conversations.redaction.finding import Finding, Found
from conversations.redaction.reading import Reading
from conversations.redaction.tokens import Token
from conversations.wordlist import WordList

_LONGEST = 4
_VERB_ENDINGS = ("d", "t", "en", "de", "te", "je", "jes", "ing", "s")


class People:
    """Looks for names in one text."""

    def __init__(self, tokens: Sequence[Token], found: Found, words: WordList) -> None:
        self._tokens = tokens
        self._words = words
        self._read = Reading(tokens, words)
        self._found = found
        self._free = [not found.overlaps(token.start, token.end) for token in tokens]
        self._shouting = sum(t.shouted for t in tokens) * 2 > len(tokens) > 3
        self._public = self._read.public()

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
            if self._tokens[at].lower not in TUSSEN
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
        if not self._read.is_word(token):
            return True
        return token.capital and (not token.initial or self._words.is_given(token.bare))

    def _finding(self, start: int, end: int) -> Finding:
        first, last = self._tokens[start], self._tokens[end - 1]
        before = self._tokens[start - 1] if start else None
        near = before is not None and first.gap in (" ", ", ", " (")
        role = before.lower if before and near and before.lower in ROLES - ROLE_IS_TITLE else ""
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
        return self._surname(index)

    def _surname(self, index: int) -> int | None:
        """A surname alone that begins with a capital preposition ("Van den Berg", "De Vries")."""
        token = self._tokens[index]
        if not token.capital or token.shouted:
            return None
        at = self._behind_small(index)
        if at in (index, len(self._tokens)) or not self._read.joined(at) or not self._free[at]:
            return None
        last = self._tokens[at]
        if not last.capital or last.shouted or not self._words.carries_capital(last.bare):
            return None
        if token.initial and (self._words.is_place(last.bare) or self._words.is_public(last.bare)):
            return None
        if token.initial and self._read.small(index, at) not in FIRM_TUSSEN:
            return None
        return self._rest(at + 1)

    def _titled(self, index: int) -> int | None:
        """A name behind a title ("mevrouw van der Berg", "dr. Groen")."""
        before = self._tokens[index - 1] if index else None
        token = self._tokens[index]
        if before is not None and token.lower in TUSSEN and before.lower not in ADDRESSING:
            return None
        if before is None or before.lower not in TITLES or token.gap not in (" ", ". ", "."):
            return None
        if token.initial and token.gap == ". " and self._read.is_word(token):
            return None
        at = self._behind_small(index)
        if (
            at >= len(self._tokens)
            or (at > index and not self._read.joined(at))
            or not self._free[at]
        ):
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
        addressed = before.lower in ADDRESSING
        surname = small in FIRM_TUSSEN or (small == "de" and addressed)
        word = word and not (addressed and small in ALWAYS_SURNAME)
        if not word or (known and surname) or self._words.is_only_given(last.bare):
            return self._rest(at + 1)
        return None

    def _initials(self, index: int) -> int | None:
        """A surname behind initials ("J. de Vries"), or initials behind a title ("mw B.K.")."""
        at = index + 1
        while at < min(len(self._tokens), index + _LONGEST) and self._read.is_initial(at):
            at += 1
        last = at
        if at < len(self._tokens) and self._read.behind(at):
            at = self._behind_small(at)
        ends = last == len(self._tokens) or not self._tokens[last].gap.startswith(".")
        if at < len(self._tokens) and not ends and self._free[at]:
            token = self._tokens[at]
            surname = self._words.carries_capital(token.bare)
            named = surname or not self._words.is_ordinary(token.bare)
            if token.capital and named and token.gap in (". ", " ", "."):
                return self._rest(at + 1)
        return last if last > index + 1 and self._read.before(index) in TITLES | ROLES else None

    def _behind_small(self, index: int) -> int:
        """The index behind the small words of a surname that begin here ("van", "der")."""
        at = index
        while (
            at < min(len(self._tokens), index + _LONGEST)
            and self._read.is_tussen(at)
            and (at == index or self._read.joined(at))
        ):
            at += 1
        return at

    def _rest(self, at: int) -> int:
        """How far a name goes on: "Anna de Boer", "Fatima El Amrani", "Jan Willem"."""
        while at < len(self._tokens) and self._free[at] and self._read.joined(at):
            ahead = self._behind_small(at)
            if ahead >= len(self._tokens) or not self._read.joined(ahead) or not self._free[ahead]:
                break
            token = self._tokens[ahead]
            small = ahead > at
            if token.capital and not token.shouted and token.lower not in MONTHS:
                if self._words.is_public(token.bare) and not small:
                    break
                if (
                    small
                    and self._tokens[at].lower in {"in", "op", "van", "de", "het"}
                    and (self._words.is_place(token.bare) or self._words.is_public(token.bare))
                ):
                    break
            elif token.shouted and self._shouting and self._is_name(ahead):
                pass
            elif not (
                not token.capital
                and not self._words.is_ordinary(token.bare)
                and not self._words.is_public(token.bare)
                and self._words.carries_capital(token.bare)
                and (not small or self._read.small(at, ahead) in FIRM_TUSSEN)
            ):
                break
            at = ahead + 1
        return at

    def _is_name(self, index: int) -> bool:
        token = self._tokens[index]
        if token.lower in MONTHS or len(token.text) < 2:
            return False
        if self._words.is_public(token.bare) and not self._is_relative(index):
            return False
        if token.lower in TITLES or (token.lower in ROLES and token.lower not in self._words.given):
            return False
        if not token.capital:
            return self._small_name(index)
        if token.shouted:
            return len(token.text) > 2 and (
                self._words.is_only_given(token.bare)
                or (self._shouting and not self._read.is_word(token) and self._cue(index))
            )
        if "-" in token.bare and self._read.is_hyphened_word(token.bare):
            return False
        given = self._words.is_given(token.bare)
        before = self._read.before(index)
        if not self._read.is_word(token):
            if token.initial and not self._words.knows_words:
                return given
            return given or not (
                self._words.is_sound(token.bare)
                or (token.initial and self._words.is_slip(token.bare))
            )
        if self._cue(index) and (given or not self._words.is_ordinary(token.bare)):
            return True
        if token.initial:
            return given and self._acts(index)
        if given:
            return before not in DETERMINERS
        return (
            before in BEFORE_SURNAME
            and self._words.carries_capital(token.bare)
            and not self._words.is_place(token.bare)
        )

    def _is_relative(self, index: int) -> bool:
        """Whether it is a given name right behind a role ("mijn dochter Noor")."""
        token = self._tokens[index]
        named = token.capital and not token.shouted and self._words.is_given(token.bare)
        return named and self._read.joined(index) and self._read.before(index) in ROLES

    def _small_name(self, index: int) -> bool:
        """A name in small letters: a given name, or a name the list knows behind a cue."""
        token = self._tokens[index]
        given = self._words.is_given(token.bare)
        if self._words.is_only_given(token.bare) and len(token.bare) > 2:
            return not (len(token.bare) < 4 and self._read.before(index) in DETERMINERS)
        if self._words.is_place(token.bare) or len(token.bare) < 3:
            return False
        if not self._cue(index):
            return (
                self._read.before(index) in COMPANY
                and not self._read.is_word(token)
                and self._words.carries_capital(token.bare)
            )
        if self._read.is_word(token):
            return given and self._called(index) and token.lower not in {"an", "can", "min", "na"}
        if given or self._words.carries_capital(token.bare) or self._called(index, strict=True):
            return True
        return len(token.bare) > 3 and not token.lower.endswith(_VERB_ENDINGS)

    def _acts(self, index: int) -> bool:
        """Whether what follows makes a word at the beginning of a sentence a person."""
        following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
        if following is None:
            return False
        if following.gap == ", ":
            given = following.capital and self._words.is_given(following.bare)
            return given or following.lower in APPOSED
        if following.gap != " ":
            return False
        if following.capital and not self._words.is_public(following.bare):
            return True
        word = following.lower
        if self._read.is_tussen(index + 1) and self._rest(index + 1) > index + 1:
            return True
        return word in AFTER_NAME or (
            word.endswith(("de", "te"))
            and len(word) > 4
            and word
            not in {"beide", "einde", "grote", "beste", "laatste", "eerste", "juiste", "meeste"}
        )

    def _called(self, index: int, strict: bool = False) -> bool:
        before, earlier = self._read.before(index), self._read.before(index - 1)
        if before in {"hem", "haar", "me", "mij"} and earlier in CALLED:
            return True
        if before in CALLED or (
            before in {"is", "naam", "name", "naam:"} and earlier in {"naam", "name", ""}
        ):
            return before in CALLED or earlier in {"naam", "name"} or before in {"naam", "name"}
        return not strict and before == "ben" and earlier == "ik"

    def _cue(self, index: int) -> bool:
        """Whether the words before announce a name."""
        before = self._read.before(index)
        if self._called(index) or before in ROLES:
            return True
        return before in {"en", "and"} and index > 1 and self._is_given_before(index - 2)

    def _is_given_before(self, index: int) -> bool:
        return self._words.is_only_given(self._tokens[index].bare)
