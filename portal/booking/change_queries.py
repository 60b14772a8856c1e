"""What has become of meetings: since a page was opened, and what participants have changed themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.booking import rules
from portal.booking.models import Appointment, MeetingChange
from portal.booking.shown_queries import Meeting, shown, visible, with_names
from portal.identity.models import Person, first_name, name_of
from portal.journal.service import note
from portal.web.asker import Asker

BY_PARTICIPANT = (rules.MOVED, rules.WITHDRAWN, rules.RESTORED)
"""What a participant can do alone to a meeting, and a coach must hear of."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a meeting: how (of `rules.HOWS`), when it starts since then, and who made it.

    `by` is a first name; "" for the participant.
    """

    how: str
    starts_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class OwnChange:
    """What a participant has done to a meeting that is to come, which staff have not said that they saw."""

    meeting: Meeting
    how: str
    was_at: datetime
    at: datetime


def since(session: Session, meeting: Meeting, revision: int) -> Sequence[Change]:
    """What has become of a meeting after a revision, in order. The caller has checked the meeting."""
    rows = session.execute(
        select(MeetingChange.how, MeetingChange.starts_at, Person.id, Person.name_sealed)
        .join(Person, Person.id == MeetingChange.made_by)
        .where(MeetingChange.appointment_id == meeting.id, MeetingChange.revision > revision)
        .order_by(MeetingChange.revision)
    )
    return [
        Change(row.how, row.starts_at, "" if row.id == meeting.person_id else first_name(name_of(*row[2:])))
        for row in rows
    ]


def by_participants(session: Session, asker: Asker, now: datetime) -> Sequence[OwnChange]:
    """What participants changed last in meetings to come with the asker, or for whom they stand in.

    Of a meeting that staff have changed after them nothing is said. Soonest first; one query.
    """
    wanted = with_names(visible(asker).where(Appointment.starts_at > now, _with_the(asker))).join(
        MeetingChange, last_unseen()
    )
    rows = session.execute(
        wanted.add_columns(MeetingChange.how, MeetingChange.was_at, MeetingChange.made_at).order_by(
            Appointment.starts_at
        )
    )
    found = [OwnChange(shown(asker, row, now, 0), row.how, row.was_at, row.made_at) for row in rows]
    for one in found:
        note(session, asker, action="read", kind="meetings", subject=one.meeting.person_id)
    return found


def last_unseen() -> ColumnElement[bool]:
    """Whether a change is the participant's own, the last of its meeting, and nobody has said they saw it."""
    return and_(
        MeetingChange.appointment_id == Appointment.id,
        MeetingChange.revision == Appointment.revision,
        MeetingChange.made_by == Appointment.person_id,
        MeetingChange.how.in_(BY_PARTICIPANT),
        MeetingChange.seen_at.is_(None),
    )


def _with_the(asker: Asker) -> ColumnElement[bool]:
    return or_(
        Appointment.coach_id == asker.person_id,
        Appointment.coach_id.in_(sorted(asker.stands_in_for, key=str)),
    )
