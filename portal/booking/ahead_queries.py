"""What a participant's first page says of their meetings: in one query, said once."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, case, select
from sqlalchemy.orm import Session

from portal.attendance import rules as attending
from portal.attendance.models import Signature
from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.shown_queries import COACH, signed_for
from portal.crypto import open_sealed
from portal.db import ask
from portal.identity.models import first_name, name_of
from portal.interpreting.order_queries import state_of
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


class Booked(NamedTuple):
    """When a booked meeting is, and whether its participant came: what there is to do about it follows.

    `can_sign`: that they were there is to be signed now.
    """

    id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    attendance: str
    can_sign: bool = False


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next meeting as the first page names it; behind the first door without with whom and where.

    `order`: how far the finding of the interpreter is, "" where none is ordered.
    """

    id: uuid.UUID
    starts_at: datetime
    mode: str
    confirmed: bool
    can_confirm: bool
    late: bool
    can_say_late: bool
    coach: str
    place: str
    interpreter: str
    order: str


@dataclass(frozen=True, slots=True)
class OwnBooked:
    """A participant's booked meetings, the soonest first, and the next that is not over."""

    next: NextMeeting | None
    all: tuple[Booked, ...]


def own_booked(session: Session, asker: Asker, now: datetime, since: datetime) -> OwnBooked:
    """The asking participant's booked meetings that end after `since`; one query."""
    note(session, asker, action="read", kind="meetings", subject=asker.person_id)
    own = {"organisation_id": asker.organisation_id, "person_id": asker.person_id, "since": since}
    signs = rules_of(session, asker).attendance_signed
    rows = ask(session, OWN_BOOKED, own).all()
    following = next((row for row in rows if row.ends_at > now), None)
    return OwnBooked(
        next=_next(asker, following, now) if following else None,
        all=tuple(_booked(row, now, signs) for row in rows),
    )


def _booked(row: Row[Any], now: datetime, signs: bool) -> Booked:
    is_open = signs and attending.signing_open(row.attendance_as or row.attendance, row.starts_at, now)
    return Booked(row.id, row.starts_at, row.ends_at, row.attendance, row.signed_at is None and is_open)


def _next(asker: Asker, row: Row[Any], now: datetime) -> NextMeeting:
    whole, confirmed = asker.tier > 1, row.confirmed_at is not None
    return NextMeeting(
        id=row.id,
        starts_at=row.starts_at,
        mode=row.mode,
        confirmed=confirmed,
        can_confirm=not confirmed and rules.confirm_open(rules.BOOKED, row.starts_at, now),
        late=row.late_said_at is not None,
        can_say_late=rules.late_open(rules.BOOKED, row.starts_at, row.ends_at, now),
        coach=first_name(name_of(row.coach_id, row.coach_name)) if whole else "",
        place=open_sealed("appointment", "place_sealed", row.id, row.place_sealed) if whole else "",
        interpreter=row.interpreter_language if whole else "",
        order=row.order_state if whole else "",
    )


OWN_BOOKED = (
    select(
        Appointment.id,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.attendance,
        Appointment.attendance_as,
        Signature.signed_at,
        Appointment.mode,
        Appointment.confirmed_at,
        Appointment.late_said_at,
        Appointment.interpreter_language,
        Appointment.place_sealed,
        Appointment.coach_id,
        COACH.name_sealed.label("coach_name"),
        # Most meetings need no interpreter, and their order is not looked for.
        case((Appointment.interpreter_language != "", state_of(Appointment.id)), else_="").label(
            "order_state"
        ),
    )
    .join(COACH, COACH.id == Appointment.coach_id)
    .outerjoin(Signature, signed_for())
    .where(
        Appointment.organisation_id == bindparam("organisation_id"),
        Appointment.person_id == bindparam("person_id"),
        Appointment.in_portal.is_(True),
        Appointment.state == rules.BOOKED,
        Appointment.ends_at > bindparam("since"),
    )
    .order_by(Appointment.starts_at)
)
"""What `own_booked` asks, said once: it asks on every visit."""
