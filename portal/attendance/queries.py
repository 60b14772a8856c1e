"""Reads about corrections. The caller has checked whose they are."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, select
from sqlalchemy.orm import Session

from portal.attendance.models import Correction, Signature
from portal.attendance.rules import Corrected, Noted
from portal.identity.models import Person


def signature_of(
    kind: str, cause_id: SQLColumnExpression[uuid.UUID], person_id: SQLColumnExpression[uuid.UUID]
) -> ColumnElement[bool]:
    """Which signature is of a row of another room's; a part of that room's query."""
    return and_(
        Signature.cause_kind == kind, Signature.cause_id == cause_id, Signature.person_id == person_id
    )


def corrections_of(
    session: Session, kind: str, ids: Collection[uuid.UUID], people: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Corrected]]:
    """What was corrected of these participants' attendance at these, the oldest first; one query."""
    rows = session.execute(
        select(Correction, Person)
        .join(Person, Person.id == Correction.made_by)
        .where(Correction.cause_kind == kind, Correction.cause_id.in_(ids), Correction.person_id.in_(people))
        .order_by(Correction.made_at)
    )
    found: dict[uuid.UUID, list[Corrected]] = {}
    for row, person in rows:
        was = Noted(row.was, row.was_from, row.was_until)
        one = Corrected(was, row.becomes, row.made_at, person.name, row.why)
        found.setdefault(row.cause_id, []).append(one)
    return found
