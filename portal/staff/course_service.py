"""The verbs that end or move a person's course: each touches the enrolment and what is booked.

`person` is fetched within the asker's reach.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import course_service as meetings
from portal.conversation import service as conversation
from portal.followup import service as followup
from portal.identity.models import Person
from portal.identity.people import course_service as enrolments
from portal.identity.people.course_service import Closure
from portal.identity.service import lock_people
from portal.web.asker import Asker


def close(
    session: Session,
    asker: Asker,
    person: Person,
    closure: Closure,
    *,
    now: datetime,
    follow_up: bool | None = None,
) -> int:
    """Close the enrolment and cancel the meetings ahead; how many those were.

    `follow_up`: whether the person has said yes to being asked later; None where nobody has asked.
    Raises WrongDays, or NotOpen when it is closed already.
    """
    enrolments.close(session, asker, person, closure, now=now)
    if follow_up is not None:
        followup.note_consent(session, asker, person, yes=follow_up, now=now)
    return meetings.cancel_coming(session, asker, person.id, now)


def hand_over(
    session: Session,
    asker: Asker,
    person: Person,
    to: tuple[uuid.UUID, uuid.UUID],
    decided: Mapping[uuid.UUID, str],
    *,
    now: datetime,
) -> None:
    """Give the person another coach, and each coming meeting what was decided for it (`booking.rules`).

    What they have written goes along, and the participant reads there who the coach is now.

    `to` is the coach and the team. Raises NotOpen, CoachNotInTeam, NoResultFound, Undecided, Collides.
    """
    coach_id, team_id = to
    lock_people(session, (person.id, coach_id))
    former = enrolments.hand_over(session, asker, person, coach_id, team_id, now=now)
    if former != coach_id:
        conversation.hand_over(session, asker, person.id, coach_id, now)
    meetings.hand_over(session, asker, person.id, coach_id, decided, now)
