"""Parses e-mail addresses as people type and paste them: taken whole as the library reads them, or
refused. Never a part of what was typed: that is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from email.headerregistry import Address, AddressHeader, HeaderRegistry
from typing import NamedTuple

_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_PIECE = re.compile(rf'(?:{_QUOTED}|<(?:{_QUOTED}|[^<>\n"])*>|[^,;\n])+')
_WORD = re.compile(rf"(?:{_QUOTED}|\S)+")
_NAMED = re.compile(rf'(?P<name>(?:{_QUOTED}|[^"<>])*)<(?P<address>(?:{_QUOTED}|[^<>"])+)>')
_UNSEEN = " \t\r\n\xa0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_HEADER = re.compile(r"mail|\bnaam\b|\bname\b|\badres", re.IGNORECASE)
"""Words of the line above a table of people."""
_ABOVE = re.compile(
    r"(?:e-?)?mail(?:s|adres(?:sen)?)?|adres(?:sen)?|naam|name|address(?:es)?", re.IGNORECASE
)
"""A line that is nothing but the name of a column."""
_IN_QUOTES = re.compile(r"""(?P<sign>["'])(?P<text>[^"'\\]*)(?P=sign)""")
_ITEM = re.compile(r"^(?:[-–•*·▪◦]|\d{1,3}[.)])\s+")
"""What a list puts before each of its lines."""
_LABEL = re.compile(r"^[^\W\d_][\w .-]{0,40}:\s+(?=\S*@)")
"""What stands before addresses that were copied with it: `Aan: jan@x.nl`."""
_REMARK = re.compile(r"(?P<before>[^()]*?)\s*\((?P<inside>[^()]*)\)")
_JOINED = frozenset(("/", "&", "+", "|", "en", "and", "-"))
"""What stands by itself between two addresses."""


class NoAddress(ValueError):
    """This is not one e-mail address. The text holds nothing of it."""


class ParsedAddresses(NamedTuple):
    """The addresses in a text, each once, and the pieces of it that are none."""

    addresses: list[str]
    wrong: list[str]


def parse_address(text: str) -> str:
    """The address that a text is, as it is kept and sent to: in small letters, its domain in the
    form of the name servers (punycode). No name server is asked. Raises NoAddress."""
    from email_validator import EmailNotValidError, validate_email  # most commands need none

    bare = _bare(text)
    bare = bare[len("mailto:") :] if bare.lower().startswith("mailto:") else bare
    try:
        read = validate_email(
            bare.removesuffix("."),  # the end of a sentence
            allow_quoted_local=True,
            allow_smtputf8=False,
            strict=True,  # what no mail server has to take (RFC 5321, 4.5.3.1)
            check_deliverability=False,
        )
    except EmailNotValidError:
        raise NoAddress("this is no e-mail address") from None
    if read.ascii_email is None:
        raise NoAddress("this is no e-mail address")
    return read.ascii_email.lower()


def parse_sender(text: str) -> Address:
    """The one mailbox that we send from: `Vertelbot <bot@example.nl>`, also of a machine that only
    the own network knows (`bot@localhost`), its domain as punycode. Raises NoAddress."""
    try:
        header = HeaderRegistry()("From", text)
    except (ValueError, IndexError):
        raise NoAddress("this is no sender") from None
    if not isinstance(header, AddressHeader) or header.defects or len(header.addresses) != 1:
        raise NoAddress("this is no sender")
    (sender,) = header.addresses
    try:
        domain = sender.domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not (sender.username.isascii() and sender.username and domain):
        raise NoAddress("this is no sender")
    return Address(sender.display_name, sender.username, domain)


def find_addresses(text: str) -> ParsedAddresses:
    """The addresses in a list, as it is pasted from a mail program or a table: between commas,
    semicolons, new lines, cells or spaces; with a name before angle brackets, or without.

    A piece is taken whole or not at all, and not beside one that may belong to it: of
    `jan,smit@x.nl` and of `jan smit@x.nl` nothing is taken.
    """
    found = [_in_line(line) for line in text.replace("\r", "\n").split("\n")]
    addresses = (one for each in found for one in each.addresses)
    wrong = (one for each in found for one in each.wrong)
    return ParsedAddresses(list(dict.fromkeys(addresses)), list(dict.fromkeys(wrong)))


def _in_line(line: str) -> ParsedAddresses:
    """Of a line of a table the cells stand apart: what has no @ is a name, or the header."""
    if _ABOVE.fullmatch(_bare(line)):
        return ParsedAddresses([], [])
    if "\t" not in line:
        return _in_text(line)
    cells = [_in_text(cell) for cell in line.split("\t") if "@" in cell]
    if not cells and _bare(line) and not _HEADER.search(line):
        return ParsedAddresses([], [" ".join(line.split())])
    return ParsedAddresses(
        [one for cell in cells for one in cell.addresses],
        [one for cell in cells for one in cell.wrong],
    )


def _in_text(text: str) -> ParsedAddresses:
    pieces = [piece for piece in map(_bare, _PIECE.findall(text)) if piece]
    read = [_read(piece) for piece in pieces]
    addresses: list[str] = []
    wrong: list[str] = []
    for piece, found, taken in zip(pieces, read, _safe(pieces, read), strict=True):
        addresses += found or () if taken else ()
        wrong += () if taken else (piece,)
    return ParsedAddresses(addresses, wrong)


def _bare(text: str) -> str:
    """Without what cannot be seen around it, as it comes along from a web page."""
    return text.strip(_UNSEEN)


def _read(piece: str) -> Sequence[str]:
    """The addresses that a piece consists of; none when a part of it is something else."""
    quoted = _IN_QUOTES.fullmatch(piece)
    piece = _LABEL.sub("", _ITEM.sub("", quoted["text"] if quoted else piece))
    try:
        if piece.endswith(">"):
            return [_in_brackets(piece)]
        if (remark := _REMARK.fullmatch(piece)) and ("@" in piece):
            return [_beside_remark(remark["before"], remark["inside"])]
        words: Iterable[str] = _WORD.findall(piece)
        return [parse_address(word) for word in words if word.casefold() not in _JOINED]
    except NoAddress:
        return []


def _beside_remark(before: str, inside: str) -> str:
    """The address before a remark, or behind a name, in parentheses; one of the two is none."""
    one, other = (before, inside) if "@" in before else (inside, before)
    if "@" in other:
        raise NoAddress("two addresses")
    return parse_address(one)


def _in_brackets(piece: str) -> str:
    """The address behind a name; which may be the same address, but no other one."""
    named = _NAMED.fullmatch(piece)
    if named is None:
        raise NoAddress("no address in brackets")
    name, address = named["name"].strip(" \"'"), parse_address(named["address"])
    if "@" in name and name.lower() != address:
        raise NoAddress("a name that is another address")
    return address


def _safe(pieces: Sequence[str], read: Sequence[Sequence[str]]) -> list[bool]:
    """Which pieces of a line may be taken, or passed over as the first part of a name. One without
    @ that is no part of a name spoils its neighbours, but for what stands in brackets."""
    bracketed = [
        bool(each) and piece.endswith(">") for piece, each in zip(pieces, read, strict=True)
    ]
    begins_name = [False] * len(pieces)
    for place in range(len(pieces) - 2, -1, -1):  # `Jansen, Piet <p.jansen@x.nl>`
        follows = bracketed[place + 1] or begins_name[place + 1]
        begins_name[place] = follows and "@" not in pieces[place]
    stray = [
        not (each or name or "@" in piece)
        for piece, each, name in zip(pieces, read, begins_name, strict=True)
    ]
    return [
        name or (bool(each) and (brackets or not any(stray[max(0, place - 1) : place + 2])))
        for place, (each, name, brackets) in enumerate(
            zip(read, begins_name, bracketed, strict=True)
        )
    ]
