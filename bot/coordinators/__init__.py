"""What coordinators see and do."""
