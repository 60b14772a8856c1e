"""What an agency was told of orders by e-mail is kept with them. Nothing here commits."""

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from portal.interpreting.letter_rules import Mailed
from portal.interpreting.order_models import InterpreterOrder


def keep(session: Session, letter_id: uuid.UUID, told: Iterable[tuple[InterpreterOrder, Mailed]]) -> None:
    """This e-mail tells this of these orders, which the caller holds."""
    for row, mailed in told:
        row.letter_id, row.letter_said = letter_id, mailed.kept
    session.flush()
