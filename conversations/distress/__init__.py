"""What worrying words look like: one file for each language."""
