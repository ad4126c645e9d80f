"""Several Vertelbots on one PostgreSQL."""
