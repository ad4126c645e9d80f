"""Coordinators and teams."""
