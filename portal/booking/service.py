"""Booking, moving, cancelling and noting meetings. Nothing here commits.

What staff change is told to the participant by `notices`; what the participant changes is on the screen in
front of them. Every verb can be sent twice and acts once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.outside.queries import is_busy
from portal.availability.queries import Keeper
from portal.availability.rooms.rules import seats_for
from portal.availability.rules import FreeTime, Span, within_hours
from portal.availability.service import Taken
from portal.booking import room_service, rules, time_service
from portal.booking.away_told_service import tell_others
from portal.booking.models import Appointment
from portal.booking.moving_queries import instead, interpreter_can
from portal.booking.network.company_queries import how_many
from portal.booking.queries import coach_of, own_limit_reached, usual_interpreter
from portal.booking.room_queries import free_for
from portal.booking.time_service import Change, TooLate, Wish
from portal.booking.told_service import Told, tell
from portal.identity import scope
from portal.identity.service import lock_people
from portal.interpreting.order_queries import held_interpreter
from portal.organisation.queries import rules_of
from portal.web.asker import Asker
from portal.web.errors import Refused


class NotFree(Refused):
    """The time is not among those that can be booked (any longer)."""


class EnoughBooked(Refused):
    """The participant already holds as many meetings of their own booking as the organisation allows."""


class NotBooked(Refused):
    """The meeting is cancelled."""


class NoCoach(Refused):
    """The participant has no coach to meet."""


class NotTheirs(Refused):
    """The person has another coach by now, or is enrolled no longer."""


class ChangedSince(Refused):
    """The meeting has another revision than the page that was sent: somebody has changed it meanwhile."""


class Several(Refused):
    """Others have planned for the meeting's time: staff look for another one."""


class OutsideHours(Refused):
    """The coach offers no such time: staff may take it, once they have seen why not.

    `reasons`: of `rules.OUTSIDE`, `rules.OTHER_WAY`, `rules.FULL`, `rules.ELSEWHERE`, `rules.NO_INTERPRETER`.
    """

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(*reasons)
        self.reasons = tuple(reasons)


# The participant


def book_own(session: Session, asker: Asker, wish: Wish, now: datetime) -> Appointment:
    """The asker books one of the free times with their coach; the same form twice gives the same meeting.

    Raises NotFree (somebody was quicker, or it was never offered, or not this way), EnoughBooked, NoCoach.
    """
    held = _keeper(session, asker, asker.person_id)
    before = time_service.sent_before(session, asker.person_id, wish.key)
    if before is not None:
        return before
    _stay_within_limit(session, asker, now)
    usual = usual_interpreter(session, asker)
    free = availability.free_times(session, held, now, also=(asker.person_id,), seats=seats_for(usual))
    chosen = _chosen(free, wish.starts_at, wish.mode)
    own = Wish(wish.starts_at, wish.mode, wish.key, interpreter=usual, room=chosen.room)
    return time_service.create(session, asker, asker.person_id, held, wish=own, now=now)


def move_own(
    session: Session, asker: Asker, meeting_id: uuid.UUID, starts_at: datetime, now: datetime
) -> Appointment:
    """The asker's meeting gets another free time with the same coach, at which it can be held the same way.

    A room that staff have chosen goes along. Where its interpreter can at any time, only at such a one.
    Raises NotFree, TooLate, NotBooked, NotTheirs, Several.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    if starts_at == meeting.starts_at and meeting.state == rules.BOOKED:
        return meeting
    _own_change(session, asker, meeting, now)
    _still_theirs(session, meeting)
    if how_many(session, meeting.id):
        raise Several
    held = availability.keeper(session, asker, meeting.coach_id)
    # In its own way, as it is offered: what could be held another way is no other time for it.
    length, modes = meeting.ends_at - meeting.starts_at, tuple({meeting.mode} & set(held.terms.modes))
    held = replace(held, terms=replace(held.terms, meeting=length, modes=modes))
    goes = room_service.going(session, meeting, held)
    free = free_for(session, asker, held, meeting, goes, now)
    who = held_interpreter(session, meeting.id)
    _chosen(instead(session, asker, meeting, free, who).times, starts_at, meeting.mode)
    where = room_service.where_after(session, asker, meeting, held, goes, starts_at)
    change = Change(_span(starts_at, held.terms.meeting), meeting.mode, where)
    if time_service.move(session, asker, meeting, change, held=held, now=now):
        tell_others(session, meeting, now)
    return meeting


def cancel_own(
    session: Session, asker: Asker, meeting_id: uuid.UUID, reason: str, now: datetime
) -> Appointment:
    """The asker's meeting is cancelled and its time free. Raises TooLate."""
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.state == rules.BOOKED:
        _own_change(session, asker, meeting, now)
    if time_service.cancel(session, asker, meeting, reason, now):
        tell_others(session, meeting, now)
    return meeting


