"""A group of each coach's, which staff fill, with one participant in it.

What a group is called is its team's to read: it is made before what belongs to one participant.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.rules import Span
from portal.groups import rules, service
from portal.groups.models import GroupPart, GroupSeat, GroupSession
from portal.identity.models import RoleGrant
from portal.web.asker import Asker

Objects = dict[str, dict[str, object]]


def group(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """In the first team, whichever the participant's is: whoever is in it is in it."""
    team_id = session.scalars(
        select(RoleGrant.team_id).where(RoleGrant.person_id == coach.person_id, RoleGrant.role == "coach")
    ).one()
    about = service.About(
        title=rules.OWN,
        own_title="Vi lagar mat",
        about="Vi lagar mat och pratar.",
        languages=("sv", "ar"),
        mode="on_site",
        place="Köket",
        capacity=1,
        is_open=False,
        offer_hours=24,
    )
    starts = [now + timedelta(days=90 + 7 * week) for week in range(2)]
    made = service.make(
        session,
        coach,
        about,
        team_id=team_id or uuid.uuid4(),
        leaders=[coach.person_id],
        spans=[Span(one, one + timedelta(hours=1)) for one in starts],
        key=uuid.uuid4(),
        now=now,
    )
    seat = GroupSeat(group_id=made.id, capacity=1, person_id=participant.person_id, state=rules.IN, number=1)
    seat.offers, seat.in_portal, seat.changed_at = 0, True, now
    session.add(seat)
    sessions = session.scalars(select(GroupSession.id).where(GroupSession.group_id == made.id)).all()
    parts = []
    for one in sessions:
        part = GroupPart(session_id=one, person_id=participant.person_id, in_portal=True, revision=0)
        part.settled_at, part.attendance = now, rules.NONE
        session.add(part)
        parts.append(part)
    session.flush()
    return {"group": made.id, "group_session": sessions[0], "group_part": parts[0].id}


def groups(session: Session, pairs: Iterable[tuple[str, Asker, Asker]], now: datetime) -> Objects:
    """One for each owner, with its coach; kind -> owner -> what stands in an address for it."""
    made: Objects = {}
    for owner, participant, coach in pairs:
        for kind, value in group(session, participant, coach, now).items():
            made.setdefault(kind, {})[owner] = value
    return made
