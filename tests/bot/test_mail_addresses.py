"""Addresses as people paste them: whole, or not at all."""

from __future__ import annotations

import socket
import string

import idna
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.validation.mail_addresses import NoAddress, find_addresses, parse_address, parse_sender

ATEXT = string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~"
"""What may stand in an address without quotes (RFC 5322 3.2.3)."""
LOCAL = st.lists(st.text(ATEXT, min_size=1, max_size=8), min_size=1, max_size=3).map(".".join)
QUOTED = st.text(ATEXT + " ,;<>()@:", max_size=12).map(lambda text: f'"({text}"')
"""In quotes, with something that needs them: without it the library takes them off."""
DOMAIN = st.sampled_from(
    ["x.nl", "sub.example.nl", "bücher.nl", "гугл.рф", "xn--bcher-kva.nl", "EXAMPLE.COM"]
)
ADDRESS = st.builds("{}@{}".format, LOCAL | QUOTED, DOMAIN)
AROUND = st.text(ATEXT + " ,;<>()@:.\"'\n\té", max_size=12)


@pytest.mark.parametrize(
    ("text", "good", "wrong"),
    [
        ("a@x.nl b@x.nl", ["a@x.nl", "b@x.nl"], []),
        ("A@X.nl, a@x.nl;\nb@sub.x.nl.", ["a@x.nl", "b@sub.x.nl"], []),
        ('"Jansen, Piet" <p.jansen@x.nl>; An <an@x.nl>', ["p.jansen@x.nl", "an@x.nl"], []),
        ("Jansen, Piet <p.jansen@x.nl>, Vries, An de <an@x.nl>", ["p.jansen@x.nl", "an@x.nl"], []),
        ("'an@x.nl' <an@x.nl>", ["an@x.nl"], []),
        ('"a@x.nl", "b@x.nl"', ["a@x.nl", "b@x.nl"], []),
        ("mailto:a@x.nl", ["a@x.nl"], []),
        ("Pat O'Neil <o'neil@x.nl>", ["o'neil@x.nl"], []),
        ("o'neil@x.nl, a+b@x.nl", ["o'neil@x.nl", "a+b@x.nl"], []),
        ('"a, b"@x.nl', ['"a, b"@x.nl'], []),
        ("jan@bücher.nl", ["jan@xn--bcher-kva.nl"], []),
        ("josé@x.nl", [], ["josé@x.nl"]),
        ("jan smit@x.nl", [], ["jan smit@x.nl"]),
        ("jan,smit@x.nl\nan@x.nl", ["an@x.nl"], ["jan", "smit@x.nl"]),
        ("jan@x,nl", [], ["jan@x", "nl"]),
        ("(jan)smit@x.nl", [], ["(jan)smit@x.nl"]),
        ("jan@x.nl <piet@x.nl>", [], ["jan@x.nl <piet@x.nl>"]),
        ("a@x b.x.nl", [], ["a@x b.x.nl"]),
        ("c@@x.nl\n@x.nl\nd@x..nl\ne@-x.nl", [], ["c@@x.nl", "@x.nl", "d@x..nl", "e@-x.nl"]),
        ("An <an@x>", [], ["An <an@x>"]),
        ("An <an@x.nl>, Piet", ["an@x.nl"], ["Piet"]),
        ("", [], []),
        ("a@x.nl\tAn Jansen\r\nb@x.nl\tBob", ["a@x.nl", "b@x.nl"], []),
        ("E-mail\tNaam\nAn\t\ta@x.nl\n\t", ["a@x.nl"], []),
        ("An\tOost\nBob\tb@x", [], ["An Oost", "b@x"]),
        ("jan,smit@x.nl\tJan", [], ["jan", "smit@x.nl"]),
        ("a@x.nl\u200b, \xa0b@x.nl\ufeff", ["a@x.nl", "b@x.nl"], []),
        ("ja\u200bn@x.nl", [], ["ja\u200bn@x.nl"]),
        ("'a@x.nl'; 'b@x.nl'", ["a@x.nl", "b@x.nl"], []),
        ("- a@x.nl\n• b@x.nl\n3. c@x.nl", ["a@x.nl", "b@x.nl", "c@x.nl"], []),
        ("a@x.nl / b@x.nl en c@x.nl", ["a@x.nl", "b@x.nl", "c@x.nl"], []),
        ("An (a@x.nl), b@x.nl (werk)", ["a@x.nl", "b@x.nl"], []),
        ("Aan: a@x.nl, b@x.nl", ["a@x.nl", "b@x.nl"], []),
        ("E-mailadres\na@x.nl", ["a@x.nl"], []),
        ("a@x.nl (b@x.nl)", [], ["a@x.nl (b@x.nl)"]),
        ("(jan) smit@x.nl", [], ["(jan) smit@x.nl"]),
        ("jan en smit@x.nl", [], ["jan en smit@x.nl"]),
        ("1.a@x.nl", ["1.a@x.nl"], []),
        ("a" * 64 + "@x.nl", ["a" * 64 + "@x.nl"], []),
        ("a" * 65 + "@x.nl", [], ["a" * 65 + "@x.nl"]),
    ],
)  # fmt: skip
def test_addresses_are_found_and_slips_are_named(
    text: str, good: list[str], wrong: list[str]
) -> None:
    found = find_addresses(text)
    assert found == (good, wrong)


