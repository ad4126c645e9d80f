"""Messages from the outbox to the channels, at their pace."""
