"""What every guide must hold to."""
