"""What was answered after sessions of a group, for pages that show it of all together."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.feedback.models import CheckIn
from portal.instruments import queries as instruments
from portal.instruments.models import Response
from portal.instruments.scale_rules import GROUP


class Sent(NamedTuple):
    """One form: the total and each line in tenths, None where it has none."""

    total: int | None
    lines: tuple[int | None, ...]


def sent_about(session: Session, references: Collection[uuid.UUID]) -> dict[uuid.UUID, Sent]:
    """What was sent or typed about each of these parts; two queries. Scope is the caller's."""
    rows = session.execute(
        select(CheckIn.reference, CheckIn.response_id, Response.total)
        .join(Response, Response.id == CheckIn.response_id)
        .where(CheckIn.reference.in_(references), CheckIn.instrument == GROUP, Response.sent_at.is_not(None))
    ).all()
    keys = [line.key for line in instruments.current(GROUP).lines]
    given = instruments.given_in(session, [row.response_id for row in rows])
    found = {}
    for row in rows:
        lines = given.get(row.response_id, {})
        found[row.reference] = Sent(
            row.total, tuple(lines[key].tenths if key in lines else None for key in keys)
        )
    return found


def open_until(session: Session, references: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Until when what was begun about each of these parts can be answered. Scope is the caller's."""
    rows = session.execute(
        select(CheckIn.reference, CheckIn.closes_at).where(
            CheckIn.reference.in_(references), CheckIn.instrument == GROUP
        )
    )
    return {row.reference: row.closes_at for row in rows}
