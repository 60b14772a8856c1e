"""Who was at a meeting: what staff note, and what the participant signs. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.attendance import rules as attending
from portal.attendance import service as attendance
from portal.attendance.rules import Noted
from portal.attendance.service import Occasion
from portal.booking import rules, time_service
from portal.booking.hold_service import CAUSE
from portal.booking.models import Appointment
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.web.asker import Asker
from portal.web.errors import Refused


class TooEarly(Refused):
    """The meeting has not started, so nobody has come or stayed away."""


class NotedSince(Refused):
    """Somebody has noted something else since: nothing is written over that one has not seen."""


class NotThere(Refused):
    """Staff have noted that the participant did not come: they talk about it first."""


def occasion_of(meeting: Appointment) -> Occasion:
    """What a signature of this meeting is of."""
    return Occasion(CAUSE, meeting.id, meeting.person_id)


def note_attendance(
    session: Session,
    asker: Asker,
    meeting_id: uuid.UUID,
    noted: Noted,
    now: datetime,
    *,
    seen: datetime | None = None,
    why: str = "",
) -> Appointment:
    """Staff, a former coach too, note who was there, or take it back with `none`; twice is once.

    `seen`: when that was noted which they looked at, None for nothing. What was noted longer ago, by others,
    or has been signed stays behind as a correction. Raises TooEarly, NotBooked, NotedSince.
    """
    meeting = time_service.locked(session, asker, meeting_id, kept=True)
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if not rules.attendance_open(meeting.state, meeting.starts_at, now):
        raise TooEarly
    if meeting.noted == noted:
        return meeting
    if meeting.attended_at != seen:
        raise NotedSince
    _keep_what_was(session, asker, meeting, noted.state, now, why)
    meeting.attendance, meeting.attendance_as = attending.coarse(noted.state)
    meeting.met_from, meeting.met_until = noted.met_from, noted.met_until
    is_noted = noted.state != rules.UNKNOWN
    meeting.attended_at = now if is_noted else None
    meeting.attendance_by = asker.person_id if is_noted else None
    session.flush()
    time_service.note_change(session, asker, meeting)
    return meeting


def _keep_what_was(
    session: Session, asker: Asker, meeting: Appointment, becomes: str, now: datetime, why: str
) -> None:
    was, occasion = meeting.noted, occasion_of(meeting)
    if attending.is_correction(
        was.state,
        meeting.attended_at,
        now,
        same_person=meeting.attendance_by == asker.person_id,
        signed=attendance.signature(session, occasion) is not None,
    ):
        attendance.keep(session, asker, occasion, was, becomes, now=now, why=why)


def sign_own(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> bool:
    """The asking participant was here; whether it was not signed before.

    Raises NotBooked, TooEarly, TooLate (the sheet of that month is made), NotThere.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    _open_for_signing(meeting, now)
    method = attending.SECOND_DOOR if asker.tier > 1 else attending.FIRST_DOOR
    return _signed(session, asker, meeting, method, now)


def sign_on_paper(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> bool:
    """Staff hold a paper that the participant has signed. Raises as `sign_own`."""
    meeting = time_service.locked(session, asker, meeting_id, kept=True)
    _open_for_signing(meeting, now)
    return _signed(session, asker, meeting, attending.PAPER, now)


def unsign(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> bool:
    """Whoever signed takes it back, as long as it can be a slip; whether it was taken back."""
    meeting = time_service.locked(session, asker, meeting_id, kept=asker.is_staff)
    done = attendance.unsign(session, asker, occasion_of(meeting), now)
    if done:
        time_service.note_change(session, asker, meeting)
    return done


def _open_for_signing(meeting: Appointment, now: datetime) -> None:
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if meeting.noted.state in attending.NOT_MET:
        raise NotThere
    if meeting.starts_at > now:
        raise TooEarly
    if not attending.signing_open(meeting.noted.state, meeting.starts_at, now):
        raise TooLate


def _signed(session: Session, asker: Asker, meeting: Appointment, method: str, now: datetime) -> bool:
    done = attendance.sign(session, asker, occasion_of(meeting), method, now)
    if done:
        time_service.note_change(session, asker, meeting)
    return done
