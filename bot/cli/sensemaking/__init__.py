"""The commands of sense-making."""
