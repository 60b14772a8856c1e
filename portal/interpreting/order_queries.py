"""Reads about interpreters and orders. Whose orders somebody sees follows from whose meetings they see."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, false, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.identity.models import Person, name_of
from portal.identity.scope import participants_of, reaches
from portal.interpreting.order_models import (
    Interpreter,
    InterpreterLanguage,
    InterpreterOrder,
    InterpreterWish,
)
from portal.interpreting.order_rules import CANCELLED, HELD, MOVED, OrderWish, suits
from portal.journal.service import note
from portal.web.asker import Asker

KIND = "interpreter_order"
"""The kind of page and change, for the journal."""
CAUSE = "interpreter"
"""What an interpreter's time is held for. The cause's id is the meeting's, so that it moves as one."""
SUBJECT = func.coalesce(Interpreter.person_id, Interpreter.id)
# Made once: an alias anew for each question costs more than the question.
_WHOSE = aliased(Person)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who interprets, by name. `person_id` of staff; `languages` in no order."""

    id: uuid.UUID
    person_id: uuid.UUID | None
    name: str
    phone: str
    agency: str
    dialects: str
    gender: str
    on_site: bool
    by_phone: bool
    closed: bool
    languages: tuple[str, ...] = ()
    suits: bool = True


def open_order(session: Session, meeting_id: uuid.UUID) -> InterpreterOrder | None:
    """The order that stands for a meeting. The caller has checked the asker."""
    found = select(InterpreterOrder).where(
        InterpreterOrder.meeting_id == meeting_id, InterpreterOrder.state != CANCELLED
    )
    return session.scalars(found).one_or_none()


def latest_cancelled(
    session: Session, meeting_id: uuid.UUID, language: str, why: str
) -> InterpreterOrder | None:
    """The last order of a meeting that was cancelled for this reason."""
    return session.scalars(
        select(InterpreterOrder)
        .where(
            InterpreterOrder.meeting_id == meeting_id,
            InterpreterOrder.state == CANCELLED,
            InterpreterOrder.language == language,
            InterpreterOrder.why == why,
        )
        .order_by(InterpreterOrder.changed_at.desc())
        .limit(1)
    ).first()


def untold_moved(session: Session, meeting_id: uuid.UUID, language: str) -> Sequence[InterpreterOrder]:
    """Whose interpreters could not when the meeting moved, and have not been told; the last first."""
    wanted = select(InterpreterOrder).where(
        InterpreterOrder.meeting_id == meeting_id,
        InterpreterOrder.state == CANCELLED,
        InterpreterOrder.language == language,
        InterpreterOrder.why == MOVED,
        InterpreterOrder.told_at.is_(None),
        InterpreterOrder.interpreter_id.is_not(None),
    )
    return session.scalars(wanted.order_by(InterpreterOrder.changed_at.desc())).all()


def state_of(meeting_id: SQLColumnExpression[uuid.UUID]) -> ColumnElement[str]:
    """How the order of a meeting stands, "" where there is none; a part of another query."""
    stands = (
        select(InterpreterOrder.state)
        .where(InterpreterOrder.meeting_id == meeting_id, InterpreterOrder.state != CANCELLED)
        .scalar_subquery()
    )
    return func.coalesce(stands, "")


def held_interpreter(session: Session, meeting_id: uuid.UUID) -> Interpreter | None:
    """Who holds a time for this meeting; None where nobody is found, or an agency sends somebody."""
    return session.scalars(
        select(Interpreter)
        .join(InterpreterOrder, InterpreterOrder.interpreter_id == Interpreter.id)
        .where(InterpreterOrder.meeting_id == meeting_id, InterpreterOrder.state.in_(HELD))
    ).one_or_none()


def interprets_still(session: Session, who: Interpreter) -> bool:
    """Whether somebody can be asked at all: not closed, and of staff nobody who has left."""
    if who.closed_at is not None:
        return False
    if who.person_id is None:
        return True
    left = select(Person.id).where(Person.id == who.person_id, Person.disabled_at.is_not(None))
    return session.scalars(left).first() is None


def staff_held(session: Session, meeting_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """The member of staff who interprets at this meeting, if one does: they are held with its people."""
    found = held_interpreter(session, meeting_id)
    return (found.person_id,) if found and found.person_id else ()


def usual_wish(session: Session, person_id: uuid.UUID) -> OrderWish:
    """What a new order begins with: the person's own wish, else what was asked for them last time."""
    own = session.scalars(select(InterpreterWish).where(InterpreterWish.person_id == person_id)).first()
    if own is not None:
        return OrderWish(own.dialect, own.gender)
    last = session.scalars(
        select(InterpreterOrder)
        .where(InterpreterOrder.person_id == person_id, InterpreterOrder.hidden.is_(False))
        .order_by(InterpreterOrder.made_at.desc())
        .limit(1)
    ).first()
    return OrderWish(last.dialect, last.gender) if last else OrderWish()


def visible(asker: Asker) -> ColumnElement[bool]:
    """Which orders the asker finds in lists and files: nobody's with protected identity (S37).

    A coach or a lead: their participants'. An admin: every one that leaves a trace in the portal (S33).
    """
    own = InterpreterOrder.person_id.in_(participants_of(asker))
    open_ones = (
        exists()
        .where(_WHOSE.id == InterpreterOrder.person_id, _WHOSE.protected.is_(False))
        .correlate(InterpreterOrder)
    )
    as_admin = and_(InterpreterOrder.hidden.is_(False), open_ones) if "admin" in asker.roles else false()
    return and_(InterpreterOrder.organisation_id == asker.organisation_id, or_(own, as_admin))


