"""Reckoning with days: months on and back, half-years. It knows no today. Pure."""

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or earlier where negative; a shorter month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def half_year(day: date) -> str:
    """The half-year of a day: "2026-1"."""
    return f"{day.year}-{1 if day.month < 7 else 2}"
