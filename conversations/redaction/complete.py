"""Completes findings: half a name identifies as well as a whole one."""

from __future__ import annotations

from conversations.redaction.evidence import Evidence
from conversations.redaction.tokens import Token
from conversations.redaction.whole_again import RepeatedNames
from conversations.redaction.whole_places import WholePlaces
from conversations.wordlist.lexicon import Lexicon


def complete(tokens: list[Token], labels: list[str], evidence: Evidence, lexicon: Lexicon) -> None:
    """Change the labels in place, step by step."""
    people = RepeatedNames(tokens, labels, evidence, lexicon)
    places = WholePlaces(tokens, labels, evidence, lexicon)
    people.add_titled()
    people.join_hyphens()
    people.add_particles()
    people.add_second_names()
    people.add_initialled()
    people.add_initials()
    people.add_signature()
    places.finish_addresses()
    people.drop_lone_letters()
    people.find_again()
    people.add_particles()
    places.find_towns()
    places.finish_places()
    places.drop_bare_heads()
    places.drop_lone_numbers()
