"""What staff are to interpret, as their own calendar shows it: when, not with whom, where or in what."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_rules import CANCELLED, HELD
from portal.web.asker import Asker
from portal.web.ics import Stands


@dataclass(frozen=True, slots=True)
class Duty(Stands):
    """One meeting that the asker interprets at. `hidden`: of it time alone is told (S33)."""

    hidden: bool


def for_calendar(session: Session, asker: Asker, since: datetime, most: int) -> Sequence[Duty]:
    """What the asker is to interpret, from `since` on, what is off for as long, in order.

    Nobody's with protected identity (S37).
    """
    wanted = (
        select(
            InterpreterOrder.id,
            InterpreterOrder.revision,
            InterpreterOrder.starts_at,
            InterpreterOrder.ends_at,
            InterpreterOrder.changed_at,
            InterpreterOrder.state == CANCELLED,
            InterpreterOrder.hidden,
        )
        .join(Interpreter, Interpreter.id == InterpreterOrder.interpreter_id)
        .join(Person, Person.id == InterpreterOrder.person_id)
        .where(
            Interpreter.person_id == asker.person_id,
            InterpreterOrder.organisation_id == asker.organisation_id,
            Person.protected.is_(False),
            InterpreterOrder.starts_at >= since,
            or_(
                InterpreterOrder.state.in_(HELD),
                and_(InterpreterOrder.state == CANCELLED, InterpreterOrder.changed_at >= since),
            ),
        )
        .order_by(InterpreterOrder.starts_at, InterpreterOrder.id)
        .limit(most)
    )
    return [Duty(*row) for row in session.execute(wanted)]


def known(uids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Which of these are UIDs of orders, as a query. For the worker."""
    return select(InterpreterOrder.id).where(InterpreterOrder.id.in_(uids))
