"""A meeting's row and the time it holds, always changed together. The verbs stand in `service`.

Every change of time, place or state raises the revision, and frees or takes time in the same transaction.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.queries import Keeper
from portal.availability.rules import Span
from portal.availability.service import RoomTaken, Taken, release
from portal.booking import hold_service, order_service, room_service, rules, topic_text_service
from portal.booking.models import Appointment, AppointmentBefore, MeetingChange
from portal.booking.network import company_queries, told_service
from portal.booking.room_service import Where
from portal.booking.shown_queries import appointment_for
from portal.identity.service import lock_people
from portal.interpreting import service as interpreting
from portal.interpreting.order_queries import staff_held
from portal.interpreting.order_rules import OrderWish
from portal.journal.service import note
from portal.web.asker import Asker
from portal.web.errors import Refused
from portal.wording import service as wording
from portal.wording.rules import SWEDISH


class TooLate(Refused):
    """The organisation's deadline, or the meeting itself, has passed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A time and a way to meet. `place` "" and `length` None mean the coach's own; `key` is the form's.

    `interpreter` is the language of an interpreter, "" for none; `order` what else is wished of them, None as
    is usual for the person. `room`: of a meeting on site, None for none.
    """

    starts_at: datetime
    mode: str
    key: uuid.UUID | None = None
    place: str = ""
    length: timedelta | None = None
    in_portal: bool = True
    interpreter: str = ""
    room: uuid.UUID | None = None
    order: OrderWish | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a meeting becomes."""

    span: Span
    mode: str
    where: Where


def as_it_stands(meeting: Appointment) -> Change:
    """What a meeting is, for comparing it with what it would become."""
    return Change(
        Span(meeting.starts_at, meeting.ends_at), meeting.mode, Where(meeting.place, meeting.room_id)
    )


def wished_where(session: Session, asker: Asker, meeting: Appointment, wish: Wish, held: Keeper) -> Where:
    """The room or place that staff wish for; what was the usual place, unchanged, follows the hours.

    Raises Unsuited for a room that cannot hold the meeting, unless it stands there at this very time.
    """
    same = (wish.room, wish.starts_at, wish.mode) == (meeting.room_id, meeting.starts_at, meeting.mode)
    if same and wish.room is not None:
        return Where(meeting.place, meeting.room_id)
    usual = held.place_for(meeting.mode, meeting.starts_at)
    place = "" if wish.place == meeting.place == usual else wish.place
    return _where_new(session, asker, wish, held, place, meeting.interpreter_language)


def _where_new(
    session: Session, asker: Asker, wish: Wish, held: Keeper, place: str, interpreter: str
) -> Where:
    """The wished room, or this place, "" for the usual one. Raises Unsuited."""
    start, mode, room = wish.starts_at, wish.mode, wish.room
    return room_service.where_new(
        session, asker, held, start, mode, place=place, room=room, interpreter=interpreter
    )


def changed(
    session: Session,
    asker: Asker,
    meeting: Appointment,
    how: str,
    now: datetime,
    was_at: datetime | None = None,
) -> None:
    """Raise the revision, and remember how it came about: calendars and reminders follow it.

    `was_at`: when the meeting began before, where that is another time.
    """
    meeting.revision += 1
    meeting.changed_at = now
    session.add(
        MeetingChange(
            appointment_id=meeting.id,
            revision=meeting.revision,
            how=how,
            was_at=was_at or meeting.starts_at,
            starts_at=meeting.starts_at,
            made_by=asker.person_id,
            made_at=now,
        )
    )
    session.flush()
    note_change(session, asker, meeting)


def note_change(session: Session, asker: Asker, meeting: Appointment) -> None:
    """Leave the change in the journal."""
    note(session, asker, action="change", kind="meeting", subject=meeting.person_id, object_id=meeting.id)


def locked(
    session: Session,
    asker: Asker,
    meeting_id: uuid.UUID,
    *,
    kept: bool = False,
    also: Collection[uuid.UUID] = (),
) -> Appointment:
    """The meeting as it stands once nobody else decides about these people's time, nor that of `also`."""
    meeting = appointment_for(session, asker, meeting_id, kept=kept)
    others = (*staff_held(session, meeting.id), *company_queries.staff_of(session, meeting.id))
    lock_people(session, (meeting.person_id, meeting.coach_id, *others, *also))
    session.refresh(meeting)
    return meeting


