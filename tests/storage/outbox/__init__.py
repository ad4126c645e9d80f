"""What waits to be delivered."""
