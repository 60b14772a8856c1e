"""What staff have typed from paper and mended since: by whom, when and why."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.feedback.models import CheckIn, Correction, ScaleReading
from portal.feedback.record_service import corrected, may_undo, typed
from portal.identity.models import Person
from portal.instruments import queries as instruments
from portal.instruments.models import Response
from portal.instruments.pack_queries import labelled
from portal.instruments.rules import Instrument
from portal.web.asker import Asker


@dataclass(frozen=True)
class Mended:
    """One line that was corrected: both values in tenths (None: empty), who, when and why."""

    check_in_id: uuid.UUID
    line: str
    old: int | None
    new: int | None
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Typed:
    """What was typed from one paper form. `values` in tenths by line, in the scale's order."""

    check_in_id: uuid.UUID
    instrument: Instrument
    at: datetime
    values: tuple[int | None, ...]
    total: int | None
    by: str
    undoable: bool


def typed_one(
    session: Session, asker: Asker, person_id: uuid.UUID, check_in_id: uuid.UUID, now: datetime
) -> Typed:
    """One paper form of a participant in the asker's scope. Raises NoResultFound."""
    check_in, reading = typed(session, asker, person_id, check_in_id)
    response = session.get_one(Response, check_in.response_id)
    scale = worded(session, check_in.instrument, now.astimezone(asker.zone).date())
    given = instruments.given(session, check_in.response_id)
    by = session.get_one(Person, reading.recorded_by)
    return Typed(
        check_in_id=check_in.id,
        instrument=scale,
        at=response.sent_at or check_in.opens_at,
        values=tuple(given[line.key].tenths for line in scale.lines),
        total=response.total,
        by=by.short_name,
        undoable=may_undo(check_in, reading, asker, now) and not corrected(session, check_in.id),
    )


def worded(session: Session, key: str, today: date) -> Instrument:
    """A scale with its lines named, where a text pack names them today."""
    return labelled(session, [key], today).get(key) or instruments.current(key)


def mended(session: Session, check_ins: Collection[uuid.UUID]) -> list[Mended]:
    """What was corrected in these, the newest first. Scope is the caller's."""
    rows = session.execute(
        select(Correction, Person)
        .join(Person, Person.id == Correction.corrected_by)
        .where(Correction.check_in_id.in_(check_ins))
        .order_by(Correction.corrected_at.desc(), Correction.line)
    ).all()
    return [
        Mended(
            check_in_id=row.check_in_id,
            line=row.line,
            old=row.old_tenths,
            new=row.new_tenths,
            by=person.short_name,
            at=row.corrected_at,
            reason=row.reason,
        )
        for row, person in rows
    ]


def typists(session: Session, check_ins: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Who typed each of these from paper, by check-in. Scope is the caller's."""
    rows = session.execute(
        select(ScaleReading.check_in_id, Person)
        .join(Person, Person.id == ScaleReading.recorded_by)
        .join(CheckIn, CheckIn.id == ScaleReading.check_in_id)
        .where(ScaleReading.check_in_id.in_(check_ins))
    ).all()
    return {check_in_id: person.short_name for check_in_id, person in rows}
