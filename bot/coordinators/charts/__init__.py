"""Pictures: drawn by matplotlib, in the process of the studio only."""
