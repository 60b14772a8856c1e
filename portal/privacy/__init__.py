"""What everybody has a right to: to see who has looked, to take out all about oneself, to be forgotten."""
