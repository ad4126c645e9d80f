"""The way of one teller: what is known without asking, and how far it still is."""
