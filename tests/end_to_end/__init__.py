"""The whole house: a real store, real channels, people who tell."""
