"""Meetings, prompts, feeds and links."""
