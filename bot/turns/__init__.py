"""One person and one event: the unit of work of a turn."""
