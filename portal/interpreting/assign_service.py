"""Finding an interpreter for what is ordered, and what they say to it. Nothing here commits.

The caller has found the order for whoever asks. Every verb can be sent twice and acts once.
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.rules import Span
from portal.availability.service import release
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.interpreting import order_queries, order_service
from portal.interpreting.letter_rules import Mailed, again, rung_up
from portal.interpreting.order_models import Interpreter, InterpreterLanguage, InterpreterOrder
from portal.interpreting.order_rules import (
    ASKED,
    ASSIGN,
    ASSIGNED,
    CANCELLED,
    CONFIRM,
    CONFIRMED,
    DECLINED,
    FREE,
    HELD,
    UNDO_FOR,
    UNSAY,
    WITHDRAWN,
    Needed,
    after,
)
from portal.interpreting.rules import Talk
from portal.web.asker import Asker
from portal.web.errors import Refused


class ChangedSince(Refused):
    """The order stands otherwise by now: somebody else has found an interpreter, or it is cancelled."""


class Over(Refused):
    """The meeting has been."""


class CannotInterpret(Refused):
    """Who was chosen interprets no longer, or not this language."""


def assign(
    session: Session, asker: Asker, order_id: uuid.UUID, interpreter_id: uuid.UUID, now: datetime
) -> InterpreterOrder:
    """This interpreter is to come; their time is held.

    Raises Taken (they are occupied then), ChangedSince, Over, CannotInterpret, and NoResultFound for somebody
    of another organisation.
    """
    who = _interpreter(session, asker, interpreter_id)
    row = _locked(session, asker, order_id, now, who)
    session.refresh(who, with_for_update=True)
    if row.state in HELD and row.interpreter_id == who.id:
        return row
    if row.state != ASKED:
        raise ChangedSince
    if not order_queries.interprets_still(session, who) or not _speaks(session, who, row.language):
        raise CannotInterpret
    order_service.hold(session, who, row, Span(row.starts_at, row.ends_at))
    row.interpreter_id = who.id
    order_service.becomes(row, after(row.state, ASSIGN), now)
    row.assigned_at = now
    return order_service.noted(session, asker, row)


def assign_agency(
    session: Session, asker: Asker, order_id: uuid.UUID, agency: str, reference: str, now: datetime
) -> InterpreterOrder:
    """The agency sends somebody, who has no name here and whose time nobody holds; or other words of that.

    Raises ChangedSince, Over.
    """
    row = _locked(session, asker, order_id, now)
    if row.state != ASKED and not (row.is_held and row.by_agency):
        raise ChangedSince
    if row.is_held and (row.agency, row.reference) == (agency, reference):
        return row
    row.by_agency, row.agency, row.reference = True, agency, reference
    if row.state == ASKED:
        row.assigned_at = now
        row.letter_said = rung_up(Mailed.of(row.letter_said)).kept
    order_service.becomes(row, after(row.state, ASSIGN) or row.state, now)
    return order_service.noted(session, asker, row)


def confirm(session: Session, asker: Asker, order_id: uuid.UUID, now: datetime) -> InterpreterOrder:
    """The interpreter has said yes to this time. Raises ChangedSince, Over."""
    row = _locked(session, asker, order_id, now)
    if row.state == CONFIRMED:
        return row
    _step(row, CONFIRM, now)
    row.confirmed_at = now
    return order_service.noted(session, asker, row)


def unsay(session: Session, asker: Asker, order_id: uuid.UUID, now: datetime) -> InterpreterOrder:
    """They have not said yes after all. Raises ChangedSince, Over."""
    row = _locked(session, asker, order_id, now)
    if row.state == ASSIGNED:
        return row
    row.confirmed_at = None
    _step(row, UNSAY, now)
    return order_service.noted(session, asker, row)


def decline(session: Session, asker: Asker, order_id: uuid.UUID, now: datetime) -> InterpreterOrder:
    """The interpreter cannot come: another is asked for, and there is nobody to tell.

    Raises ChangedSince, Over.
    """
    row = _held(session, asker, order_id, now)
    fresh = order_service.instead_of(session, asker, row, _as_it_is(row), DECLINED, now)
    row.told_at = now
    session.flush()
    return fresh


def let_go(session: Session, asker: Asker, order_id: uuid.UUID, now: datetime) -> InterpreterOrder:
    """Staff want another interpreter. Soon after a slip it is as if they had not been chosen.

    Later another is asked for, and the first is to be told. Raises ChangedSince, Over.
    """
    row = _held(session, asker, order_id, now)
    slip = row.state == ASSIGNED and row.assigned_at is not None and now <= row.assigned_at + UNDO_FOR
    if not slip:
        return order_service.instead_of(session, asker, row, _as_it_is(row), WITHDRAWN, now)
    release(session, order_queries.CAUSE, row.meeting_id)
    row.interpreter_id, row.by_agency, row.agency, row.reference = None, False, "", ""
    row.assigned_at = None
    _step(row, FREE, now)
    return order_service.noted(session, asker, row)


def tell(
    session: Session, asker: Asker, order_id: uuid.UUID, now: datetime, *, told: bool
) -> InterpreterOrder:
    """Who was to come has been told that they are not, or has not after all. Raises ChangedSince."""
    row = _row(session, order_id)
    if row.state != CANCELLED or not (row.interpreter_id or row.by_agency or row.letter_said):
        raise ChangedSince
    if (row.told_at is not None) != told:
        row.told_at = now if told else None
        order_service.noted(session, asker, row)
    return row


def name_again(session: Session, asker: Asker, order_id: uuid.UUID, now: datetime) -> InterpreterOrder:
    """The agency has not had the last e-mail: the next one says what it said.

    Raises ChangedSince, Over; ChangedSince too where no e-mail names it (S33, S37).
    """
    row = _locked(session, asker, order_id, now)
    mailed = Mailed.of(row.letter_said)
    if row.state != ASKED or not mailed.last.kind or row.hidden:
        raise ChangedSince
    if session.get_one(Person, row.person_id).protected:
        raise ChangedSince
    row.letter_said = again(mailed).kept
    return order_service.noted(session, asker, row)


def _interpreter(session: Session, asker: Asker, interpreter_id: uuid.UUID) -> Interpreter:
    return session.scalars(
        select(Interpreter).where(
            Interpreter.id == interpreter_id, Interpreter.organisation_id == asker.organisation_id
        )
    ).one()


def _speaks(session: Session, who: Interpreter, language: str) -> bool:
    found = select(InterpreterLanguage.id).where(
        InterpreterLanguage.interpreter_id == who.id, InterpreterLanguage.language == language
    )
    return session.scalars(found).first() is not None


def _row(session: Session, order_id: uuid.UUID) -> InterpreterOrder:
    return session.scalars(
        select(InterpreterOrder)
        .where(InterpreterOrder.id == order_id)
        .execution_options(populate_existing=True)
        .with_for_update()
    ).one()


def _locked(
    session: Session, asker: Asker, order_id: uuid.UUID, now: datetime, who: Interpreter | None = None
) -> InterpreterOrder:
    """The order as it stands once nobody else decides about its meeting, or about staff who interpret."""
    known = session.scalars(select(InterpreterOrder).where(InterpreterOrder.id == order_id)).one()
    staff = {who.person_id} if who and who.person_id else set()
    staff |= set(order_queries.staff_held(session, known.meeting_id))
    lock_people(session, {known.person_id} | staff)
    row = _row(session, order_id)
    if row.state == CANCELLED:
        raise ChangedSince
    if row.ends_at <= now:
        raise Over
    return row


def _held(session: Session, asker: Asker, order_id: uuid.UUID, now: datetime) -> InterpreterOrder:
    row = _locked(session, asker, order_id, now)
    if not row.is_held:
        raise ChangedSince
    return row


def _step(row: InterpreterOrder, act: str, now: datetime) -> None:
    state = after(row.state, act)
    if not state:
        raise ChangedSince
    order_service.becomes(row, state, now)


def _as_it_is(row: InterpreterOrder) -> Needed:
    """The meeting as the order knows it: nothing of it has changed."""
    talk = Talk(row.meeting_id, row.person_id, row.starts_at, row.ends_at)
    return Needed(talk, row.language, "", row.hidden)
