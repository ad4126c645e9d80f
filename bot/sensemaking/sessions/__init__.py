"""Sense-making sessions: prepared, led and recorded on pages, joined in the chat."""
