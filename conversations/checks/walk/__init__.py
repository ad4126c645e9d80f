"""The walk through every state of a guide, and what must hold in each."""
