"""What a participant has not seen yet about who their coach is."""

import uuid
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.identity.models import CoachChange, Enrolment, Person
from portal.web.asker import Asker


@dataclass(frozen=True)
class NewCoach:
    """A coach whom a participant has got: who, and the first name."""

    person_id: uuid.UUID
    name: str


def new_coach(session: Session, asker: Asker) -> NewCoach | None:
    """The asking participant's coach while they have not seen the change; else None."""
    unseen = exists().where(
        CoachChange.person_id == Enrolment.person_id,
        CoachChange.coach_id == Enrolment.coach_id,
        CoachChange.read_at.is_(None),
    )
    coach = session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.coach_id == Person.id)
        .where(Enrolment.person_id == asker.person_id, Enrolment.closed_on.is_(None), unseen)
    ).first()
    return NewCoach(coach.id, coach.first_name) if coach else None
