"""Who has looked at the demo's participants lately, so that their page about it has something to show."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.journal.models import JournalRow

LOOKS = (
    (timedelta(days=6, minutes=20), "read", "person"),
    (timedelta(days=6, minutes=18), "read", "plan"),
    (timedelta(days=6, minutes=12), "read", "answers"),
    (timedelta(days=6), "export", "copy"),
    (timedelta(days=1, hours=1), "read", "meetings"),
    (timedelta(days=1), "read", "messages"),
)
"""What a coach did: how long ago, and which of the journal's kinds."""


def add_looks(session: Session, coach: Person, colleague: Person, now: datetime) -> None:
    """Lines of the journal about the coach's participants; a colleague tried once, in vain."""
    common = {"organisation_id": coach.organisation_id}
    lines = []
    for person_id in session.scalars(select(Enrolment.person_id).where(Enrolment.coach_id == coach.id)):
        own = {**common, "subject_id": person_id}
        lines += [
            {**own, "actor_id": coach.id, "at": now - ago, "action": action, "kind": kind}
            for ago, action, kind in LOOKS
        ]
        refused = {"actor_id": colleague.id, "at": now - timedelta(days=3), "action": "refused"}
        lines.append({**own, **refused, "kind": "plan"})
    session.execute(insert(JournalRow), sorted(lines, key=lambda line: str(line["at"])))
