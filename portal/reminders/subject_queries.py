"""What a message about a time is about: a meeting, or a session of a group. Both are told alike."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.groups import due_queries as groups
from portal.notices.due_rules import Due, Standing
from portal.notices.rules import Held


def starting_between(session: Session, start: datetime, end: datetime) -> Sequence[Due]:
    """Everything that starts in [start, end), for reminders."""
    return [
        *booking.starting_between(session, start, end),
        *groups.starting_between(session, start, end),
    ]


def standings(session: Session, subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """How each of these stands now, those that left no trace aside; two queries, one for meetings alone."""
    found = booking.standings(session, subjects)
    others = set(subjects) - found.keys()
    return found | groups.standings(session, others) if others else found


def standing(session: Session, subject: uuid.UUID) -> Standing | None:
    """How it stands now, for a message about it that has not left yet; None if it left no trace."""
    return standings(session, (subject,)).get(subject)


def held(session: Session, subject: uuid.UUID) -> Held:
    """How it is held, for a message to its own participant. Raises NoResultFound."""
    try:
        return booking.held(session, subject)
    except NoResultFound:
        if found := groups.held(session, subject):
            return found
        raise
