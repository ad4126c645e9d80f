"""Broken engines. Each changes one thing that a hurried hand could get wrong."""

from __future__ import annotations

from tests.conversations.checks.agreement_mutants import OF_AGREEMENT
from tests.conversations.checks.mutant import Mutant
from tests.conversations.checks.turn_mutants import OF_TURNS

__all__ = ["MUTANTS", "Mutant"]

MUTANTS = [*OF_TURNS, *OF_AGREEMENT]
