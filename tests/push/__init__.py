"""Web push and SMS, to strict services on the loopback."""
