"""Whom staff may find: a coach's own, a lead's team's, an admin's all; protected people by handlers alone."""

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, select, true

from portal.identity.models import Enrolment, Person, ProtectedHandler, RoleGrant
from portal.identity.scope import is_known, is_present, staff_reach
from portal.web.asker import Asker


def today_of(asker: Asker, now: datetime) -> date:
    """The day it is where the asker's organisation is."""
    return now.astimezone(asker.zone).date()


def teams_of(asker: Asker, *roles: str) -> Select[uuid.UUID | None]:
    """Ids of the teams in which the asker has one of these roles, as a subquery."""
    return select(RoleGrant.team_id).where(RoleGrant.person_id == asker.person_id, RoleGrant.role.in_(roles))


def enrolments_of(asker: Asker) -> ColumnElement[bool]:
    """Which enrolments the asker may find: a coach's own, a lead's team's, an admin's all.

    A stand-in, while standing in, finds the absent coach's too.

    Only each person's present one (open, else closed last): who comes back to another coach is gone from
    the first one's list. To be joined with Person: organisation and protection stand here too (S4, S37).
    """
    reach = true() if "admin" in asker.roles else staff_reach(asker)
    here = Person.organisation_id == asker.organisation_id
    return and_(here, Person.protected.is_(False), is_known(), reach, is_present())


def findable(asker: Asker) -> Select[uuid.UUID]:
    """Ids of the people whose enrolment the asker may open from a list, as a subquery."""
    return (
        select(Enrolment.person_id).join(Person, Person.id == Enrolment.person_id).where(enrolments_of(asker))
    )


def handled_by(asker: Asker) -> Select[uuid.UUID]:
    """Ids of the protected people whose named handler the asker is, as a subquery (S37)."""
    return (
        select(ProtectedHandler.person_id)
        .join(Person, Person.id == ProtectedHandler.person_id)
        .where(
            ProtectedHandler.handler_id == asker.person_id,
            Person.organisation_id == asker.organisation_id,
            Person.protected.is_(True),
        )
    )
