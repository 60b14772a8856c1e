"""Who is away today, as a coach's morning says it: for whom the asker stands in, and the asker themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity.absence import queries as absence
from portal.identity.absence.queries import Away, StandingIn
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
