"""Names in Arabic script and in Turkish: what is written before and behind them."""

from __future__ import annotations

from conversations.redaction.tokens import MID, NUMBER
from conversations.redaction.whole import ANNOUNCES, Whole, runs
from conversations.wordlist.arabic_letters import fold
from conversations.wordlist.fold import words_in
from conversations.wordlist.lexicon import COMMON, COMPOUND, FREQUENT, FUNCTION

_FATHERS = words_in("ابو ابا ابي با بو")
_DADS = words_in("بابا وبابا لبابا فبابا بابي وبابي")
"""Fathers that are called so, and "of a father" as well by their letters."""
_HONOURS = words_in("""
    لاله للا سي حجي حجيه الحاج الحاجه الحجه الحجي حاج حاجه عمو خالتو مولاي سيدي يوف تيته تيتا الشيخ
    الشيخه
""")
"""What is said with a name and belongs to it."""
_MOTHERS = words_in("ام")
_SONS = words_in("بن ابن بنت ولد")
_DUTCH = words_in("فان دي دير دن دا دو تير تين ايت ال حاج الحاج شيخ الشيخ بيت بو ابو اولاد")
_OF_FAITH = words_in("يوم رجال رجل علماء امور في عن من سداد هذا")
_FROM = frozenset(("من", "عمري", "ابن", "بنت", "ام", "ابو"))
_ALI = "علي"
"""A name that is folded to the same letters as "on" is."""
_CALLED_TO = words_in("""
    كريم رحمن رحيم لطيف ستار حفيظ رزاق فتاح معين قوي جبار غني حنان منان قادر سلام قمر ورده وردة عسل
    روح غالي عزيز شيخ
""")
"""Who and what is called to and is nobody: God, and dears."""
_DEAR = words_in("عيني عيوني عينيا قلبي روحي حياتي عمري الدنيا البلد البيت العين")
_HAMZA = words_in("ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه هـ و ي")


