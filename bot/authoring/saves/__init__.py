"""Saves of a draft on the dashboard: the list of them, and two that are merged."""
