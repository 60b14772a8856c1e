"""Meetings of several, for tests that are about something else than planning them."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.booking import service as booking
from portal.booking.network import service
from portal.booking.network.models import MeetingParty
from portal.booking.network.service import About, Guest
from portal.booking.network.told_service import active
from portal.booking.time_service import Wish
from portal.identity.models import Person
from portal.web.asker import Asker

EMAIL = "sofia@vardcentralen.example"
GUEST = Guest("Sofia Sjuksköterska", "Vårdcentralen", EMAIL)


def outside(session: Session, meeting_id: uuid.UUID) -> MeetingParty:
    """The one party from outside."""
    return next(one for one in active(session, meeting_id) if one.person_id is None)


def networks(
    session: Session,
    coach: Asker,
    person_id: uuid.UUID,
    colleague: Person | None,
    now: datetime,
    *,
    later: int = 0,
) -> dict[str, object]:
    """A meeting with a nurse, and a colleague if there is one; the address of the nurse's page.

    `later`: so many times two hours, for colleagues who are at several.
    """
    wish = Wish(now + timedelta(days=9, hours=2 * later), "video")
    made = booking.book_for(session, coach, person_id, wish, now, anyway=True)
    if colleague is not None:
        service.ask_colleague(session, coach, made.id, colleague.id, now)
    service.describe(session, coach, made.id, About("sip", agenda="Planen"), now)
    service.invite(session, coach, made.id, GUEST, now)
    party = outside(session, made.id)
    return {"network": made.id, "party": party.id, "invitation": party.token}
