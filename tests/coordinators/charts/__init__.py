"""Pictures and statistics."""
