"""A meeting as the asker may see it: what is loaded decides, never a template."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.attendance.models import Signature
from portal.attendance.queries import signature_of
from portal.availability.rules import MEETING, FreeTime
from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.network import company_queries
from portal.booking.there_rules import NOBODY_KNOWS, There, there
from portal.booking.topic_models import MeetingTopic
from portal.booking.topic_rules import PARTICIPANT
from portal.crypto import open_sealed
from portal.identity.models import CoachChange, Enrolment, Person, first_name, name_of, short_name
from portal.identity.scope import participant, participants_of, reaches
from portal.interpreting.order_queries import state_of
from portal.journal.service import note
from portal.organisation.rules import read
from portal.web.asker import Asker

# Made once: an alias anew for each question costs more than the question.
PERSON, COACH = aliased(Person), aliased(Person)
THEIRS = exists().where(
    Enrolment.person_id == Appointment.person_id,
    Enrolment.coach_id == Appointment.coach_id,
    Enrolment.closed_on.is_(None),
)
TALKS = exists().where(MeetingTopic.appointment_id == Appointment.id, MeetingTopic.side == PARTICIPANT)
SHOWN = (
    Appointment.id,
    Appointment.person_id,
    Appointment.coach_id,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.mode,
    Appointment.state,
    Appointment.attendance,
    Appointment.attendance_as,
    Appointment.met_from,
    Appointment.met_until,
    Appointment.confirmed_at,
    Appointment.late_said_at,
    Appointment.cancelled_by,
    Appointment.in_portal,
    Appointment.interpreter_language,
    state_of(Appointment.id).label("order_state"),
    Appointment.uid,
    Appointment.revision,
    Appointment.changed_at,
    Appointment.attended_at,
    Appointment.place_sealed,
    Appointment.room_id,
    Appointment.cancel_reason_sealed,
    PERSON.name_sealed.label("person_name"),
    COACH.name_sealed.label("coach_name"),
    THEIRS.label("theirs"),
    TALKS.label("talks"),
    company_queries.several().label("several"),
    company_queries.declined().label("declined"),
    Signature.signed_at,
    Signature.signed_by,
    Signature.method,
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as the asker may see it: behind the first door `coach`, `place` and `interpreter` are "".

    `interpreter` is the language of the interpreter who is to be there, "" for none; `order` how far they are
    found (`order_rules`). `theirs`: with the coach whom the person has now. `there`: who was there.
    `room_id`: the room that its `place` is, None for none. `talks`: the participant has said what about.
    `several`: how many beside participant, coach and interpreter are to be there; `declined`: of them cannot.
    `guest`: the asker is one of them, and reads nothing else of the person.
    """

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    mode: str
    state: str
    attendance: str
    confirmed: bool
    by_participant: bool
    in_portal: bool
    uid: uuid.UUID
    revision: int
    changed_at: datetime
    person: str = ""
    coach: str = ""
    place: str = ""
    cancel_reason: str = ""
    can_change: bool = False
    too_late: bool = False
    can_confirm: bool = False
    can_restore: bool = False
    can_note: bool = False
    can_undo_note: bool = False
    theirs: bool = True
    interpreter: str = ""
    order: str = ""
    attended_at: datetime | None = None
    late: bool = False
    can_say_late: bool = False
    there: There = NOBODY_KNOWS
    talks: bool = False
    room_id: uuid.UUID | None = None
    several: int = 0
    declined: int = 0
    guest: bool = False

    @property
    def can_move(self) -> bool:
        """Whether the participant can choose another time: not where others have planned for this one."""
        return self.can_change and not self.several


