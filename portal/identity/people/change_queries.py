"""What a participant has not seen yet about who their coach is."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.identity.models import CoachChange, Enrolment, Person
from portal.web.asker import Asker


def new_coach(session: Session, asker: Asker) -> str:
    """The first name of the asking participant's coach while they have not seen the change; else ""."""
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
    return coach.first_name if coach else ""
