"""Those of the demo who have left and said yes to being asked how it goes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.days import months_after
from portal.followup.models import FollowUp, FollowUpConsent
from portal.followup.rules import OPEN, REACHED, YES
from portal.identity.models import Enrolment

MONTHS = 3
NOTE = "Arbetar halvtid på ett lager. Trivs, men resan är lång."


def add(session: Session, enrolments: Sequence[Enrolment], now: datetime) -> None:
    """One stands on the coach's list; another has told. They left in the last months."""
    today = now.date()
    left = [
        one
        for one in enrolments
        if one.closed_on and timedelta() <= today - months_after(one.closed_on, MONTHS) <= OPEN
    ]
    for enrolment in left[:2]:
        assert enrolment.coach_id
        session.add(
            FollowUpConsent(
                person_id=enrolment.person_id,
                enrolment_id=enrolment.id,
                said=YES,
                said_at=now - timedelta(days=90),
                noted_by=enrolment.coach_id,
            )
        )
    for enrolment in left[1:2]:
        assert enrolment.coach_id
        told = FollowUp(
            person_id=enrolment.person_id,
            enrolment_id=enrolment.id,
            months=MONTHS,
            result=REACHED,
            occupation="work",
            noted_by=enrolment.coach_id,
            noted_at=now - timedelta(days=1),
        )
        told.feels, told.note = "good", NOTE
        session.add(told)
    session.flush()
