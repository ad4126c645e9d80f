"""The pack of a session: what is printed for a group around a table."""
