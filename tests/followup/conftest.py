"""Somebody who has left and said yes to being asked."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.followup.models import FollowUpConsent
from portal.identity.models import Enrolment, Person
from tests.support.world import World


def leave(session: Session, person: Person, closed_on: date, now: datetime, said: str = "yes") -> Enrolment:
    """Close the person's enrolment on this day; what they said to being asked."""
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
    enrolment.closed_on = closed_on
    if said:
        session.add(
            FollowUpConsent(
                person_id=person.id,
                enrolment_id=enrolment.id,
                said=said,
                said_at=now,
                noted_by=enrolment.coach_id,
            )
        )
    session.flush()
    return enrolment


@pytest.fixture
def left(session: Session, world: World, now: datetime) -> Enrolment:
    """The participant's enrolment, closed on 24 May 2026: six months ago."""
    return leave(session, world.participant, date(2026, 5, 24), now)
