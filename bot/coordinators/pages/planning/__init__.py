"""The pages on which meetings and teams are planned and changed."""
