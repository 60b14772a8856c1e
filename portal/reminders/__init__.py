"""What is due to be said now, and to whom."""