@dataclass(frozen=True, slots=True)
class Occasion:
    """The time of a meeting and whose it is: what a check-in needs to know."""

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OwnMeetings:
    """A participant's meetings: those ahead, soonest first, and the last few that are over."""

    ahead: tuple[Meeting, ...]
    past: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be booked: the times, the first ones to show, how and how long one can meet.

    `fitting`: those of the times that fit the participant's bus and energy; `first` are the first of them.
    `others`: the first that do not, with why (`travel_rules`), "" behind the first door.
    `full` when the participant holds as many meetings as may be; `coach` is "" behind the first door;
    not `able` when the coach has left. `place`: the coach's usual one; `said_place`: another that has been
    said of the meeting that moves; both "" behind the first door. `interpreter`: what becomes of whoever
    interprets at the meeting that moves (`rules.INTERPRETERS`), "" where nobody does, and behind that door.
    `stays`: the meeting that moves takes its place or room along; else it follows the hours.
    """

    times: tuple[FreeTime, ...]
    first: tuple[FreeTime, ...]
    fitting: tuple[FreeTime, ...]
    others: tuple[tuple[FreeTime, str], ...]
    modes: tuple[str, ...]
    length: timedelta
    full: bool
    coach: str
    able: bool = True
    place: str = ""
    said_place: str = ""
    interpreter: str = ""
    stays: bool = False

    def place_at(self, chosen: FreeTime) -> str:
        """Where one meets then, if it is at a place; "" behind the first door."""
        return (self.said_place or chosen.place or self.place) if self.coach else ""


def visible(asker: Asker) -> Select[Appointment]:
    """The meetings that the asker may see, for lists.

    Those kept out of the portal leave a participant no trace (S33); nobody's with protected identity (S37).
    """
    wanted = select(Appointment).where(
        Appointment.organisation_id == asker.organisation_id,
        Appointment.person_id.in_(participants_of(asker)),
    )
    return wanted if asker.is_staff else wanted.where(Appointment.in_portal.is_(True))


def kept_by(asker: Asker) -> ColumnElement[bool]:
    """Whether a meeting stayed with the asker when its person got another coach: it alone, nothing else.

    Nobody's with protected identity (S37).
    """
    open_one = aliased(Person)
    handed_over = exists().where(
        CoachChange.person_id == Appointment.person_id,
        CoachChange.former_id == asker.person_id,
        CoachChange.changed_at < Appointment.ends_at,
    )
    return and_(
        Appointment.coach_id == asker.person_id,
        Appointment.organisation_id == asker.organisation_id,
        # What the asker has cancelled may be asked for again by a second tap; what others cancelled is gone.
        or_(Appointment.state == rules.BOOKED, Appointment.cancelled_by == asker.person_id),
        exists().where(open_one.id == Appointment.person_id, open_one.protected.is_(False)),
        handed_over,
    )


def appointment_for(
    session: Session, asker: Asker, meeting_id: uuid.UUID, *, kept: bool = False
) -> Appointment:
    """One meeting's row, for the verbs; with `kept` a former coach's too. Raises NoResultFound."""
    if not asker.is_staff:
        return session.scalars(visible(asker).where(Appointment.id == meeting_id)).one()
    row = session.scalars(
        select(Appointment).where(
            Appointment.id == meeting_id, Appointment.organisation_id == asker.organisation_id
        )
    ).one()
    if kept and not reaches(session, asker, row.person_id):
        stayed = select(Appointment.id).where(Appointment.id == meeting_id, kept_by(asker))
        if session.scalars(stayed).first() is not None:
            note(session, asker, action="read", kind="meetings", subject=row.person_id)
            return row
    participant(session, asker, row.person_id, what="meetings")
    return row


def with_names(wanted: Select[Any]) -> Select[*tuple[Any, ...]]:
    """What `shown` reads of these meetings, with the two people, as plain columns.

    Names stay sealed until they are shown.
    """
    joined = wanted.join(PERSON, PERSON.id == Appointment.person_id).join(
        COACH, COACH.id == Appointment.coach_id
    )
    joined = joined.outerjoin(Signature, signed_for())
    return joined.with_only_columns(*SHOWN, maintain_column_froms=True)


def signed_for() -> ColumnElement[bool]:
    """Which signature is of a meeting."""
    return signature_of(MEETING, Appointment.id, Appointment.person_id)


def named(session: Session, wanted: Select[Any]) -> Result[*tuple[Any, ...]]:
    """The meetings with the two people, and whether these belong together now, in one query."""
    return session.execute(with_names(wanted))


def shown(asker: Asker, it: Row[*tuple[Any, ...]], now: datetime, deadline_hours: int) -> Meeting:
    """What the asker may see of a meeting. Behind the first door: its time and kind, and no more (S30)."""
    whole = asker.tier > 1
    can_change, too_late = _changes(it, now, deadline_hours)
    return Meeting(
        id=it.id,
        person_id=it.person_id,
        starts_at=it.starts_at,
        ends_at=it.ends_at,
        mode=it.mode,
        state=it.state,
        attendance=it.attendance,
        confirmed=it.confirmed_at is not None,
        by_participant=it.cancelled_by == it.person_id,
        in_portal=it.in_portal,
        uid=it.uid,
        revision=it.revision,
        changed_at=it.changed_at,
        person=short_name(name_of(it.person_id, it.person_name)) if asker.is_staff else "",
        coach=first_name(name_of(it.coach_id, it.coach_name)) if whole else "",
        place=_own(it.id, "place_sealed", it.place_sealed) if whole else "",
        cancel_reason=_own(it.id, "cancel_reason_sealed", it.cancel_reason_sealed) if asker.is_staff else "",
        can_change=can_change,
        too_late=too_late,
        can_confirm=rules.confirm_open(it.state, it.starts_at, now) and it.confirmed_at is None,
        can_restore=_comes_back(asker, it, now),
        can_note=rules.attendance_open(it.state, it.starts_at, now),
        can_undo_note=rules.undo_open(it.attended_at, now),
        theirs=it.theirs,
        interpreter=it.interpreter_language if whole else "",
        order=it.order_state if whole and now < it.ends_at else "",
        attended_at=it.attended_at,
        late=it.late_said_at is not None,
        can_say_late=rules.late_open(it.state, it.starts_at, it.ends_at, now),
        talks=whole and it.talks,
        there=there(it, asker.person_id, asker.zone, now, signs=_signs(asker, it)),
        room_id=it.room_id,
        several=it.several,
        declined=it.declined if asker.is_staff else 0,
    )


def _changes(it: Row[*tuple[Any, ...]], now: datetime, deadline_hours: int) -> tuple[bool, bool]:
    """Whether the participant can still change it, and whether it is too late for that."""
    ahead = it.state == rules.BOOKED and now < it.starts_at
    in_time = rules.change_open(it.starts_at, now, deadline_hours)
    return ahead and in_time, ahead and not in_time


def _comes_back(asker: Asker, it: Row[*tuple[Any, ...]], now: datetime) -> bool:
    """Whether the asker can take a cancelled meeting back."""
    may = asker.is_staff or it.cancelled_by == it.person_id
    return rules.restore_open(it.state, it.starts_at, now) and it.theirs and may


def _signs(asker: Asker, it: Row[*tuple[Any, ...]]) -> bool:
    """Whether the house asks for a signature of this meeting."""
    return it.state == rules.BOOKED and read(asker.house.settings or "{}").attendance_signed


def _own(meeting_id: uuid.UUID, column: str, sealed: bytes | None) -> str:
    return open_sealed("appointment", column, meeting_id, sealed)
