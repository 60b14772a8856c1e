"""Check-ins before and after a talk, and what they show."""
