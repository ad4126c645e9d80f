"""A filled database of every version there was."""
