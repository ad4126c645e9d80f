"""What people write of a meeting: in a table, a form or a chat."""
