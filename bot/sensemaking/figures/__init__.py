"""Figures that stand beside stories: files in, values with their certainty out."""
