"""When a coach can meet: working hours, exceptions, busy time."""
