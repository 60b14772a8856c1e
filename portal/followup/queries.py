"""Who is to be asked how it goes after they have left, and what they told."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from portal.followup import rules
from portal.followup.models import FollowUp, FollowUpConsent
from portal.identity.models import Enrolment, Person
from portal.identity.scope import current_enrolment, current_of, is_known, is_present, participants_of
from portal.organisation.models import Organisation
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

MORNING_HOUR = 7


@dataclass(frozen=True)
class Due:
    """Somebody who is to be asked, so many months after they left; since when (UTC)."""

    person_id: uuid.UUID
    enrolment_id: uuid.UUID
    months: int
    at: datetime


def due(session: Session, asker: Asker, now: datetime) -> tuple[Due, ...]:
    """Of the asker's participants, those who are to be asked now; one query, none where nobody is asked.

    Nobody whom a call may endanger (S34), who is shut out, or has protected identity (S37).
    """
    months = rules.months_of(rules_of(session, asker))
    if not months:
        return ()
    rows = session.execute(_asked().where(Enrolment.person_id.in_(participants_of(asker))))
    today = now.astimezone(asker.zone).date()
    return tuple(
        Due(one.person_id, one.enrolment_id, month, _morning(one, month, asker))
        for one in _each(rows)
        if (month := rules.due(one.closed_on, months, one.done, today)) is not None
    )


def due_on(session: Session, place: Organisation, day: date) -> tuple[Due, ...]:
    """Everybody of an organisation whose follow-up is due on this very day, for the one SMS before it."""
    months = rules.months_of(place.rules)
    if not months:
        return ()
    rows = session.execute(_asked().where(Person.organisation_id == place.id, Person.protected.is_(False)))
    found = []
    for one in _each(rows):
        for month, then in rules.days_of(one.closed_on, months).items():
            if then == day and not any(done >= month for done in one.done):
                at = datetime.combine(then, time(MORNING_HOUR), place.zone).astimezone(UTC)
                found.append(Due(one.person_id, one.enrolment_id, month, at))
    return tuple(found)


def is_waiting(session: Session, enrolment_id: uuid.UUID, months: int) -> bool:
    """Whether somebody is still to be asked of this month: they want it, are still out, and were not."""
    rows = session.execute(_asked().where(Enrolment.id == enrolment_id))
    return any(not [done for done in one.done if done >= months] for one in _each(rows))


@dataclass
class _Asked:
    person_id: uuid.UUID
    enrolment_id: uuid.UUID
    closed_on: date
    done: list[int]


def _each(rows: Iterable[Any]) -> Iterable[_Asked]:
    found: dict[uuid.UUID, _Asked] = {}
    for row in rows:
        one = found.setdefault(row.id, _Asked(row.person_id, row.id, row.closed_on, []))
        one.done += [row.months] if row.months is not None else []
    return found.values()


def _asked() -> Select[uuid.UUID, uuid.UUID, date | None, int]:
    """Enrolments whose person may be asked, each with the months of which something is recorded."""
    return (
        select(Enrolment.id, Enrolment.person_id, Enrolment.closed_on, FollowUp.months)
        .join(FollowUpConsent, FollowUpConsent.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(FollowUp, FollowUp.enrolment_id == Enrolment.id)
        .where(
            FollowUpConsent.said == rules.YES,
            FollowUpConsent.said_until.is_(None),
            Enrolment.closed_on.is_not(None),
            is_present(),
            _reachable(),
        )
    )


def _reachable() -> ColumnElement[bool]:
    return and_(is_known(), Person.sms_unsafe.is_(False), Person.disabled_at.is_(None))


def _morning(one: _Asked, month: int, asker: Asker) -> datetime:
    day = rules.days_of(one.closed_on, (month,))[month]
    return datetime.combine(day, time(MORNING_HOUR), asker.zone).astimezone(UTC)


# --- one person ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One follow-up: its month and day, what is recorded of it, and whether something can be."""

    months: int
    day: date
    done: FollowUp | None
    open: bool


@dataclass(frozen=True)
class Course:
    """What happens after an enrolment: what its person said to that ("" when nobody has asked), each step.

    There are no steps while it is open.
    """

    enrolment: Enrolment
    said: str
    steps: tuple[Step, ...]


def course(session: Session, asker: Asker, person: Person, now: datetime) -> Course:
    """The follow-ups of a person whom the caller has found for the asker. Raises NoResultFound."""
    enrolment = session.scalars(current_of(person.id)).one()
    if enrolment.closed_on is None:
        return Course(enrolment, said_of(session, enrolment.id), ())
    said, today = said_of(session, enrolment.id), now.astimezone(asker.zone).date()
    done = {row.months: row for row in _done(session, enrolment.id)}
    months = {*rules.months_of(rules_of(session, asker)), *done}
    steps = tuple(
        Step(month, day, done.get(month), said == rules.YES and day <= today)
        for month, day in rules.days_of(enrolment.closed_on, months).items()
    )
    return Course(enrolment, said, steps)


def said_of(session: Session, enrolment_id: uuid.UUID) -> str:
    """What holds of what somebody said to being asked after this enrolment; "" when nobody has asked."""
    row = select(FollowUpConsent.said).where(
        FollowUpConsent.enrolment_id == enrolment_id, FollowUpConsent.said_until.is_(None)
    )
    return session.scalars(row).first() or ""


def agreed(session: Session, asker: Asker) -> bool:
    """Whether the asking participant is to be asked once they have left, or is still asked."""
    enrolment = current_enrolment(session, asker.person_id)
    return enrolment is not None and said_of(session, enrolment.id) == rules.YES


def _done(session: Session, enrolment_id: uuid.UUID) -> Sequence[FollowUp]:
    return session.scalars(select(FollowUp).where(FollowUp.enrolment_id == enrolment_id)).all()