@given(ADDRESS)
def test_what_is_accepted_comes_back_whole(address: str) -> None:
    local, _, domain = address.rpartition("@")
    whole = f"{local}@{idna.encode(domain, uts46=True).decode()}".lower()
    assert parse_address(address) == whole
    assert find_addresses(address) == ([whole], [])
    assert find_addresses(f"Jan <{address}>") == ([whole], [])
    assert parse_address(whole) == whole


@given(AROUND, ADDRESS, AROUND)
def test_nothing_is_taken_that_touches_something_else(
    before: str, address: str, after: str
) -> None:
    """Each address that is taken stands in the text between two signs that end an address."""
    assume("xn--" not in address or "é" not in after)  # one domain, spelled in two ways
    text = f"{before}{address}{after}"
    for taken in find_addresses(text).addresses:
        local, _, domain = taken.rpartition("@")
        spelled = {domain, idna.decode(domain)}
        assert any(_stands_alone(f"{local}@{each}", text.lower()) for each in spelled)


def _stands_alone(taken: str, text: str) -> bool:
    ends, place = ' \t\n,;<>"', text.find(taken)
    while place >= 0:
        left, right = text[:place].removesuffix("mailto:"), text[place + len(taken) :]
        right = right.removeprefix(".")
        if (not left or left[-1] in ends) and (not right or right[0] in ends):
            return True
        place = text.find(taken, place + 1)
    return False


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    found = find_addresses(text)
    assert all(parse_address(each) == each for each in found.addresses)


@given(st.text(ATEXT, min_size=1, max_size=8), st.sampled_from(",; "), ADDRESS)
def test_a_word_typed_against_an_address_keeps_it_from_being_taken(
    word: str, sign: str, address: str
) -> None:
    # these part two addresses, or begin a line of a list
    assume(word.casefold() not in ("/", "&", "+", "|", "-", "*", "en", "and"))
    assert find_addresses(f"{word}{sign}{address}").addresses == []


def test_no_name_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object, **__: object) -> None:
        raise AssertionError("a name server was asked")

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(socket, "socket", ask)
    assert parse_address("jan@bücher.nl") == "jan@xn--bcher-kva.nl"


def test_a_sender_has_a_name_and_may_be_inside_the_own_network() -> None:
    sender = parse_sender('"De Bot, Oost" <bot@localhost>')
    assert (sender.display_name, sender.addr_spec) == ("De Bot, Oost", "bot@localhost")
    for wrong in ("", "bot", "a@x.nl, b@x.nl", "Bot <bot@x.nl", "bot@x.nl b@x.nl"):
        with pytest.raises(NoAddress):
            parse_sender(wrong)
