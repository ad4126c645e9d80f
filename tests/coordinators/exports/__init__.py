"""Files of stories."""
