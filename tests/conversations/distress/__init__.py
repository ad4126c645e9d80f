"""Words that ask for help."""
