"""Health, and the demo's phones and clock."""
