"""Public pages: switched on by the association, seen by anybody."""
