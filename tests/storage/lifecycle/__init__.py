"""A store over time."""
