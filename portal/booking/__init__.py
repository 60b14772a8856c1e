"""Meetings: booked, moved, cancelled, attended."""
