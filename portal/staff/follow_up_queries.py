"""Whom a coach is to ask how it goes, of those who have left."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.followup import queries as followup
from portal.identity.models import Person
from portal.staff import rules
from portal.staff.rules import Cause
from portal.web.asker import Asker


def causes(
    session: Session,
    asker: Asker,
    enrolled: Collection[uuid.UUID],
    people: Sequence[Person],
    now: datetime,
) -> Iterable[Cause]:
    """A cause for each of these people of the asker's who has left and is to be asked now.

    One query, and none where everybody is enrolled.
    """
    if all(person.id in enrolled for person in people):
        return
    for one in followup.due(session, asker, now):
        key = f"{rules.FOLLOW_UP}:{one.enrolment_id}:{one.months}"
        yield Cause(one.person_id, rules.FOLLOW_UP, key, one.at, {"months": one.months})
