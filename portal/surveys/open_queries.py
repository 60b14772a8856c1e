"""Whose survey is open and not sent, for whoever tells them."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.identity.scope import is_present
from portal.organisation.rules import Rules
from portal.surveys import rules as surveys
from portal.surveys.models import SurveySheet
from portal.surveys.rules import ONGOING, ROUNDS


def unanswered(
    session: Session, organisation_id: UUID, rules: Rules, today: date, only: Collection[UUID] | None = None
) -> dict[UUID, date]:
    """Each participant of an organisation whose survey waits for them today, and since which day.

    The one that opened last, where both do. `only`: of these people alone. Nothing of any answer is read.
    """
    found: dict[UUID, date] = {}
    for which in ROUNDS:
        if not surveys.asks(which, rules):
            continue
        day = Enrolment.started_on if which == ONGOING else Enrolment.closed_on
        asked = Enrolment.closed_on.is_(None) if which == ONGOING else is_present()
        rows = (
            select(Enrolment.person_id, day)
            .join(Person, Person.id == Enrolment.person_id)
            .outerjoin(
                SurveySheet, and_(SurveySheet.enrolment_id == Enrolment.id, SurveySheet.round == which)
            )
            .where(
                Person.organisation_id == organisation_id,
                Person.protected.is_(False),
                SurveySheet.sent_at.is_(None),
                day.between(*surveys.may_be_open(which, today, rules)),
                asked,
            )
        )
        if only is not None:
            rows = rows.where(Enrolment.person_id.in_(only))
        for person_id, since in session.execute(rows).all():
            window = surveys.window(which, since, rules) if since else None
            if window and window.state(today) == "open":
                found[person_id] = max(window.first, found.get(person_id, window.first))
    return found
