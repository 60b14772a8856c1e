"""What happens to somebody's coming meetings when their course ends or gets another coach.

The caller has checked that the asker may decide about the person. Nothing here commits.
"""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import course_queries, time_service
from portal.booking.told_service import tell_together
from portal.identity.service import lock_people
from portal.web.asker import Asker


def cancel_coming(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime) -> int:
    """Cancel every meeting that has not started, told by one message; how many there were."""
    # Every verb about a meeting waits for its person, so that a coach's row need not be held.
    lock_people(session, (person_id,))
    coming = course_queries.coming(session, person_id, now)
    for meeting in coming:
        time_service.cancel(session, asker, meeting, "", now)
    tell_together(session, coming, "cancelled", now)
    return len(coming)
