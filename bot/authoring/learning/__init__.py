"""Learning from use: what is counted of conversations, and where it is shown."""
