"""Arrivals of all channels, taken as turns in batches."""
