"""Telling people of what an absence did to their meetings: by one message each. Nothing here commits."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import away_rules, rules
from portal.booking.away_rules import Changed
from portal.booking.models import Appointment, AppointmentBefore
from portal.booking.told_service import Told, tell
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.notices import call_service as calls
from portal.notices import service as notices

ALONE: dict[str, Told] = {away_rules.MOVE: "moved", rules.CANCEL: "cancelled", rules.ALONG: "changed"}
MORE: dict[str, Told] = {
    away_rules.MOVE: "moved_more",
    rules.CANCEL: "cancelled_more",
    rules.ALONG: "changed",
}


def tell_each(
    session: Session, changed: Sequence[tuple[Appointment, Changed]], now: datetime
) -> frozenset[uuid.UUID]:
    """One message to each person, about the meeting that matters most; who gets none."""
    of_person: dict[uuid.UUID, list[tuple[Appointment, Changed]]] = {}
    for meeting, what in changed:
        if meeting.in_portal:
            of_person.setdefault(meeting.person_id, []).append((meeting, what))
        notices.untold(session, meeting.id, meeting.revision, now)
    untold = set()
    for person_id, theirs in of_person.items():
        first = away_rules.first_to_tell([what for _meeting, what in theirs])
        kind = (ALONE if len(theirs) == 1 else MORE)[first.what]
        named = next(meeting for meeting, what in theirs if what is first)
        from_ = away_rules.told_from(first.before, now)
        if tell(session, named, kind, now, from_=from_) is None:
            untold.add(person_id)
    return frozenset(untold)


def as_changed(meeting: Appointment, before: AppointmentBefore) -> Changed:
    """What the decision did to a meeting that stands as it left it."""
    what = rules.ALONG if meeting.starts_at == before.starts_at else away_rules.MOVE
    return Changed(meeting.id, rules.CANCEL if meeting.state == rules.CANCELLED else what, before.starts_at)


def tell_others(session: Session, meeting: Appointment, now: datetime) -> None:
    """The one message about this meeting has not left, and never will: it has changed again meanwhile.

    It said that more had changed: of the others that stand as they were left by the same decision the
    participant hears by a message of their own.
    """
    decided = (
        select(AppointmentBefore)
        .where(
            AppointmentBefore.appointment_id == meeting.id,
            AppointmentBefore.made_at > now - away_rules.UNDO_FOR,
            AppointmentBefore.revision < meeting.revision,
        )
        .order_by(AppointmentBefore.made_at.desc())
        .limit(1)
    )
    own = session.scalars(decided).first()
    if own is None or has_left(session, meeting, own.revision):
        return
    rows = session.execute(
        select(Appointment, AppointmentBefore)
        .join(AppointmentBefore, AppointmentBefore.appointment_id == Appointment.id)
        .where(
            AppointmentBefore.batch_id == own.batch_id,
            AppointmentBefore.revision == Appointment.revision,
            Appointment.person_id == meeting.person_id,
            Appointment.id != meeting.id,
        )
    ).all()
    wished = {one.subject for one in calls.waiting(session, meeting.person_id, now)}
    left = [(one, as_changed(one, before)) for one, before in rows]
    if any(one.id in wished or _is_told(session, one) for one, _what in left):
        # Another one is named by the message: it stands.
        return
    tell_each(session, left, now)


def _is_told(session: Session, meeting: Appointment) -> bool:
    """Whether a message about the meeting as it stands has left, or waits."""
    gone = (messaging.CANCELLED, messaging.EXPIRED)
    return any(
        one.revision == meeting.revision and one.state not in gone
        for one in outbox.about(session, meeting.id)
    )


def has_left(session: Session, meeting: Appointment, revision: int | None = None) -> bool:
    """Whether anybody has been told of the meeting as it stands, or as it stood at a revision."""
    at = meeting.revision if revision is None else revision
    waits = (messaging.QUEUED, messaging.CANCELLED, messaging.EXPIRED)
    said = outbox.about(session, meeting.id)
    return any(one.revision == at and one.state not in waits for one in said)
