"""Visits and learning groups as threads, and the questions that travel along them."""
