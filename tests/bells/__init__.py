"""Bells: who is rung when, and that nobody is rung twice."""
