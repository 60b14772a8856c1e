"""What staff choose among when they make a group, and on which days it would meet."""

import uuid
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.groups import reach_queries as reach
from portal.groups import rules
from portal.groups.rules import Plan, Proposed
from portal.identity.models import Person, RoleGrant, name_of, short_name
from portal.organisation.models import Team
from portal.web.asker import Asker


def teams_of(session: Session, asker: Asker) -> list[tuple[str, str]]:
    """The teams in which the asker can make a group, for a menu."""
    wanted = select(Team).where(Team.id.in_(reach.works_in(asker, "coach", "lead")))
    return [(str(one.id), one.name) for one in session.scalars(wanted.order_by(Team.name))]


def colleagues(session: Session, asker: Asker) -> list[tuple[str, str]]:
    """Who can lead a group of the asker's: coaches and leads of their teams, for a menu."""
    rows = session.execute(
        select(Person.id, Person.name_sealed).where(
            Person.disabled_at.is_(None),
            Person.id.in_(
                select(RoleGrant.person_id).where(
                    RoleGrant.role.in_(("coach", "lead")),
                    RoleGrant.team_id.in_(reach.works_in(asker, "coach", "lead")),
                )
            ),
        )
    )
    found = [(str(row.id), name_of(row.id, row.name_sealed)) for row in rows]
    return sorted(found, key=lambda one: one[1].casefold())


def proposed(
    session: Session, leaders: Collection[uuid.UUID], plan: Plan, now: datetime, zone: ZoneInfo
) -> list[Proposed]:
    """The occasions of a plan, with when its leaders have something else. The caller has checked them."""
    days = rules.proposed(plan, [], now, zone)
    if not days:
        return []
    busy = session.scalars(
        select(BusyTime).where(
            BusyTime.subject_id.in_(leaders),
            BusyTime.ends_at > days[0].span.start,
            BusyTime.starts_at < days[-1].span.end,
        )
    )
    return rules.proposed(plan, [one.span for one in busy], now, zone)


def names(session: Session, people: Collection[uuid.UUID]) -> list[str]:
    """The short names of people whom the caller has found for the asker."""
    rows = session.execute(select(Person.id, Person.name_sealed).where(Person.id.in_(people)))
    return sorted(short_name(name_of(row.id, row.name_sealed)) for row in rows)
