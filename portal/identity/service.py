"""Holding people: whoever changes something about a person decides after everybody who came before."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.identity.scope import current_enrolment


def lock_people(session: Session, person_ids: Iterable[uuid.UUID]) -> None:
    """Let one transaction at a time decide about these people, their enrolments and their hours.

    On PostgreSQL their rows are locked in one order, so that two never wait for each other; on SQLite the
    writing transaction already stands alone. What was read of them before is read anew. First of all locks.
    """
    held = (
        select(Person)
        .where(Person.id.in_(set(person_ids)))
        .order_by(Person.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    session.scalars(held).all()


def hold_enrolment(session: Session, person_id: uuid.UUID) -> Enrolment:
    """The person's present enrolment as it stands now, both held. Raises NoResultFound when there is none."""
    lock_people(session, (person_id,))
    found = current_enrolment(session, person_id)
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.id == (found.id if found else None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
