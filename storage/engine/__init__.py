"""The database: connections, one writer, compiled statements."""
