"""Reads files of figures: their shape, their head, their columns, and every cell."""