def order_for(session: Session, asker: Asker, order_id: uuid.UUID) -> InterpreterOrder:
    """One order that the asker may decide about, as a named handler too. Raises NoResultFound."""
    row = session.scalars(
        select(InterpreterOrder).where(
            InterpreterOrder.id == order_id, InterpreterOrder.organisation_id == asker.organisation_id
        )
    ).one()
    listed = select(InterpreterOrder.id).where(InterpreterOrder.id == order_id, visible(asker))
    found = session.scalars(listed).first() is not None or reaches(session, asker, row.person_id)
    note(
        session,
        asker,
        action="read" if found else "refused",
        kind=KIND,
        subject=row.person_id,
        object_id=row.meeting_id,
    )
    if not found:
        raise NoResultFound
    return row


def own_orders(asker: Asker) -> Select[InterpreterOrder]:
    """The orders for which the asker is the interpreter."""
    return (
        select(InterpreterOrder)
        .join(Interpreter, Interpreter.id == InterpreterOrder.interpreter_id)
        .where(Interpreter.person_id == asker.person_id)
    )


def interprets_between(session: Session, person_id: uuid.UUID, start: datetime, end: datetime) -> list[Span]:
    """When a member of staff interprets between two instants, never for whom. The caller has checked them."""
    held = select(BusyTime.starts_at, BusyTime.ends_at).where(
        BusyTime.subject_id == person_id,
        BusyTime.cause_kind == CAUSE,
        BusyTime.starts_at < end,
        BusyTime.ends_at > start,
    )
    return [Span(row.starts_at, row.ends_at) for row in session.execute(held)]


def is_occupied(span: Span, meeting_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether an interpreter is occupied then, by anything but as the interpreter of this very meeting."""
    return (
        exists()
        .where(
            BusyTime.subject_id == SUBJECT,
            BusyTime.starts_at < span.end,
            BusyTime.ends_at > span.start,
            or_(BusyTime.cause_kind != CAUSE, BusyTime.cause_id != meeting_id),
        )
        .correlate(Interpreter)
    )


def free_for(session: Session, order: InterpreterOrder) -> list[Known]:
    """Who has the order's language, works that way and is free then; those who are as wished come first.

    One query, however many there are.
    """
    speaks = (
        exists()
        .where(
            InterpreterLanguage.interpreter_id == Interpreter.id,
            InterpreterLanguage.language == order.language,
        )
        .correlate(Interpreter)
    )
    able = Interpreter.on_site if order.way == "place" else Interpreter.by_phone
    rows = session.execute(
        _named()
        .where(
            Interpreter.organisation_id == order.organisation_id,
            Interpreter.closed_at.is_(None),
            able.is_(True),
            or_(Interpreter.person_id.is_(None), Person.disabled_at.is_(None)),
            speaks,
            ~is_occupied(Span(order.starts_at, order.ends_at), order.meeting_id),
        )
        .order_by(Interpreter.made_at)
    )
    found = [_known(row[0], row[1], order.gender) for row in rows]
    return sorted(found, key=lambda one: not one.suits)


def _named() -> Select[Interpreter, bytes | None]:
    return select(Interpreter, Person.name_sealed).outerjoin(Person, Person.id == Interpreter.person_id)


def _known(
    row: Interpreter, staff_name: bytes | None, wish: str = "none", languages: Sequence[str] = ()
) -> Known:
    return Known(
        id=row.id,
        person_id=row.person_id,
        name=name_of(row.person_id, staff_name) if row.person_id else row.name,
        phone=row.phone,
        agency=row.agency,
        dialects=row.dialects,
        gender=row.gender,
        on_site=row.on_site,
        by_phone=row.by_phone,
        closed=row.closed_at is not None,
        languages=tuple(languages),
        suits=suits(wish, row.gender),
    )


def named(session: Session, interpreter_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """These interpreters by name; one query. The caller has checked the asker."""
    rows = session.execute(_named().where(Interpreter.id.in_(interpreter_ids)))
    return {row[0].id: _known(row[0], row[1]) for row in rows}


def register(session: Session, asker: Asker) -> list[Known]:
    """Everybody of the organisation who interprets, those in use first, by name."""
    rows = session.execute(_named().where(Interpreter.organisation_id == asker.organisation_id)).all()
    spoken: dict[uuid.UUID, list[str]] = {}
    for one in session.scalars(
        select(InterpreterLanguage)
        .where(InterpreterLanguage.interpreter_id.in_([row[0].id for row in rows]))
        .order_by(InterpreterLanguage.language)
    ):
        spoken.setdefault(one.interpreter_id, []).append(one.language)
    found = [_known(row[0], row[1], languages=spoken.get(row[0].id, ())) for row in rows]
    return sorted(found, key=lambda one: (one.closed, one.name.casefold()))


def assigned_count(session: Session, interpreter_id: uuid.UUID, now: datetime) -> int:
    """For how many coming meetings somebody is to interpret. The caller has checked the asker."""
    held = select(func.count()).where(
        InterpreterOrder.interpreter_id == interpreter_id,
        InterpreterOrder.state.in_(HELD),
        InterpreterOrder.ends_at > now,
    )
    return session.scalar(held) or 0


def names_protected(session: Session, letter_id: uuid.UUID) -> bool:
    """Whether an e-mail to an agency names an order of somebody who has protected identity by now (S37)."""
    named = (
        select(InterpreterOrder.id)
        .join(Person, Person.id == InterpreterOrder.person_id)
        .where(InterpreterOrder.letter_id == letter_id, Person.protected.is_(True))
    )
    return session.scalars(named).first() is not None
