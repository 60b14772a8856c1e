"""Everything that stands in a coach's own calendar: what each room keeps of it, and which UIDs are ours."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import union_all
from sqlalchemy.orm import Session

from portal.availability import week_queries as blocks
from portal.booking import feed_queries as meetings
from portal.booking.feed_queries import Slot
from portal.booking.feed_rules import MOST, PAST
from portal.groups import week_queries as groups
from portal.groups.week_queries import LedSlot
from portal.identity.absence import queries as absences
from portal.interpreting import duty_queries as duties
from portal.interpreting.duty_queries import Duty
from portal.web.asker import Asker
from portal.web.ics import Stands


@dataclass(frozen=True, slots=True)
class Feed:
    """A coach's meetings, blocked times, absences, sessions of groups, and what they are to interpret."""

    meetings: Sequence[Slot]
    blocked: Sequence[Stands]
    away: Sequence[Stands]
    led: Sequence[LedSlot]
    duties: Sequence[Duty]


def feed(session: Session, asker: Asker, now: datetime) -> Feed:
    """What the asker's calendar shows from a month back on, and for a month what is off; a query of each."""
    since = now - PAST
    return Feed(
        meetings=meetings.slots(session, asker, now),
        blocked=blocks.for_calendar(session, asker.person_id, since, MOST),
        away=absences.for_calendar(
            session, asker.person_id, since, since.astimezone(asker.zone).date(), MOST
        ),
        led=groups.for_calendar(session, asker, since, MOST),
        duties=duties.for_calendar(session, asker, since, MOST),
    )


def known_uids(session: Session, uids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these are ours, of any organisation; one query. For the worker."""
    rooms = (meetings, blocks, absences, groups, duties)
    return set(session.scalars(union_all(*(room.known(uids) for room in rooms))))
