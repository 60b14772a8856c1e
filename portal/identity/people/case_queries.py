"""Enrolments as they are counted: a lead's teams', an admin's all; nobody is read, and none is protected."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, false, null, or_, select, true
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, EnrolmentPeriod, Person
from portal.identity.people.case_rules import Case
from portal.identity.people.reach_queries import teams_of
from portal.organisation.models import Team
from portal.web.asker import Asker

COLUMNS = (
    Enrolment.id.label("enrolment_id"),
    Enrolment.person_id,
    Enrolment.programme_id,
    Enrolment.team_id,
    Enrolment.coach_id,
    Enrolment.referrer,
    Enrolment.intake,
    Enrolment.applied_on,
    Enrolment.first_meeting_on,
    Enrolment.started_on,
    Enrolment.closed_on,
    Enrolment.outcome,
    Enrolment.income_at_start,
    Enrolment.income_at_closure,
    Person.gender,
    Person.born_in_sweden,
    Person.municipality,
)


def counted(asker: Asker) -> ColumnElement[bool]:
    """Which enrolments the asker may count, earlier ones of a person too; to be joined with Person.

    A lead: those of the teams they lead. An admin: the organisation's. Everybody else: none. Protected
    identity is in no figure (S37), and nothing crosses organisations (S4).
    """
    reach: list[ColumnElement[bool]] = [false()]
    if "admin" in asker.roles:
        reach.append(true())
    if "lead" in asker.roles:
        reach.append(Enrolment.team_id.in_(teams_of(asker, "lead")))
    here = Person.organisation_id == asker.organisation_id
    return and_(here, Person.protected.is_(False), or_(*reach))


def cases(
    session: Session,
    asker: Asker,
    *,
    programme_id: uuid.UUID | None = None,
    team_id: uuid.UUID | None = None,
    only_open: bool = False,
    first_kept: ScalarSelect[datetime] | None = None,
) -> tuple[Case, ...]:
    """The enrolments that the asker may count, of one programme or team where one is named. One query.

    `first_kept`: when somebody was first met, for those whose first meeting nobody filled in.
    """
    met = null() if first_kept is None else case((Enrolment.first_meeting_on.is_(None), first_kept))
    asked = (
        select(*COLUMNS, met.label("met_at"))
        .join(Person, Person.id == Enrolment.person_id)
        .where(counted(asker))
    )
    if programme_id:
        asked = asked.where(Enrolment.programme_id == programme_id)
    if team_id:
        asked = asked.where(Enrolment.team_id == team_id)
    if only_open:
        asked = asked.where(Enrolment.closed_on.is_(None))
    return tuple(_case(row._asdict(), asker) for row in session.execute(asked))


def _case(facts: dict[str, Any], asker: Asker) -> Case:
    if met_at := facts.pop("met_at"):
        facts["first_meeting_on"] = met_at.astimezone(asker.zone).date()
    return Case(**facts)


def teams(session: Session, asker: Asker) -> tuple[Team, ...]:
    """The teams whose figures the asker may see: a lead's own, an admin's all; by name."""
    asked = select(Team).where(Team.organisation_id == asker.organisation_id)
    if "admin" not in asker.roles:
        asked = asked.where(Team.id.in_(teams_of(asker, "lead")))
    return tuple(session.scalars(asked.order_by(Team.name)))


def paused(session: Session, asker: Asker, today: date) -> frozenset[uuid.UUID]:
    """Ids of the counted enrolments that are paused today."""
    asked = (
        select(EnrolmentPeriod.enrolment_id)
        .join(Enrolment, Enrolment.id == EnrolmentPeriod.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            counted(asker),
            EnrolmentPeriod.kind == "pause",
            EnrolmentPeriod.starts_on <= today,
            or_(EnrolmentPeriod.ends_on.is_(None), EnrolmentPeriod.ends_on >= today),
        )
    )
    return frozenset(session.scalars(asked))


def counted_enrolments(
    asker: Asker, *, programme_id: uuid.UUID | None = None, team_id: uuid.UUID | None = None
) -> Select[uuid.UUID]:
    """Ids of the enrolments that the asker counts, as a subquery."""
    asked = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id).where(counted(asker))
    if programme_id:
        asked = asked.where(Enrolment.programme_id == programme_id)
    return asked.where(Enrolment.team_id == team_id) if team_id else asked
