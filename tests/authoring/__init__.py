"""Guides on the dashboard: how they are made, tried and used."""
