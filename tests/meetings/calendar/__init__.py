"""Calendars and tables in and out."""
