"""Who is away today, as a coach's morning says it: for whom the asker stands in, and the asker themselves."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.away_rules import UNDO_FOR
from portal.identity.absence import queries as absence
from portal.identity.absence.queries import Away, StandingIn
from portal.identity.models import Person
from portal.staff import rules
from portal.staff.models import Attention
from portal.web.asker import Asker


def standing_in(session: Session, asker: Asker, now: datetime) -> tuple[StandingIn, ...]:
    """For whom the asker stands in today; nothing is asked of who stands in for nobody."""
    if not asker.stands_in_for:
        return ()
    return absence.standing_in(session, asker.person_id, now.astimezone(asker.zone).date())


def away(session: Session, asker: Asker, now: datetime) -> Away | None:
    """That the asker is away today; nothing is asked of who has no absence about now."""
    if not asker.may_be_away:
        return None
    return absence.away(session, asker.person_id, now.astimezone(asker.zone).date())


def rung_about(session: Session, asker: Asker, now: datetime) -> frozenset[tuple[uuid.UUID, int]]:
    """Of which meetings, at which revision, the asker or a colleague has told somebody by a call just now.

    As far back as what was decided of an absence can be undone.
    """
    lately = (Attention.handled_at > now - UNDO_FOR, Attention.outcome == rules.CALLED)
    house = select(Person.id).where(Person.organisation_id == asker.organisation_id)
    keys = session.scalars(
        select(Attention.key).where(
            Attention.key.startswith(f"{rules.CALL}:"), Attention.person_id.in_(house), *lately
        )
    )
    named = (key.split(":") for key in keys)
    return frozenset((uuid.UUID(piece[1]), int(piece[2])) for piece in named if piece[2].isdecimal())
