"""A store over time: unlock, upgrade, back up, restore, rotate, forget."""
