"""Tests mirror the house."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Else each of the many processes that tests start would compile all libraries again."""