def create(
    session: Session, asker: Asker, person_id: uuid.UUID, held: Keeper, *, wish: Wish, now: datetime
) -> Appointment:
    """A new meeting that holds its time, and its room. Raises Taken, RoomTaken, Unsuited, CoachGone."""
    where = _where_new(session, asker, wish, held, wish.place, wish.interpreter)
    meeting = Appointment(
        organisation_id=asker.organisation_id,
        person_id=person_id,
        coach_id=held.person_id,
        starts_at=wish.starts_at,
        ends_at=wish.starts_at + (wish.length or held.terms.meeting),
        mode=wish.mode,
        place=where.place,
        room_id=where.room,
        state=rules.BOOKED,
        in_portal=wish.in_portal,
        interpreter_language=wish.interpreter,
        uid=uuid.uuid4(),
        revision=0,
        request_key=wish.key,
        booked_at=now,
        booked_by=asker.person_id,
        changed_at=now,
        moved_count=0,
        attendance=rules.UNKNOWN,
    )
    hold_service.hold(
        session, meeting, meeting.mode, Span(meeting.starts_at, meeting.ends_at), held, where.room
    )
    session.add(meeting)
    session.flush()
    note_change(session, asker, meeting)
    order_service.keep_up(session, asker, meeting, now, wish=wish.order)
    wording.want(session, person_id, wish.interpreter or SWEDISH, now)
    return meeting


def sent_before(session: Session, person_id: uuid.UUID, key: uuid.UUID | None) -> Appointment | None:
    """The meeting that this very form made already."""
    if key is None:
        return None
    return session.scalars(
        select(Appointment).where(Appointment.person_id == person_id, Appointment.request_key == key)
    ).one_or_none()


def move(
    session: Session,
    asker: Asker,
    meeting: Appointment,
    change: Change,
    *,
    held: Keeper,
    now: datetime,
) -> bool:
    """Take the new time in place of the old one; whether anything changed.

    Raises Taken, RoomTaken and CoachGone, changing nothing.
    """
    if change == as_it_stands(meeting):
        return False
    span, standing = change.span, Span(meeting.starts_at, meeting.ends_at)
    was_mode, was_place = meeting.mode, meeting.place
    if (span, change.mode, change.where.room) != (standing, meeting.mode, meeting.room_id):
        # The buffer is that of the kind of meeting, so that its time follows where only the kind changes.
        hold_service.hold(session, meeting, change.mode, span, held, change.where.room)
    if span != standing:
        meeting.starts_at, meeting.ends_at = span.start, span.end
        meeting.moved_count += 1
        interpreting.close(session, meeting.id, now)
        meeting.confirmed_at = meeting.late_said_at = None
    meeting.mode, meeting.place, meeting.room_id = change.mode, change.where.place, change.where.room
    order_service.keep_up(session, asker, meeting, now, was_mode=was_mode, was_place=was_place)
    how = rules.CHANGED if span == standing else rules.MOVED
    changed(session, asker, meeting, how, now, standing.start)
    told_service.keep_up(session, meeting, now, anew=how == rules.MOVED)
    return True


def give(session: Session, asker: Asker, meeting: Appointment, held: Keeper, now: datetime) -> bool:
    """Another coach holds the meeting at the same time; whether the participant must hear of it.

    Only where the place was the former coach's own does it follow the new one; a room stays. Nothing else
    that has been said of the meeting changes: revision and reminders stay. Raises Taken, CoachGone.
    """
    former = availability.keeper(session, asker, meeting.coach_id)
    hold_service.hold(
        session, meeting, meeting.mode, Span(meeting.starts_at, meeting.ends_at), held, meeting.room_id
    )
    meeting.coach_id = held.person_id
    interpreting.close(session, meeting.id, now)
    place = meeting.place
    if meeting.room_id is None and place == former.place_for(meeting.mode, meeting.starts_at):
        place = held.place_for(meeting.mode, meeting.starts_at)
    if place == meeting.place:
        session.flush()
        note_change(session, asker, meeting)
        return False
    was_place, meeting.place = meeting.place, place
    order_service.keep_up(session, asker, meeting, now, was_place=was_place)
    changed(session, asker, meeting, rules.CHANGED, now)
    told_service.keep_up(session, meeting, now, anew=False)
    return True


