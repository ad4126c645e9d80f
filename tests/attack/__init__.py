"""People who mean harm, or whose computer does."""
