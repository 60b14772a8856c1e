"""A coach's calendars: an address for the meetings, and one elsewhere that has been read, with a clash."""

import secrets
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.booking.feed_models import CalendarFeed
from portal.booking.models import Appointment
from portal.crypto import lookup_hash
from portal.identity.models import Person

ADDRESS = "https://outlook.office365.com/owa/calendar/demo/demo/calendar.ics"
NEVER = timedelta(days=3650)
"""When the calendar is read next: it does not exist, and the demo asks nobody for it."""
DAYS = 20
FROM, UNTIL = time(15), time(16)
CLASHES = 2
"""Which of the coach's meetings ahead lies under a busy time, counted from 0."""


def add(session: Session, coach: Person, zone: ZoneInfo, now: datetime) -> None:
    """Made a week ago, read ten minutes ago. Nobody knows the feed's token: make another to try it."""
    made = now - timedelta(days=7)
    session.add(CalendarFeed(person_id=coach.id, token_hash=secrets.token_bytes(32), made_at=made))
    calendar = OutsideCalendar(
        person_id=coach.id,
        address=ADDRESS,
        address_hash=lookup_hash("outside calendar", ADDRESS),
        added_at=made,
        next_at=now + NEVER,
        read_at=now - timedelta(minutes=10),
        expanded_at=now - timedelta(minutes=10),
    )
    session.add(calendar)
    session.flush()
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(1, DAYS)]
    spans = [
        (datetime.combine(day, FROM, zone), datetime.combine(day, UNTIL, zone))
        for day in days
        if day.weekday() < 5
    ]
    ahead = select(Appointment.starts_at, Appointment.ends_at).where(
        Appointment.coach_id == coach.id, Appointment.state == "booked", Appointment.starts_at > now
    )
    clash = session.execute(ahead.order_by(Appointment.starts_at).offset(CLASHES).limit(1)).one()
    spans.append((clash.starts_at, clash.ends_at))
    session.add_all(
        OutsideBusy(calendar_id=calendar.id, starts_at=starts, ends_at=ends) for starts, ends in spans
    )
