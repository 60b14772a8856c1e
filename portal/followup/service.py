"""Noting what somebody says to being asked after they have left, and what they told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.followup import queries, rules
from portal.followup.models import FollowUp, FollowUpConsent
from portal.identity.models import Enrolment, Person
from portal.identity.service import hold_enrolment
from portal.journal import service as journal
from portal.web.asker import Asker
from portal.web.errors import Refused


class NotAsked(Refused):
    """They have not said yes, are enrolled again, or the day has not come."""


@dataclass(frozen=True)
class Told:
    """What came of asking; codes of `rules` and of the list of outcomes."""

    result: str
    occupation: str = ""
    feels: str = ""
    note: str = ""


def note_consent(session: Session, asker: Asker, person: Person, *, yes: bool, now: datetime) -> bool:
    """Note for a person within the asker's reach what they said to being asked; whether it holds.

    Their own no holds, whatever staff note.
    """
    enrolment = hold_enrolment(session, person.id)
    wanted = rules.YES if yes else rules.NO
    if queries.said_of(session, enrolment.id) == rules.NEVER:
        return not yes
    _say(session, asker, enrolment, wanted, now)
    return True


def refuse(session: Session, asker: Asker, person: Person, now: datetime) -> None:
    """The person wants never to be asked after this enrolment, whether they had said yes before or not."""
    _say(session, asker, hold_enrolment(session, person.id), rules.NEVER, now)


def record(session: Session, asker: Asker, person: Person, months: int, told: Told, now: datetime) -> None:
    """Write down what came of asking so many months on; once more changes what stands. Raises NotAsked."""
    enrolment = hold_enrolment(session, person.id)
    course = queries.course(session, asker, person, now)
    steps = {step.months: step for step in course.steps if step.open}
    if months not in steps:
        raise NotAsked
    row = steps[months].done or FollowUp(person_id=person.id, enrolment_id=enrolment.id, months=months)
    # What is put right afterwards was told when it was told: figures ask whether that was in time.
    row.noted_at = row.noted_at if row.result == told.result else now
    row.result, row.occupation = told.result, told.occupation
    row.feels, row.note = told.feels, told.note
    row.noted_by = asker.person_id
    session.add(row)
    session.flush()
    journal.note(session, asker, action="change", kind="follow_up", subject=person.id, object_id=row.id)
    if told.result == rules.DECLINED:
        _say(session, asker, enrolment, rules.NEVER, now)


def _say(session: Session, asker: Asker, enrolment: Enrolment, said: str, now: datetime) -> None:
    which = select(FollowUpConsent).where(
        FollowUpConsent.enrolment_id == enrolment.id, FollowUpConsent.said_until.is_(None)
    )
    held = session.scalars(which.execution_options(populate_existing=True)).one_or_none()
    if said == (held.said if held else rules.NO):
        return
    if held:
        held.said_until = now
        # One alone holds: the former must have ended before the next is written.
        session.flush()
    row = FollowUpConsent(
        person_id=enrolment.person_id,
        enrolment_id=enrolment.id,
        said=said,
        said_at=now,
        noted_by=asker.person_id,
    )
    session.add(row)
    session.flush()
    journal.note(
        session,
        asker,
        action="change",
        kind="follow_up_consent",
        subject=enrolment.person_id,
        object_id=row.id,
    )
