"""What translators get of an agenda: of a meeting that stands and that its participant sees.

Nothing here commits.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.network.told_service import about_of
from portal.booking.rules import BOOKED
from portal.wording import service as wording

KIND = "agenda"
"""What translators know it as."""


def follow(session: Session, meeting: Appointment, now: datetime) -> None:
    """Let the agenda be known as it stands."""
    about = about_of(session, meeting.id)
    if about is None:
        return
    if not about.agenda:
        wording.forget(session, [about.id])
        return
    wanted = meeting.state == BOOKED and meeting.in_portal
    whose = (meeting.organisation_id, meeting.person_id)
    wording.follow(session, wording.Text(whose, KIND, about.id, about.agenda, wanted=wanted), now)
