"""What is kept of sense-making: sessions, their cards, what was predicted, and the record."""
