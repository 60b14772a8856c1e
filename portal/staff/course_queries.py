"""What stands before staff when they end or move a person's course."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import course_queries as meetings
from portal.booking import rules
from portal.booking.queries import person_meetings
from portal.booking.shown_queries import Meeting
from portal.followup import queries as followup
from portal.followup import rules as follow_up_rules
from portal.identity.models import Person
from portal.identity.people import person_queries
from portal.identity.people.person_queries import Colleague, Head
from portal.identity.people.rules import TEAM_ROLES
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


@dataclass(frozen=True)
class Ending:
    """The person and what is booked ahead. Who may not read content gets the number alone."""

    person: Head
    number: int
    coming: tuple[Meeting, ...]


@dataclass(frozen=True)
class HandingOver(Ending):
    """The same, with what stands in the new coach's way at each meeting that is not theirs yet.

    `gone`: the meetings whose former coach meets nobody any longer.
    """

    obstacles: Mapping[uuid.UUID, str] = field(default_factory=dict)
    gone: frozenset[uuid.UUID] = frozenset()

    @property
    def usual(self) -> dict[uuid.UUID, str]:
        """What becomes of each meeting unless somebody decides."""
        return {one: rules.usual(way, gone=one in self.gone) for one, way in self.obstacles.items()}


def ending(session: Session, asker: Asker, person: Person, now: datetime) -> Ending:
    """What closing would cancel. `person` is fetched within the asker's reach."""
    head = _head(session, asker, person, now)
    ahead = meetings.coming(session, person.id, now)
    return Ending(head, len(ahead), _shown(session, asker, head, {one.id for one in ahead}, now))


def may_be_asked(session: Session, asker: Asker, person: Person) -> bool:
    """Whether it is asked at all how it goes later, and the person has not said no to it for good."""
    enrolment = person_queries.current(session, person.id)
    never = followup.said_of(session, enrolment.id) == follow_up_rules.NEVER
    return bool(follow_up_rules.months_of(rules_of(session, asker))) and not never


def handing_over(
    session: Session, asker: Asker, person: Person, coach_id: uuid.UUID | None, now: datetime
) -> HandingOver:
    """What is to be decided when this coach takes over; nothing yet while none is chosen."""
    head = _head(session, asker, person, now)
    if coach_id is None:
        return HandingOver(head, 0, ())
    ways = meetings.obstacles(session, asker, person.id, coach_id, now)
    gone = meetings.without_coach(session, person.id, now)
    return HandingOver(head, len(ways), _shown(session, asker, head, set(ways), now), ways, gone)


def successors(session: Session, asker: Asker, person: Person) -> tuple[Colleague, ...]:
    """To whom the asker may hand the person over: a lead within the own teams; never whom they have now."""
    own = () if "admin" in asker.roles else ("lead",)
    enrolment = person_queries.current(session, person.id)
    now_theirs = (enrolment.coach_id, enrolment.team_id)
    found = person_queries.colleagues(session, asker, *TEAM_ROLES, own_teams=own)
    return tuple(one for one in found if (one.person_id, one.team_id) != now_theirs)


def _head(session: Session, asker: Asker, person: Person, now: datetime) -> Head:
    return person_queries.head(session, asker, person, now.astimezone(asker.zone).date())


def _shown(
    session: Session, asker: Asker, head: Head, wanted: set[uuid.UUID], now: datetime
) -> tuple[Meeting, ...]:
    if not head.content or not wanted:
        return ()
    found = person_meetings(session, asker, head.id, now)
    return tuple(one for one in reversed(found) if one.id in wanted)
