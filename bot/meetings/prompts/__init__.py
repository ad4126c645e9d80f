"""Prompts after a meeting: planned, sent, answered."""
