"""Translations of guides, beside their Dutch."""
