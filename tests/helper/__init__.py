"""The helper process."""
