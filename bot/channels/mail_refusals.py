"""What a mail server's refusal is about. Pure: stage, reply code, enhanced status code (RFC 3463,
RFC 5248) and, where a server has no such code, its words go in.

Only an address that does not exist shuts a person out. Whatever else a server says is about us, the
mailbox, the letter or this moment, and can change.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Stage = Literal["connect", "helo", "tls", "auth", "sender", "recipient", "letter"]
"""How far the talk with the server was. Before `recipient` it knows nothing of the person."""
About = Literal["us", "address", "mailbox", "letter", "moment", "unclear"]
"""`moment`: it says itself that this passes. `unclear`: a lasting no that may have any reason."""
Cause = Literal[
    "connection", "name", "tls", "login", "sender", "relay", "limit", "reputation", "other"
]
"""Why it refuses us."""

MENDS: dict[Cause, str] = {
    "connection": "check [mail] host and port, and whether the server lets this machine in",
    "name": "set [mail] helo to the full name of this machine as the name servers know it",
    "tls": "check [mail] tls and port, and the certificate of the server",
    "login": "check [mail] user and password",
    "sender": "let the server send for the address in [mail] sender, or set another one",
    "relay": "set [mail] user and password, or let the server relay for this machine",
    "limit": "the server takes no more letters from us for now: wait, or raise its limit",
    "reputation": "look at block lists, and at SPF, DKIM and DMARC of the domain in [mail] sender",
    "other": "the log of the mail server says why",
}
"""What an operator can do about it."""


class Refusal(NamedTuple):
    """What a server said no to. `enhanced` is empty where it gave no (fitting) code."""

    stage: Stage
    code: int
    enhanced: str
    about: About
    cause: Cause = "other"

    @property
    def in_words(self) -> bool:
        """Whether it has no code that says anything: then its words are all there is."""
        return not self.enhanced or self.enhanced in UNDEFINED

    def __str__(self) -> str:
        return (
            " ".join(str(each) for each in (self.code or "", self.enhanced) if each) or "no answer"
        )


_ENHANCED = re.compile(r"(?:^\s*|\(#?|#)([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])", re.MULTILINE)

_ADDRESS = re.compile(r"<[^<>]*>|\S+@\S+")
"""What a server repeats of the address is no reason."""

GONE = {1, 2, 3, 6, 10}
"""Of X.1.*: no such mailbox, no such domain, no such name, moved away, takes no mail at all."""
ABOUT_SENDER = {7, 8}
_PASSED_ON = re.compile(r"\bsaid:\s*(?P<code>[45]\d\d)(?P<words>[ -].*)", re.DOTALL)
"""What the next server said, in the words of one that asked it (Postfix: `5.1.1 undeliverable
address: host … said: 550 5.7.1 …`): only that says why."""
_NOT_ASKED = re.compile(r"\bunverified address\b", re.IGNORECASE)
"""Nobody could be asked whether the address exists."""
_OF_US = re.compile(
    r"(?<![\w.-])(?:sender|sending|submitting|originator|relay(?:ing)?(?! recipient)|spf|dkim|"
    r"dmarc|reputation|spam|black ?list(?:ed)?|authenticat\w+|(?:return|reverse)[- ]path|mail from)"
    r"(?![\w-]|\.\w)",
    re.IGNORECASE,
)
"""Words that are never said of a person who does not exist. Servers give them with a code, or in a
sentence, of an unknown address too: then it is the address of the sender, or no reason at all."""
_OF_SENDER = re.compile(
    r"\b(?:sender|relay(?:ing)?|spf|dkim|dmarc|reputation|black ?list(?:ed)?|authenticat\w+|"
    r"log ?in|credentials?|(?:daily|hourly|sending|rate) (?:limit|quota)|too many)\b",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"\b(?:spam|virus|malware|phish\w*|content|attachments?|headers?|mime|format|lines?|size|"
    r"too (?:large|big|long))\b",
    re.IGNORECASE,
)
"""Words of a reason that stays as long as the letter is what it is."""
UNDEFINED = {"5.0.0", "5.1.0"}
"""Codes that say nothing: there the words may help, as where there is no code."""
POLICY_OF_LETTER = {0, 1, 2, 3, 4, 5, 6, 7}
"""Of X.7.*, once the letter was given: what its content may have caused. Later ones are about who
sends (login, SPF, DKIM, DMARC, names of machines)."""

_NOBODY = re.compile(
    r"\b(?:user|recipient|mailbox|account|address|person)(?: \S+)? (?:is )?(?:unknown|not found|"
    r"does(?: not|n't) exist|doesn't have an? \S+ account)"
    r"|\b(?:unknown|no such|non-?existent|invalid|no) (?:local )?(?:user|recipient|mailbox|account|"
    r"address|person)\b(?: here)?"
    r"|\bnot a (?:known|valid) (?:user|recipient|mailbox)\b",
    re.IGNORECASE,
)
_MAILBOX = re.compile(
    r"\b(?:account|mailbox|user)\b[^.;]*"
    r"\b(?:inactive|disabled|suspended|locked|full|over ?quota)\b",
    re.IGNORECASE,
)
"""A mailbox that is there, and takes nothing now."""
_NOT_THE_PERSON = re.compile(
    r"relay|authenti|authori[sz]|log ?in|credential|spam|spf|dkim|dmarc|black|block|\blist|bl\b|"
    r"reputation|polic|limit|quota|rate|too many|exceed|full|sender|from\b|helo|ehlo|client|host|"
    r"dns|ptr|revers|resolv|lookup|tls|encrypt|den(?:y|ied)|permi|allow|access|tempor|later|"
    r"disabled|suspend|inactive|greylist|verif",
    re.IGNORECASE,
)
"""Words of a reason that has nothing to do with whether the person exists. One of them is enough
not to shut anybody out."""

_CAUSES: tuple[tuple[Cause, re.Pattern[str]], ...] = (
    ("limit", re.compile(r"limit|quota|rate|too many|exceed|throttl", re.IGNORECASE)),
    ("login", re.compile(r"authenti(?!city)|log ?in|credential", re.IGNORECASE)),
    ("relay", re.compile(r"relay|rcpthosts|not permitted", re.IGNORECASE)),
    ("reputation", re.compile(
        r"black|block|\blist|\w+bl\b|reputation|spam|spf|dkim|dmarc|ptr|revers|bann?ed|\bip\b",
        re.IGNORECASE,
    )),
    ("name", re.compile(r"helo|ehlo", re.IGNORECASE)),
    ("sender", re.compile(r"sender|mail from", re.IGNORECASE)),
)  # fmt: skip
_OF_STAGE: dict[Stage, Cause] = {
    "connect": "connection", "helo": "name", "tls": "tls", "auth": "login", "sender": "sender",
    "recipient": "relay", "letter": "reputation",
}  # fmt: skip


def read_refusal(stage: Stage, code: int, words: str = "") -> Refusal:
    """What a reply is about. Its words decide nothing that its codes decide."""
    passed_on = _PASSED_ON.search(words) if 500 <= code < 600 else None
    if passed_on:
        code, words = int(passed_on["code"]), passed_on["words"]
    found = _ENHANCED.search(words)
    fits = found is not None and found[1] == str(code)[:1]
    enhanced = f"{found[1]}.{int(found[2])}.{int(found[3])}" if found and fits else ""
    about = _about(stage, code, enhanced, words)
    cause = _cause(stage, code, enhanced, words) if about == "us" else "other"
    return Refusal(stage, code, enhanced, about, cause)


def _about(stage: Stage, code: int, enhanced: str, words: str) -> About:
    if stage not in ("recipient", "letter"):
        return "us"
    lasting = 500 <= code < 600
    if not enhanced or enhanced in UNDEFINED:
        said = _by_code(stage, code, words)
    else:
        said = _by_enhanced(stage, enhanced)
    if not lasting:
        return "mailbox" if said == "mailbox" else "moment"
    bare = _ADDRESS.sub("", words)
    doubted = _NOT_ASKED.search(bare) or _OF_US.search(bare)
    return "unclear" if said == "address" and doubted else said


def _by_enhanced(stage: Stage, enhanced: str) -> About:
    """RFC 3463: subject and detail; the class is that of the reply code."""
    subject, detail = (int(each) for each in enhanced.split(".")[1:])
    match subject:
        case 1 if detail in GONE:
            return "address"
        case 1 if detail in ABOUT_SENDER or detail > max(GONE):
            return "us"  # Exchange Online says 5.1.90 of a limit for a day
        case 2:
            return "letter" if detail == 3 and stage == "letter" else "mailbox"  # 3: too long
        case 3 if detail == 4:
            return "letter"  # too big for the system
        case 6:
            return "letter"
        case 7 if stage == "letter" and detail in POLICY_OF_LETTER:
            return "letter"
        case 3 | 5 | 7:
            return "us"
    return "unclear"  # 4 is the way to the person's server, and what is not registered is unknown


def _by_code(stage: Stage, code: int, words: str) -> About:
    """RFC 5321, and the words of the server where they are plain."""
    if code in (452, 552):
        return "mailbox"
    if stage == "letter":
        return _of_letter(code, _ADDRESS.sub("", words))
    if code not in (550, 551, 553, 554):
        return "us"
    bare = _ADDRESS.sub("", words)
    if _MAILBOX.search(bare):
        return "mailbox"
    nobody, elsewhere = _NOBODY.search(bare), _NOT_THE_PERSON.search(bare)
    if nobody:
        return "unclear" if elsewhere else "address"
    return "us" if elsewhere else "unclear"


def _of_letter(code: int, words: str) -> About:
    """A bare no after the letter may have any reason, also one that is over tomorrow."""
    if code in (503, 521, 530, 535, 538) or _OF_SENDER.search(words):
        return "us"
    return "letter" if _CONTENT.search(words) else "unclear"


def _cause(stage: Stage, code: int, enhanced: str, words: str) -> Cause:
    """Why it refuses us: its words only choose the hint for the operator."""
    if code in (530, 534, 535, 538) or enhanced in ("5.7.8", "5.7.9"):
        return "login"
    if enhanced == "5.1.90":
        return "limit"
    if enhanced in ("5.1.7", "5.1.8"):
        return "sender"
    named = next((cause for cause, pattern in _CAUSES if pattern.search(words)), None)
    return named or _OF_STAGE[stage]
