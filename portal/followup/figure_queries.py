"""Enrolments that have ended, and what came of asking afterwards, as they are counted; nobody's name."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.followup.figure_rules import Followed, Said, Written
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
            FollowUpConsent.said_until,
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
        one = found.get(row.id) or Followed(row.closed_on, back_on=row.back_on)
        # Each thing said comes with each thing written.
        said, written = one.said | _said(row, asker.zone), {**one.written, **_written(row, asker.zone)}
        found[row.id] = replace(one, said=said, written=written)
    return found


def _said(row: Any, zone: ZoneInfo) -> frozenset[Said]:
    if row.said is None:
        return frozenset()
    until = row.said_until.astimezone(zone).date() if row.said_until else None
    return frozenset({Said(row.said, row.said_at.astimezone(zone).date(), until)})


def _written(row: Any, zone: ZoneInfo) -> dict[int, Written]:
    if row.months is None:
        return {}
    return {row.months: Written(row.result, row.occupation, row.noted_at.astimezone(zone).date())}


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
