"""What rings for a conversation elsewhere: in which order, when, and what follows a failure."""
