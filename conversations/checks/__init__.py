"""What every guide must hold to, checked exhaustively."""
