"""The rules for details that have a form of their own."""
