"""What teams add to guides: in files, and on the dashboard."""
