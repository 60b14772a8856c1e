"""What a booked interpreter reads, and how the coach lets them in."""
