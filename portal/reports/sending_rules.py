"""Months, and what SMS may cost. Pure."""

from datetime import date

from portal.messaging import rules as messaging

MONTHS = 12
LEFT = frozenset({messaging.SENT, messaging.DELIVERED, messaging.FAILED, messaging.UNKNOWN})
"""What was handed to the provider, and may therefore have cost something, whatever came of it."""


def months_back(today: date) -> tuple[date, ...]:
    """The first days of this month and of those before it, twelve in all, this one first."""
    number = today.year * 12 + today.month - 1
    return tuple(date(one // 12, one % 12 + 1, 1) for one in range(number, number - MONTHS, -1))


def cost(parts: int, price_ore: int) -> int:
    """About what so many parts cost, in whole kronor, at a price for one in öre; halves upwards."""
    return (parts * price_ore + 50) // 100
