"""Sense-making: what of the dashboard brings stories back to practice."""
