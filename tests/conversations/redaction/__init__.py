"""Finding what identifies people."""
