"""Interpreters who can be ordered, for tests."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.interpreting import assign_service, register_service
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.register_service import Facts
from portal.web.asker import Asker


def outside(
    session: Session,
    asker: Asker,
    now: datetime,
    *languages: str,
    name: str = "Samir Haddad",
    gender: str = "",
) -> Interpreter:
    """A named interpreter from outside, at places and by phone."""
    facts = Facts(languages or ("ar",), True, True, name=name, phone="+46701740699", gender=gender)
    return register_service.add(session, asker, facts, now)


def of_staff(session: Session, asker: Asker, person_id: UUID, now: datetime, *languages: str) -> Interpreter:
    """A member of staff who interprets as well."""
    facts = Facts(languages or ("ar",), True, True)
    return register_service.add(session, asker, facts, now, person_id=person_id)


def ordered(
    session: Session, coach: Asker, soon: object, later: object, interprets: Person | None, now: datetime
) -> dict[str, object]:
    """The orders of two meetings: one that is asked for, one that is off, and one somebody of staff has."""
    samir = outside(session, coach, now, name=f"Samir {coach.organisation_id}")
    second = cast(UUID, later)
    assign_service.assign(session, coach, order_of(session, second).id, samir.id, now)
    later_now = now + timedelta(minutes=30)
    fresh = assign_service.let_go(session, coach, order_of(session, second).id, later_now)
    off = next(row for row in orders_of(session, second) if row.state == "cancelled")
    who = of_staff(session, coach, interprets.id, now) if interprets else samir
    assign_service.assign(session, coach, fresh.id, who.id, now)
    asked = order_of(session, cast(UUID, soon))
    return {"order": asked.id, "off_order": off.id, "interpreter": samir.id, "duty": fresh.id}


def orders_of(session: Session, meeting_id: UUID) -> list[InterpreterOrder]:
    """Every order of a meeting, the first one first."""
    wanted = select(InterpreterOrder).where(InterpreterOrder.meeting_id == meeting_id)
    rows = session.scalars(wanted.order_by(InterpreterOrder.made_at)).all()
    return sorted(rows, key=lambda row: (row.state != "cancelled", row.made_at))


def order_of(session: Session, meeting_id: UUID) -> InterpreterOrder:
    """The open order of a meeting."""
    return next(row for row in orders_of(session, meeting_id) if row.state != "cancelled")
