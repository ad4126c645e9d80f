"""What people ask of their own stories and data: the account commands."""
