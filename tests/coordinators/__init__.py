"""What coordinators see and do, and what nobody sees."""
