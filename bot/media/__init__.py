"""Listening: what recordings are, and writing them out on this machine."""
