"""The weekly digest: its facts, its sentences and when it goes out."""
