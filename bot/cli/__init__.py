"""The commands of `vertelbot`, a file for what belongs together."""
