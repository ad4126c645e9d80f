"""Completes findings: half a name identifies as well as a whole one."""

from __future__ import annotations

from conversations.redaction.beside.arabic_words import ArabicWords
from conversations.redaction.beside.company import Company
from conversations.redaction.beside.ordinary import OrdinaryNames
from conversations.redaction.beside.public import PublicNames
from conversations.redaction.evidence import Evidence
from conversations.redaction.tokens import Token
from conversations.redaction.whole_abroad import NamesAbroad
from conversations.redaction.whole_again import RepeatedNames
from conversations.redaction.whole_houses import WholeHouses
from conversations.redaction.whole_places import WholePlaces
from conversations.redaction.whole_short import ShortNames
from conversations.wordlist.lexicon import Lexicon


def complete(tokens: list[Token], labels: list[str], evidence: Evidence, lexicon: Lexicon) -> None:
    """Change the labels in place, step by step."""
    people = RepeatedNames(tokens, labels, evidence, lexicon)
    short = ShortNames(tokens, labels, evidence, lexicon)
    abroad = NamesAbroad(tokens, labels, evidence, lexicon)
    places = WholePlaces(tokens, labels, evidence, lexicon)
    company = Company(tokens, labels, evidence, lexicon)
    PublicNames(tokens, labels, evidence, lexicon).drop_known()
    people.add_titled()
    arabic = any("\u0600" < first < "\u0700" for first in {token.text[0] for token in tokens})
    if lexicon.cases is not None:
        abroad.add_before_title()
    if arabic or lexicon.cases is not None:
        abroad.add_listed()
    if arabic:
        ArabicWords(tokens, labels, evidence, lexicon).add_all()
        abroad.add_kunya()
        abroad.add_dutch()
    short.add_announced()
    short.add_double_names()
    people.join_hyphens()
    people.add_particles()
    people.add_second_names()
    if arabic:
        abroad.add_families()
        abroad.add_honours()
    people.add_initialled()
    people.add_initials()
    people.add_inverted()
    short.add_long_initials()
    short.add_given_before()
    people.add_signature()
    short.add_signed()
    short.add_greeted()
    if lexicon.words is not None:
        ordinary = OrdinaryNames(tokens, labels, evidence, lexicon)
        ordinary.add_titled_words()
        ordinary.add_without_article()
    company.add_asked()
    company.add_nicknames()
    company.add_listed()
    places.finish_addresses()
    people.drop_lone_letters()
    short.add_married()
    people.find_again()
    company.find_small()
    abroad.find_with_endings()
    people.add_particles()
    company.add_bynames()
    short.add_small_initials()
    short.find_letters()
    places.find_towns()
    places.finish_places()
    places.drop_bare_heads()
    places.drop_lone_numbers()
    WholeHouses(tokens, labels, evidence, lexicon).add_numbers()
