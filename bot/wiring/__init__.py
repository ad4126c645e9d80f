"""Puts parts together: what opens the store, and what makes the pages."""
