"""Enrolments that have ended, and what came of asking afterwards, as they are counted; nobody's name."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.followup.figure_rules import Followed, Written
from portal.followup.models import FollowUp, FollowUpConsent
from portal.identity.models import Enrolment, Person
from portal.identity.scope import is_known
from portal.web.asker import Asker


def followed(session: Session, asker: Asker, enrolments: Select[uuid.UUID]) -> dict[uuid.UUID, Followed]:
    """By its id, each of these enrolments that has ended and whose person has not been forgotten; one query.

    `enrolments` is a subquery of what the asker may count.
    """
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.closed_on,
            FollowUpConsent.said,
            FollowUpConsent.said_at,
            _back_on().label("back_on"),
            FollowUp.months,
            FollowUp.result,
            FollowUp.occupation,
            FollowUp.noted_at,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(FollowUpConsent, FollowUpConsent.enrolment_id == Enrolment.id)
        .outerjoin(FollowUp, FollowUp.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolments), Enrolment.closed_on.is_not(None), is_known())
    )
    found: dict[uuid.UUID, Followed] = {}
    for row in rows:
        one = found.get(row.id) or _followed(row, asker)
        found[row.id] = replace(one, written={**one.written, **_written(row, asker)})
    return found


def _followed(row: Any, asker: Asker) -> Followed:
    said_on = row.said_at.astimezone(asker.zone).date() if row.said_at else None
    return Followed(row.closed_on, row.said or "", said_on, row.back_on)


def _written(row: Any, asker: Asker) -> dict[int, Written]:
    if row.months is None:
        return {}
    return {row.months: Written(row.result, row.occupation, row.noted_at.astimezone(asker.zone).date())}


def _back_on() -> ScalarSelect[date]:
    """Since when the person has another enrolment that is open, or ended later; nobody is asked then."""
    other = aliased(Enrolment)
    since = func.coalesce(other.applied_on, other.first_meeting_on, other.started_on, Enrolment.closed_on)
    return (
        select(func.min(since))
        .where(
            other.person_id == Enrolment.person_id,
            other.id != Enrolment.id,
            or_(other.closed_on.is_(None), other.closed_on > Enrolment.closed_on),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
