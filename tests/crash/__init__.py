"""Vertelbot, killed everywhere and started again."""
