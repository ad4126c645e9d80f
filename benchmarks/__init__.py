"""What is measured: commands that print figures, run by hand."""
