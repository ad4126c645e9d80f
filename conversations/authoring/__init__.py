"""Authoring of guides: edited as text that people read, compared, checked step by step. Pure."""
