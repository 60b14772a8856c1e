"""Whom of the staff one can add as an interpreter, and what somebody speaks."""

import uuid

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.identity.models import Person, RoleGrant
from portal.interpreting.order_models import Interpreter, InterpreterLanguage
from portal.web.asker import STAFF_ROLES, Asker


def staff_to_add(session: Session, asker: Asker) -> list[tuple[uuid.UUID, str]]:
    """The staff of the asker's organisation who are no interpreters yet, by name."""
    works = select(RoleGrant.person_id).where(RoleGrant.role.in_(STAFF_ROLES))
    rows = session.scalars(
        select(Person).where(
            Person.organisation_id == asker.organisation_id,
            Person.disabled_at.is_(None),
            Person.id.in_(works),
            ~exists().where(Interpreter.person_id == Person.id),
        )
    )
    return sorted(((row.id, row.name) for row in rows), key=lambda one: one[1].casefold())


def languages_of(session: Session, interpreter_id: uuid.UUID) -> list[str]:
    """What somebody speaks. The caller has checked the asker."""
    spoken = select(InterpreterLanguage.language).where(InterpreterLanguage.interpreter_id == interpreter_id)
    return sorted(session.scalars(spoken))
