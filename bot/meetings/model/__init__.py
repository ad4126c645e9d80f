"""Meetings and series as data."""
