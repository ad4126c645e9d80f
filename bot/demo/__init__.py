"""Invented stories to look around with. Nothing of it is of a person."""
