"""Calendars and tables in and out: iCalendar, CSV, typed times."""
