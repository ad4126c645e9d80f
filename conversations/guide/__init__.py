"""Guides as data: their model, their files, their problems."""
