"""Guides as data."""
