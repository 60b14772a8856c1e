"""When a coach is busy in a calendar that is kept elsewhere."""
