"""Bells of people, and what was rung."""
