"""What settings can be: their bounds, which hold together, how a word gets its code, when lines are old."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.organisation import reminder_rules
from portal.organisation.host_rules import are_hosts
from portal.organisation.rules import Rules
from portal.web.addresses import email_key

BOUNDS: dict[str, tuple[int, int]] = {
    "meeting_minutes": (10, 240),
    "buffer_minutes": (0, 120),
    "buffer_on_site_minutes": (0, 120),
    "buffer_phone_minutes": (0, 120),
    "buffer_video_minutes": (0, 120),
    "buffer_walk_minutes": (0, 120),
    "most_a_day": (0, 20),
    "eve_last_hour": (8, 24),
    "minimum_notice_hours": (0, 336),
    "horizon_days": (1, 365),
    "change_deadline_hours": (0, 168),
    "upcoming_own_bookings": (1, 20),
    "answer_working_days": (1, 20),
    "interpreter_order_days": (0, 20),
    "caseload_ceiling": (1, 200),
    "checkin_before_hours": (1, 72),
    "checkin_after_hours": (1, 336),
    "no_meeting_days": (1, 180),
    "survey_after_months": (1, 24),
    "survey_open_days": (7, 180),
    "reminder_earliest_hour": (6, 12),
    "reminder_latest_hour": (13, 22),
    "codes_per_number_a_day": (3, 50),
    "codes_a_day": (50, 100_000),
    "sms_price_ore": (1, 1000),
    "smallest_cell_team": (1, 50),
    "smallest_cell_outside": (1, 50),
    "keep_content_months": (1, 120),
    "keep_notes_months": (1, 120),
    "keep_staff_months": (1, 120),
    "keep_journal_months": (12, 240),
}
"""Least and most of each whole number; the unit stands in its name. Wider than anybody has asked for."""

MAY_BE_EMPTY = frozenset(name for name in BOUNDS if getattr(Rules(), name) is None)
"""Numbers of which none means: as another setting says."""
LINES_OLD_AFTER = timedelta(days=365)
PURPOSES = ("emergency", "care", "suicide", "violence")
CODE_LENGTH = 40


def problems(rules: Rules) -> dict[str, str]:
    """Settings that do not hold together: {name: code}."""
    if rules.checkin_before_hours > rules.horizon_days * 24:
        return {"checkin_before_hours": "longer_than_horizon"}
    if rules.minimum_notice_hours >= rules.horizon_days * 24:
        return {"minimum_notice_hours": "longer_than_horizon"}
    if problem := reminder_rules.problem(rules.reminder_steps):
        return {"reminder_steps": problem}
    if not are_hosts(rules.calendar_hosts):
        return {"calendar_hosts": "no_host"}
    if rules.agency_email and not email_key(rules.agency_email):
        return {"agency_email": "no_email"}
    return {}


def dated(before: Rules, after: Rules, now: datetime) -> Rules:
    """The new rules, with since when meetings are reminded of in another way than before."""
    if after.reminder_steps == before.reminder_steps:
        return after
    return replace(after, reminder_steps_since=now.isoformat())


@dataclass(frozen=True)
class LinesAge:
    """Whether the crisis lines were checked lately. `checked_on` is None when nobody has."""

    checked_on: date | None
    old: bool


def lines_age(rules: Rules, today: date) -> LinesAge:
    """How old the check of the crisis lines is; older than a year must be looked at again."""
    try:
        checked = date.fromisoformat(rules.crisis_lines_checked_on)
    except ValueError:
        return LinesAge(None, True)
    return LinesAge(checked, today - checked > LINES_OLD_AFTER)


def code_of(word: str, taken: set[str]) -> str:
    """A code for a new word of a list: its plain letters, and a number when they are taken."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    plain = re.sub(r"[^a-z0-9]+", "_", "".join(sign for sign in apart if not unicodedata.combining(sign)))
    stem = plain.strip("_")[:CODE_LENGTH] or "word"
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)
