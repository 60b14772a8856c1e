"""What becomes of the meetings of a coach who is away, all at once, and undoing it. Nothing here commits.

Each participant is told by one message, however many of their meetings it is about.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.rooms.service import Unsuited, lock_all
from portal.availability.rules import Span
from portal.availability.service import Taken
from portal.booking import away_queries, away_rules, hold_service, room_service, rules, time_service
from portal.booking.away_queries import Gone, Hit
from portal.booking.away_rules import Answer, Changed
from portal.booking.away_told_service import as_changed, has_left, tell_each
from portal.booking.course_service import Collides
from portal.booking.models import Appointment, AppointmentBefore
from portal.booking.network import told_service
from portal.booking.queries import coach_of
from portal.booking.time_service import Change
from portal.booking.told_service import Told, tell
from portal.identity.models import CoachChange, Person
from portal.identity.service import lock_people
from portal.messaging import queries as outbox
from portal.notices import service as notices
from portal.web.asker import Asker
from portal.web.errors import Refused


class ChangedSince(Refused):
    """A meeting is another than the one that was decided about."""

    def __init__(self, meeting_id: uuid.UUID) -> None:
        super().__init__(str(meeting_id))
        self.meeting_id = meeting_id


@dataclass(frozen=True)
class Outcome:
    """How many meetings were changed, and whom no message reaches: they must be rung up.

    `silent`: those of them for whom a call is not safe either (S34).
    """

    changed: int
    untold: frozenset[uuid.UUID]
    silent: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Undone:
    """How many meetings stand as before, and how many have been changed since or cannot come back.

    `roomless`: how many of the former are without their room, which is occupied or closed meanwhile.
    """

    back: int
    left: int
    roomless: int = 0


def decide(
    session: Session, asker: Asker, gone: Gone, answers: Mapping[uuid.UUID, Answer], now: datetime
) -> Outcome:
    """Do with each meeting in the absence what was chosen for it; one without an answer stays.

    The caller has checked that the asker may decide about the absence. Raises ChangedSince, Collides,
    changing nothing that the caller keeps.
    """
    found = {one.meeting.id: one for one in away_queries.hits(session, asker, gone, now)}
    people = {one.meeting.person_id for one in found.values()} | {gone.coach_id}
    lock_people(session, people | ({gone.stand_in_id} if gone.stand_in_id else set()))
    lock_all(session, asker)
    batch, changed = uuid.uuid4(), list[tuple[Appointment, Changed]]()
    for meeting_id, answer in answers.items():
        if answer.what == rules.STAY:
            continue
        meeting = _standing(session, meeting_id, answer, found, gone.coach_id, now)
        before = _remembered(meeting, gone, batch, asker, now)
        _apply(session, asker, meeting, gone, answer, hit=found[meeting_id], now=now)
        before.revision = meeting.revision
        session.add(before)
        changed.append((meeting, Changed(meeting.id, answer.what, before.starts_at)))
    session.flush()
    untold = tell_each(session, changed, now)
    silent = frozenset(one for one in untold if session.get_one(Person, one).sms_unsafe)
    return Outcome(len(changed), untold, silent)


def _standing(
    session: Session,
    meeting_id: uuid.UUID,
    answer: Answer,
    found: Collection[uuid.UUID],
    coach_id: uuid.UUID,
    now: datetime,
) -> Appointment:
    """The meeting as it stands, if it is the one that was decided about."""
    if meeting_id not in found:
        raise ChangedSince(meeting_id)
    meeting = session.scalars(
        select(Appointment)
        .where(Appointment.id == meeting_id)
        .execution_options(populate_existing=True)
        .with_for_update()
    ).one()
    same = meeting.revision == answer.revision and meeting.state == rules.BOOKED
    # A meeting that went along to another coach may have kept its revision.
    if not same or meeting.coach_id != coach_id or meeting.starts_at <= now:
        raise ChangedSince(meeting_id)
    return meeting


def _remembered(
    meeting: Appointment, gone: Gone, batch: uuid.UUID, asker: Asker, now: datetime
) -> AppointmentBefore:
    return AppointmentBefore(
        batch_id=batch,
        absence_id=gone.id,
        appointment_id=meeting.id,
        made_at=now,
        made_by=asker.person_id,
        coach_id=meeting.coach_id,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        moved_count=meeting.moved_count,
        confirmed_at=meeting.confirmed_at,
        place=meeting.place,
        room_id=meeting.room_id,
    )


def _apply(
    session: Session,
    asker: Asker,
    meeting: Appointment,
    gone: Gone,
    answer: Answer,
    *,
    hit: Hit,
    now: datetime,
) -> None:
    try:
        if answer.what == rules.CANCEL:
            time_service.cancel(session, asker, meeting, "", now)
        elif answer.what == rules.ALONG:
            # Whoever stood in when the page was opened may do so no longer.
            if gone.stand_in_id is None or hit.obstacle == rules.TAKEN:
                raise Collides(meeting.id)
            instead = availability.keeper(session, asker, gone.stand_in_id)
            if not time_service.give(session, asker, meeting, instead, now):
                # Another person at the same place is news too.
                time_service.changed(session, asker, meeting, rules.CHANGED, now)
                told_service.keep_up(session, meeting, now, anew=False)
        else:
            _move(session, asker, meeting, answer, hit, now)
    except (Taken, Unsuited, hold_service.CoachGone):
        raise Collides(meeting.id) from None


def _move(
    session: Session, asker: Asker, meeting: Appointment, answer: Answer, hit: Hit, now: datetime
) -> None:
    span = next((one for one in hit.times if one.start == answer.starts_at), None)
    if span is None:
        raise Collides(meeting.id)
    held = availability.keeper(session, asker, meeting.coach_id)
    goes = room_service.going(session, meeting, held)
    where = room_service.where_after(session, asker, meeting, held, goes, span.start)
    change = Change(Span(span.start, span.end), meeting.mode, where)
    time_service.move(session, asker, meeting, change, held=held, now=now)


def undo(
    session: Session,
    asker: Asker,
    gone: Gone,
    batch_id: uuid.UUID,
    now: datetime,
    *,
    rung: Collection[tuple[uuid.UUID, int]] = (),
) -> Undone:
    """Everything that was decided together is as before; what has changed since is left alone.

    `rung`: of which meetings, at which revision, somebody has told the participant by a call: they hear of
    the undoing too.

    The caller has checked that the asker may decide about the absence. A second time, or too late, nothing
    is there to be undone.
    """
    asked = select(AppointmentBefore).where(
        AppointmentBefore.batch_id == batch_id, AppointmentBefore.absence_id == gone.id
    )
    rows = session.scalars(asked).all()
    ids = [row.appointment_id for row in rows if away_rules.undo_open(row.made_at, now)]
    meetings = {one.id: one for one in session.scalars(select(Appointment).where(Appointment.id.in_(ids)))}
    people = {one.person_id for one in meetings.values()} | {one.coach_id for one in meetings.values()}
    lock_people(session, people | {gone.coach_id})
    lock_all(session, asker)
    open_ones = [(meetings[row.appointment_id], row) for row in rows if row.appointment_id in meetings]
    back = sum(_put_back(session, asker, meeting, row, now, rung) for meeting, row in open_ones)
    roomless = sum(
        row.room_id is not None and meeting.room_id is None and meeting.revision != row.revision
        for meeting, row in open_ones
    )
    _tell_what_stays(session, open_ones, now)
    session.execute(
        delete(AppointmentBefore).where(
            AppointmentBefore.batch_id == batch_id, AppointmentBefore.absence_id == gone.id
        )
    )
    return Undone(back, len(ids) - back, roomless)


def _put_back(
    session: Session,
    asker: Asker,
    meeting: Appointment,
    before: AppointmentBefore,
    now: datetime,
    rung: Collection[tuple[uuid.UUID, int]],
) -> bool:
    session.refresh(meeting, with_for_update=True)
    if meeting.revision != before.revision or before.starts_at <= now:
        return False
    if _another_course(session, meeting.person_id, before.made_at):
        return False
    told: Told = "booked" if meeting.state == rules.CANCELLED else "changed"
    if meeting.starts_at != before.starts_at:
        told = "moved"
    left = has_left(session, meeting) or (meeting.id, before.revision) in rung
    try:
        time_service.put_back(session, asker, meeting, before, now)
    except (Taken, hold_service.CoachGone):
        return False
    notices.untold(session, meeting.id, meeting.revision, now)
    if left:
        tell(session, meeting, told, now)
    return True


def _another_course(session: Session, person_id: uuid.UUID, since: datetime) -> bool:
    """Whether somebody is enrolled no longer, or has got another coach since."""
    handed_over = select(CoachChange.id).where(
        CoachChange.person_id == person_id, CoachChange.changed_at >= since
    )
    return coach_of(session, person_id) is None or session.scalars(handed_over.limit(1)).first() is not None


def _tell_what_stays(
    session: Session, undone: Sequence[tuple[Appointment, AppointmentBefore]], now: datetime
) -> None:
    """Tell of what could not be undone whoever's one message was about a meeting that is as before."""
    stays = [(meeting, before) for meeting, before in undone if meeting.revision == before.revision]
    told = {
        meeting.person_id
        for meeting, _before in stays
        if any(one.revision == meeting.revision for one in outbox.about(session, meeting.id))
    }
    left = [(meeting, as_changed(meeting, before)) for meeting, before in stays]
    tell_each(session, [one for one in left if one[0].person_id not in told], now)


def forget(session: Session, now: datetime) -> int:
    """Remove how meetings stood when that can be undone no longer; returns how many. For the worker."""
    old = select(AppointmentBefore.id).where(AppointmentBefore.made_at <= now - away_rules.UNDO_FOR)
    ids = session.scalars(old).all()
    session.execute(delete(AppointmentBefore).where(AppointmentBefore.id.in_(ids)))
    return len(ids)
