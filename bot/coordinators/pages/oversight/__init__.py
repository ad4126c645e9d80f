"""Who looked and did what, and which addresses get no mail any more."""