class NamesAbroad(Whole):
    """Makes names in Arabic script and in Turkish whole."""

    _words: tuple[str, ...] = ()

    def add_kunya(self) -> None:
        """ "Father of", "mother of", "servant of" with the name behind it, and initials."""
        words = self._folded()
        for at in range(len(words) - 1):
            one, other = words[at], words[at + 1]
            if not ("\u0600" < other[:1] < "\u0700") or not self._is_joined(at + 1):
                continue
            bare = one[1:] if one[:1] in "وفلب" and len(one) > 2 and one not in _DADS else one
            kind = self.evidence.kinds[at + 1]
            servant = bare == "عبد" and other.startswith("ال") and len(other) > 3
            known = kind[0] > FUNCTION or other == _ALI
            father = bare in _FATHERS and known and not self._is_plain(at + 1)
            father = father and (bare != "ابي" or kind[1] in "SEGBD")
            mother = bare in _MOTHERS and (kind[1] in "SEGBD" or kind[0] > COMPOUND)
            initial = (
                one in _HAMZA
                and self.tokens[at + 1].gap == ". "
                and (kind[0] > COMMON or kind[1] in "SEGBDF")
            )
            faith = other == "الدين" and kind[0] != "!" and bare not in _OF_FAITH
            open_ = self.is_open(at) and self.is_open(at + 1)
            if open_ and (servant or father or mother or initial or faith):
                if initial:
                    self.tokens[at + 1].bare_start = self.tokens[at + 1].start
                self.labels[at] = self.labels[at + 1] = "PER"

    def add_honours(self) -> None:
        """What somebody is honoured with right before a name ("لالة زهرة", "حجية صبرية")."""
        words = self._folded()
        for first, _ in list(runs(self.labels, "PER")):
            at = first - 1
            if at < 0 or self.tokens[first].gap != " " or not self.free(at):
                continue
            bare = words[at][1:] if words[at][:1] in "وفل" and len(words[at]) > 3 else words[at]
            if words[at] in _HONOURS or bare in _HONOURS:
                self.labels[at] = "PER"

    def _folded(self) -> tuple[str, ...]:
        """The words with letters that are written in more than one way as one."""
        if not self._words:
            self._words = tuple(fold(token.lower) for token in self.tokens)
        return self._words

    def _is_plain(self, at: int) -> bool:
        cue = self.evidence.cues[at]
        return bool(cue) and cue not in ("particle", "title", "greet", "kin", "day")

    def _is_joined(self, at: int) -> bool:
        return self.tokens[at].gap in (" ", ". ") and self.tokens[at].case != NUMBER

    def add_dutch(self) -> None:
        """Dutch families in Arabic script ("فان دن هوفل") with the name before them."""
        words = self._folded()
        for at in range(len(words) - 1):
            bare = words[at][1:] if words[at][:1] in "ولب" and len(words[at]) > 3 else words[at]
            if bare != "فان":
                continue
            last = at + 1
            while last < len(words) - 1 and words[last] in ("دن", "دير", "دي", "در", "دين"):
                last += 1
            private = at > 0 and self.labels[at - 1] == "PER"  # nobody whom all know by the family
            open_ = all(self.is_open(place) or private for place in range(at, last + 1))
            known = last > at + 1 and len(words[last]) > 2
            if not open_ or (self.evidence.kinds[last][0] <= FUNCTION and not known):
                continue
            for place in range(at, last + 1):
                self.labels[place] = "PER"
            before = at - 1
            if before >= 0 and self.free(before) and self.tokens[at].gap == " ":
                kind, cue = self.evidence.kinds[before], self.evidence.cues[before]
                if not cue and (kind[1] in "SEGBD" or kind[0] > FREQUENT):
                    self.labels[before] = "PER"

    def add_listed(self) -> None:
        """A name that is a word too, behind a relative ("kızım İnci 2 yaşında", "زوجتي براءة"), and
        behind "I am" where the phrase ends."""
        tokens, cues, kinds = self.tokens, self.evidence.cues, self.evidence.kinds
        for at in range(1, len(tokens)):
            ali = tokens[at].text == _ALI
            listed = (ali or kinds[at][1] in "SEGBD") and not cues[at] and self.free(at)
            if not listed or tokens[at].gap not in (" ", ": "):
                continue
            behind = tokens[at + 1] if at + 1 < len(tokens) else None
            ends = behind is None or behind.gap != " " or behind.case == NUMBER
            ends = ends or (behind is not None and fold(behind.lower) in _FROM)
            related = cues[at - 1] in ("kin", "called")
            if "\u0600" < tokens[at].text[0] < "\u0700":
                named = related or (cues[at - 1] in ("i", "greet") and ends and not ali)
                named = named or self._is_called_to(at)
            else:
                named = (related or cues[at - 1] == "i") and (tokens[at].case == MID or ends)
            if named:
                self.labels[at] = "PER"

    def _is_called_to(self, at: int) -> bool:
        """Whether somebody is called ("يا نور لا تزعلي"), who is not God nor a dear."""
        words = [fold(token.lower) for token in self.tokens[at - 1 : at + 2]]
        dear = words[2:] and words[2] in _DEAR
        return words[0] == "يا" and words[1] not in _CALLED_TO and not dear

    def add_families(self) -> None:
        """The family behind a given name in Arabic script, with small words of any origin."""
        words = self._folded()
        for at in range(1, len(words)):
            if self.labels[at - 1] != "PER" or self.tokens[at].gap != " " or not self.free(at):
                continue
            if not "\u0600" < words[at][:1] < "\u0700":
                continue
            last = at
            while last < len(words) and last < at + 3 and words[last] in _SONS | _DUTCH:
                last += 1
            if last >= len(words) or self.tokens[last].gap != " " or not self.is_open(last):
                continue
            kind, cue = self.evidence.kinds[last], self.evidence.cues[last]
            if last > at:
                named = (kind[0] > FUNCTION or kind[1] in "SEGBDF") and not cue
            else:
                title = cue == "title" and self._ends(last) and kind[1] in "FB"
                named = title or (self._is_family(last, words[last], kind) and not cue)
            if named:
                for place in range(at, last + 1):
                    self.labels[place] = "PER"

    def _is_family(self, at: int, word: str, kind: str) -> bool:
        third = at > 1 and self.labels[at - 2] == "PER" and self.tokens[at - 1].gap == " "
        ends = at + 1 == len(self.tokens) or self.tokens[at + 1].gap != " "
        if third and ends and word.startswith("ال") and kind[0] > FUNCTION:
            return True
        article = word.startswith("ال") and (word.endswith("ي") or kind[1] in "FB")
        if article or (kind[1] in "FB" and kind[0] > COMMON):
            return self.evidence.kinds[at - 1][1] in "SEGBD" or self._is_announced(at - 1)
        sure = self.evidence.kinds[at - 1][1] in "SE"
        rare = kind[0] > FREQUENT or (word.startswith("ال") and kind[0] > COMMON)
        if sure and rare and kind[1] not in "TD":
            return True
        return kind[1] in "SEGB" and (sure or kind[0] > COMMON)

    def _ends(self, at: int) -> bool:
        """Whether no name follows right behind: a title is a family here ("حمادة السيد")."""
        behind = at + 1
        return behind >= len(self.tokens) or self.labels[behind] != "PER"

    def _is_announced(self, at: int) -> bool:
        return at > 0 and self.evidence.cues[at - 1] in ANNOUNCES

    def add_before_title(self) -> None:
        """The name before a Turkish title ("sultan teyze", "Metin Bey")."""
        cues, kinds = self.evidence.cues, self.evidence.kinds
        for at in range(1, len(self.tokens)):
            if cues[at] != "title_behind" or self.tokens[at].gap != " " or not self.free(at - 1):
                continue
            kind = kinds[at - 1]
            rare = kind[0] > FREQUENT and kind[1] != "T"
            if not cues[at - 1] and (kind[1] in "SEGBDF" or rare):
                self.labels[at - 1] = "PER"

    def find_with_endings(self) -> None:
        """A Turkish name found once, elsewhere with an ending written to it ("dozere")."""
        cases = self.lexicon.cases
        if cases is None:
            return
        known = {
            token.lower
            for token, label in zip(self.tokens, self.labels, strict=True)
            if label == "PER" and len(token.text) > 2
        }
        for at, token in enumerate(self.tokens):
            if not self.free(at) or len(token.text) < 3:
                continue
            word, kind = token.lower, self.evidence.kinds[at]
            same = word in known and kind[0] > FUNCTION and kind[1] in "SEGBDF"
            ending = any(
                word.startswith(name) and word != name and cases.fullmatch(word[len(name) :])
                for name in known
                if len(name) > 3
            )
            if same or (ending and kind[0] > FREQUENT):
                self.labels[at] = "PER"
