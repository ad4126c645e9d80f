"""What could not be done: a standing view, and every quarter a session about it."""
