"""What an agency was told of orders by e-mail is kept with them. Nothing here commits."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.interpreting.letter_rules import OFF, Said
from portal.interpreting.order_models import InterpreterOrder
from portal.interpreting.order_rules import CANCELLED


def keep(
    session: Session, letter_id: uuid.UUID, told: Iterable[tuple[InterpreterOrder, Said]], now: datetime
) -> None:
    """This e-mail tells this of these orders, which the caller holds.

    Whoever was to come instead of the agency's does not know by it that an order is off.
    """
    for row, said in told:
        row.letter_id, row.letter_said = letter_id, said.kept
        if said.kind == OFF and row.state == CANCELLED and row.interpreter_id is None:
            row.told_at = now
    session.flush()