def cancel(session: Session, asker: Asker, meeting: Appointment, reason: str, now: datetime) -> bool:
    """Free the time; whether anything changed."""
    if meeting.state == rules.CANCELLED:
        return False
    release(session, hold_service.CAUSE, meeting.id)
    interpreting.close(session, meeting.id, now)
    meeting.state, meeting.cancelled_at, meeting.cancelled_by = rules.CANCELLED, now, asker.person_id
    meeting.cancel_reason, meeting.confirmed_at, meeting.late_said_at = reason, None, None
    topic_text_service.follow_all(session, meeting, now)
    order_service.keep_up(session, asker, meeting, now)
    changed(session, asker, meeting, rules.WITHDRAWN, now)
    told_service.keep_up(session, meeting, now)
    return True


def restore(
    session: Session, asker: Asker, meeting: Appointment, now: datetime, *, room_must: bool = False
) -> bool:
    """Take the time again, if it is free; whether anything changed. Raises Taken, TooLate, CoachGone.

    Without its room where that is not free any longer; with `room_must` that raises RoomTaken.
    """
    if meeting.state == rules.BOOKED:
        return False
    if not rules.restore_open(meeting.state, meeting.starts_at, now):
        raise TooLate
    held = availability.keeper(session, asker, meeting.coach_id)
    span, room = Span(meeting.starts_at, meeting.ends_at), meeting.room_id
    was_place, undone = meeting.place, meeting.revision
    if room_must and room is not None:
        if not room_service.in_use(session, (room,)):
            raise RoomTaken
        hold_service.hold(session, meeting, meeting.mode, span, held, room)
        room_service.say_anew(session, meeting)
    else:
        hold_service.hold_if_free(session, meeting, meeting.mode, span, held)
    meeting.state, meeting.cancelled_at, meeting.cancelled_by = rules.BOOKED, None, None
    meeting.cancel_reason = ""
    topic_text_service.follow_all(session, meeting, now)
    order_service.keep_up(session, asker, meeting, now)
    changed(session, asker, meeting, rules.RESTORED, now)
    _tell_undone(session, meeting, undone, now, same=meeting.place == was_place)
    return True


def _tell_undone(
    session: Session, meeting: Appointment, undone: int, now: datetime, *, same: bool, anew: bool = True
) -> None:
    if same:
        told_service.as_before(session, meeting, undone, now, anew=anew)
    else:
        told_service.keep_up(session, meeting, now, anew=anew)


def put_back(
    session: Session, asker: Asker, meeting: Appointment, before: AppointmentBefore, now: datetime
) -> None:
    """The meeting stands as before, at a new revision. Raises Taken, CoachGone, changing nothing.

    Without its room where that is not free any longer: `room_id` is None then.
    """
    held = availability.keeper(session, asker, before.coach_id)
    was_room, was_place, undone = meeting.room_id, meeting.place, meeting.revision
    meeting.room_id, meeting.place = before.room_id, before.place
    try:
        hold_service.hold_if_free(
            session, meeting, meeting.mode, Span(before.starts_at, before.ends_at), held
        )
    except Taken:
        meeting.room_id, meeting.place = was_room, was_place
        raise
    was_at, how, confirmed_at = meeting.starts_at, rules.RESTORED, before.confirmed_at
    if meeting.state == rules.BOOKED:
        how = rules.CHANGED if was_at == before.starts_at else rules.MOVED
    if how == rules.CHANGED:
        # Whoever has said meanwhile that they come has said it of this very time.
        confirmed_at = meeting.confirmed_at
    meeting.coach_id = before.coach_id
    meeting.starts_at, meeting.ends_at = before.starts_at, before.ends_at
    meeting.moved_count, meeting.confirmed_at = before.moved_count, confirmed_at
    meeting.state, meeting.cancelled_at, meeting.cancelled_by = rules.BOOKED, None, None
    interpreting.close(session, meeting.id, now)
    topic_text_service.follow_all(session, meeting, now)
    order_service.keep_up(session, asker, meeting, now, was_place=was_place)
    changed(session, asker, meeting, how, now, was_at)
    _tell_undone(session, meeting, undone, now, same=meeting.place == before.place, anew=how != rules.CHANGED)
