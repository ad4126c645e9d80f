"""What becomes of a message of the teller: typed, edited, taken back, or not in words."""
