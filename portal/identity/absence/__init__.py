"""When a coach is away, who stands in for them, and what that opens. Never why."""
