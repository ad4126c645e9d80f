"""What stands beside a name and says that it is one, or that it is not."""
