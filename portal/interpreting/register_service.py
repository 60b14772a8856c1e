"""Who interprets: adding, changing, closing. Nothing here commits."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.identity.models import Person, RoleGrant
from portal.interpreting.order_models import Interpreter, InterpreterLanguage
from portal.journal.service import note
from portal.web.asker import STAFF_ROLES, Asker
from portal.web.errors import Refused

KIND = "interpreters"
"""The kind of change, for the journal."""


class KnownAlready(Refused):
    """This member of staff is an interpreter already."""


class NoStaff(Refused):
    """Nobody of the organisation's staff."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an interpreter. `name` is "" for staff, whose person has one."""

    languages: Collection[str]
    on_site: bool
    by_phone: bool
    name: str = ""
    phone: str = ""
    agency: str = ""
    dialects: str = ""
    gender: str = ""


def add(
    session: Session, asker: Asker, facts: Facts, now: datetime, *, person_id: uuid.UUID | None = None
) -> Interpreter:
    """Somebody who interprets: of staff with `person_id`, else from outside. Raises KnownAlready, NoStaff."""
    if person_id is not None:
        _check_staff(session, asker, person_id)
    row = Interpreter(organisation_id=asker.organisation_id, person_id=person_id, made_at=now)
    _write(row, facts)
    session.add(row)
    session.flush()
    _speak(session, row, facts.languages)
    return _noted(session, asker, row)


def change(session: Session, asker: Asker, interpreter_id: uuid.UUID, facts: Facts) -> Interpreter:
    """What is known of them is this. Raises NoResultFound."""
    row = one(session, asker, interpreter_id)
    _write(row, facts)
    session.execute(delete(InterpreterLanguage).where(InterpreterLanguage.interpreter_id == row.id))
    _speak(session, row, facts.languages)
    return _noted(session, asker, row)


def close(
    session: Session, asker: Asker, interpreter_id: uuid.UUID, now: datetime, *, closed: bool
) -> Interpreter:
    """They are asked no more, or again; the meetings that they have stay theirs. Raises NoResultFound."""
    row = one(session, asker, interpreter_id)
    if (row.closed_at is not None) != closed:
        row.closed_at = now if closed else None
        _noted(session, asker, row)
    return row


def one(session: Session, asker: Asker, interpreter_id: uuid.UUID) -> Interpreter:
    """An interpreter of the asker's organisation. Raises NoResultFound."""
    return session.scalars(
        select(Interpreter).where(
            Interpreter.id == interpreter_id, Interpreter.organisation_id == asker.organisation_id
        )
    ).one()


def _check_staff(session: Session, asker: Asker, person_id: uuid.UUID) -> None:
    works = select(Person.id).where(
        Person.id == person_id,
        Person.organisation_id == asker.organisation_id,
        Person.disabled_at.is_(None),
        Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role.in_(STAFF_ROLES))),
    )
    if session.scalars(works).first() is None:
        raise NoStaff
    if session.scalars(select(Interpreter.id).where(Interpreter.person_id == person_id)).first():
        raise KnownAlready


def _write(row: Interpreter, facts: Facts) -> None:
    if row.person_id is None:
        row.name = facts.name
    row.phone, row.agency, row.dialects = facts.phone, facts.agency, facts.dialects
    row.gender, row.on_site, row.by_phone = facts.gender, facts.on_site, facts.by_phone


def _speak(session: Session, row: Interpreter, languages: Collection[str]) -> None:
    session.add_all(
        InterpreterLanguage(interpreter_id=row.id, language=code) for code in sorted(set(languages))
    )


def _noted(session: Session, asker: Asker, row: Interpreter) -> Interpreter:
    session.flush()
    note(session, asker, action="change", kind=KIND, subject=row.person_id, object_id=row.id)
    return row
