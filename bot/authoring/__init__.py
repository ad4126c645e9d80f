"""Guides on the dashboard: written, tried, published, recalled."""
