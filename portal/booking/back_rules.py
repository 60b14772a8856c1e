"""Where a form leads when it is done: one of a few pages of ours, built anew from what it carries (S25)."""

import re
import uuid
from datetime import date

TODAY = "today"

_WEEK = re.compile(r"week:([0-9]{4}-[0-9]{2}-[0-9]{2})(?::([0-9a-f-]{36}))?")


def to_week(day: date, coach_id: uuid.UUID | None = None) -> str:
    """The mark of a week and the day in it; `coach_id` where it is not the asker's own."""
    return f"week:{day.isoformat()}" + (f":{coach_id}" if coach_id else "")


def week_page(day: date, coach_id: uuid.UUID | None = None, *, removed: uuid.UUID | None = None) -> str:
    """The address of the week of a day, at that day.

    `removed`: a blocked time to be offered back, on top of the page.
    """
    coach = f"&coach={coach_id}" if coach_id else ""
    at = f"&removed={removed}" if removed else f"#d-{day.isoformat()}"
    return f"/staff/week?from={day.isoformat()}{coach}{at}"


def page_of(back: str) -> str:
    """The address that a mark stands for; "" for what is no mark of ours."""
    if back == TODAY:
        return "/staff"
    if not (found := _WEEK.fullmatch(back)):
        return ""
    try:
        return week_page(date.fromisoformat(found[1]), uuid.UUID(found[2]) if found[2] else None)
    except ValueError:
        return ""