def restore_own(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> Appointment:
    """The asker takes their cancelled meeting back.

    Raises Taken (also where the day has got full), NotFree (the coach is not there then any longer), TooLate,
    EnoughBooked, NotTheirs, CoachGone, and NotBooked: what staff cancelled stays so, there was a reason.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.state == rules.CANCELLED:
        if meeting.cancelled_by != asker.person_id:
            raise NotBooked
        _still_theirs(session, meeting)
        if meeting.booked_by == asker.person_id:
            _stay_within_limit(session, asker, now)
        held = availability.keeper(session, asker, meeting.coach_id)
        span = Span(meeting.starts_at, meeting.ends_at)
        if held.able and not within_hours(span, held.calendar, meeting.mode):
            raise NotFree
        full = availability.is_full(session, held, meeting.starts_at.astimezone(asker.zone).date())
        if full or is_busy(session, meeting.coach_id, span, now):
            raise Taken
    # Where nobody has a room, nobody should be told to come: whoever books alone cannot ask for another.
    time_service.restore(session, asker, meeting, now, room_must=True)
    return meeting


def confirm(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> Appointment:
    """The asker says "I am coming". Raises TooLate, NotBooked."""
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if not rules.confirm_open(meeting.state, meeting.starts_at, now):
        raise TooLate
    if meeting.confirmed_at is None:
        meeting.confirmed_at = now
        session.flush()
        time_service.note_change(session, asker, meeting)
    return meeting


def _chosen(free: Sequence[FreeTime], starts_at: datetime, mode: str) -> FreeTime:
    """The free time at which one can meet this way. Raises NotFree."""
    found = next((one for one in free if one.start == starts_at and mode in one.modes), None)
    if found is None:
        raise NotFree
    return found


def _keeper(session: Session, asker: Asker, person_id: uuid.UUID) -> Keeper:
    """The coach whom the person has once nobody else decides about the two."""
    coach_id = coach_of(session, person_id)
    if coach_id is not None:
        lock_people(session, (person_id, coach_id))
    # Closing and handing over wait for the same lock: what was read before it may be over.
    if coach_id is None or coach_of(session, person_id) != coach_id:
        raise NoCoach
    return availability.keeper(session, asker, coach_id)


def _stay_within_limit(session: Session, asker: Asker, now: datetime) -> None:
    if own_limit_reached(session, asker, now):
        raise EnoughBooked


def _own_change(session: Session, asker: Asker, meeting: Appointment, now: datetime) -> None:
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if not rules.change_open(meeting.starts_at, now, rules_of(session, asker).change_deadline_hours):
        raise TooLate


def _still_theirs(session: Session, meeting: Appointment) -> None:
    if coach_of(session, meeting.person_id) != meeting.coach_id:
        raise NotTheirs


# Staff


def book_for(
    session: Session, asker: Asker, person_id: uuid.UUID, wish: Wish, now: datetime, *, anyway: bool = False
) -> Appointment:
    """Staff book a participant with their coach at any time to come, told by one neutral message.

    Raises OutsideHours unless `anyway`, Taken (never over a busy time), TooLate (it has passed), NoCoach.
    """
    scope.participant(session, asker, person_id, what="meetings")
    held = _keeper(session, asker, person_id)
    before = time_service.sent_before(session, person_id, wish.key)
    if before is not None:
        return before
    span = _span(wish.starts_at, wish.length or held.terms.meeting)
    _staff_time(session, asker, held, span, wish.mode, now=now, anyway=anyway)
    meeting = time_service.create(session, asker, person_id, held, wish=wish, now=now)
    tell(session, meeting, "booked", now)
    return meeting


def move_for(
    session: Session,
    asker: Asker,
    meeting_id: uuid.UUID,
    wish: Wish,
    now: datetime,
    *,
    anyway: bool = False,
    seen: int | None = None,
) -> Appointment:
    """Staff move a booked meeting that has not started; its mode and place follow the wish.

    `seen`: the revision that they looked at, None where nobody knows; what stands already is no change.
    Raises ChangedSince, OutsideHours unless `anyway`, Taken, RoomTaken, Unsuited, TooLate, NotBooked.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    held = availability.keeper(session, asker, meeting.coach_id)
    span = _span(wish.starts_at, wish.length or meeting.ends_at - meeting.starts_at)
    change = Change(span, wish.mode, time_service.wished_where(session, asker, meeting, wish, held))
    if meeting.state != rules.BOOKED or change != time_service.as_it_stands(meeting):
        _as_seen(meeting, seen)
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if meeting.starts_at <= now:
        raise TooLate
    if span != Span(meeting.starts_at, meeting.ends_at):
        _staff_time(session, asker, held, span, wish.mode, now=now, anyway=anyway, without=meeting.id)
    elif wish.mode != meeting.mode and not anyway:
        _staff_way(held, span, wish.mode)
    told = _what_moves(meeting, change)
    if time_service.move(session, asker, meeting, change, held=held, now=now):
        tell(session, meeting, told, now)
        tell_others(session, meeting, now)
    return meeting


def _what_moves(meeting: Appointment, change: Change) -> Told:
    if change.span.start == meeting.starts_at:
        return "changed"
    same = (change.mode, change.where.place) == (meeting.mode, meeting.place)
    return "moved" if same else "moved_more"


def cancel_for(
    session: Session,
    asker: Asker,
    meeting_id: uuid.UUID,
    reason: str,
    now: datetime,
    *,
    seen: int | None = None,
) -> Appointment:
    """Staff, a former coach too, cancel a meeting that has not started.

    `seen`: the revision that they looked at, None where nobody knows. What they have cancelled themselves is
    cancelled once. Raises ChangedSince, TooLate.
    """
    meeting = time_service.locked(session, asker, meeting_id, kept=True)
    if meeting.cancelled_by != asker.person_id:
        _as_seen(meeting, seen)
    if meeting.state == rules.BOOKED and meeting.starts_at <= now:
        raise TooLate
    if time_service.cancel(session, asker, meeting, reason, now):
        tell(session, meeting, "cancelled", now)
        tell_others(session, meeting, now)
    return meeting


def restore_for(
    session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime, *, anyway: bool = False
) -> Appointment:
    """Staff bring a cancelled meeting back, without its room where that is taken (`room_id` is None then).

    Raises OutsideHours (not `anyway`), Taken, TooLate, NotTheirs.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.state == rules.CANCELLED:
        _still_theirs(session, meeting)
        held = availability.keeper(session, asker, meeting.coach_id)
        span = Span(meeting.starts_at, meeting.ends_at)
        _staff_time(session, asker, held, span, meeting.mode, now=now, anyway=anyway or not held.able)
    if time_service.restore(session, asker, meeting, now):
        tell(session, meeting, "booked", now)
        tell_others(session, meeting, now)
    return meeting


def _span(start: datetime, length: timedelta) -> Span:
    return Span(start, start + length)


def _as_seen(meeting: Appointment, seen: int | None) -> None:
    if seen is not None and seen != meeting.revision:
        raise ChangedSince


def _staff_way(held: Keeper, span: Span, mode: str) -> None:
    """Of a time that stands already only the way to meet is asked about."""
    if within_hours(span, held.calendar) and not within_hours(span, held.calendar, mode):
        raise OutsideHours([rules.OTHER_WAY])


def _staff_time(
    session: Session,
    asker: Asker,
    held: Keeper,
    span: Span,
    mode: str,
    *,
    now: datetime,
    anyway: bool,
    without: uuid.UUID | None = None,
) -> None:
    if span.start <= now:
        raise TooLate
    if anyway:
        return
    reasons = []
    if not within_hours(span, held.calendar, mode):
        reasons.append(rules.OTHER_WAY if within_hours(span, held.calendar) else rules.OUTSIDE)
    if availability.is_full(session, held, span.start.astimezone(held.calendar.zone).date(), without=without):
        reasons.append(rules.FULL)
    if is_busy(session, held.person_id, span, now):
        reasons.append(rules.ELSEWHERE)
    if without is not None and not interpreter_can(session, asker, without, span):
        reasons.append(rules.NO_INTERPRETER)
    if reasons:
        raise OutsideHours(reasons)
