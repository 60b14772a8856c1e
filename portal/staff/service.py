"""Handling what needs attention, taking that back, and remembering what was copied."""

import contextlib
import uuid
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.conversation import service as conversation
from portal.identity import scope
from portal.identity.service import lock_people
from portal.journal.service import note as journal
from portal.plan import help_service
from portal.plan.service import NotFromHere
from portal.staff import rules
from portal.staff.models import Attention, CopyMark
from portal.web.asker import Asker
from portal.web.errors import Refused

# What a tap on the list says to the participant who asked; "later" leaves the question open.
ANSWERS = {rules.CALLED: "talked", rules.BOOKED: "booked", rules.NOT_NEEDED: "not_needed"}


class Settled(Refused):
    """Nothing that the page spoke of is open any more, and the asker has not settled it so."""


@dataclass(frozen=True)
class Handling:
    """What the coach did about these causes of one participant; "later" has days, and a note.

    `keys` are what is open still of what the page spoke of, `seen`.
    """

    person_id: uuid.UUID
    keys: tuple[str, ...]
    outcome: str
    days: int = 1
    note: str = ""
    seen: tuple[str, ...] = ()


def handle(session: Session, asker: Asker, done: Handling, now: datetime) -> None:
    """Record how causes were handled. A second tap changes nothing, and what a colleague has done stands.

    Raises NoResultFound when the asker may not read the participant, and Settled.
    """
    scope.participant(session, asker, done.person_id, what="attention")
    lock_people(session, (done.person_id,))
    marks = _marks(session, done)
    keys = [key for key in done.keys if rules.may_settle(key, done.outcome)]
    mine = [key for key in keys if _may_mark(session, marks.get(key), asker, now)]
    if not mine and not any(_says(row, asker, done) for row in marks.values()):
        raise Settled
    until = _until(asker, done.days, now) if done.outcome == rules.LATER else None
    for key in mine:
        row = marks.get(key) or Attention(person_id=done.person_id, key=key, kind=key.partition(":")[0])
        session.add(row)
        row.outcome, row.until, row.note = done.outcome, until, done.note
        row.handled_by, row.handled_at = asker.person_id, now
        session.flush()
        _answer(session, asker, row, now)
    journal(session, asker, action="change", kind="attention", subject=done.person_id)


def _marks(session: Session, done: Handling) -> dict[str, Attention]:
    rows = select(Attention).where(
        Attention.person_id == done.person_id, Attention.key.in_({*done.keys, *done.seen})
    )
    return {row.key: row for row in session.scalars(rows.execution_options(populate_existing=True))}


def _may_mark(session: Session, row: Attention | None, asker: Asker, now: datetime) -> bool:
    """Whether nothing stands there that still holds; one's own "later" may become something else."""
    if row is None or (row.handled_by == asker.person_id and row.outcome == rules.LATER):
        return True
    if row.kind in rules.ASKS and row.outcome != rules.LATER:
        return _is_open(session, row)
    return row.until is not None and row.until <= now


def _says(row: Attention, asker: Asker, done: Handling) -> bool:
    return (row.handled_by, row.outcome, row.note) == (asker.person_id, done.outcome, done.note)


def take_back(session: Session, asker: Asker, person_id: uuid.UUID, at: datetime, now: datetime) -> None:
    """Open again what the asker handled `at` that moment of today, no more. Twice is once.

    What a colleague has done about it since stands.
    """
    scope.participant(session, asker, person_id, what="attention")
    lock_people(session, (person_id,))
    since = datetime.combine(now.astimezone(asker.zone).date(), time(), asker.zone)
    for row in session.scalars(
        select(Attention).where(
            Attention.person_id == person_id,
            Attention.handled_by == asker.person_id,
            Attention.handled_at == at,
            Attention.handled_at >= since,
        )
    ):
        session.delete(row)
        if row.kind == rules.HELP and row.outcome in ANSWERS:
            help_service.reopen_help(
                session, asker, person_id=person_id, request_id=_request_of(row), answered_at=at, now=now
            )
        if row.kind == rules.MESSAGE and row.outcome in ANSWERS:
            conversation.reopen(session, asker, person_id, _request_of(row), at, now)
    session.flush()
    journal(session, asker, action="change", kind="attention", subject=person_id)


def mark_copied(session: Session, asker: Asker, person_id: uuid.UUID, upto: datetime) -> None:
    """Remember that everything up to this moment has been copied; never moves back."""
    scope.participant(session, asker, person_id, what="copy")
    lock_people(session, (person_id,))
    mark = session.get(CopyMark, (asker.person_id, person_id))
    if mark is None:
        session.add(CopyMark(staff_id=asker.person_id, person_id=person_id, copied_at=upto))
    else:
        mark.copied_at = max(mark.copied_at, upto)
    session.flush()
    journal(session, asker, action="export", kind="copy", subject=person_id)


def _answer(session: Session, asker: Asker, row: Attention, now: datetime) -> None:
    """A question that was handled is answered: the participant reads what came of it.

    Somebody may have answered it on its own page meanwhile: that answer stands.
    """
    if row.kind == rules.HELP and row.outcome in ANSWERS:
        with contextlib.suppress(NotFromHere):
            help_service.close_help(
                session,
                asker,
                person_id=row.person_id,
                request_id=_request_of(row),
                outcome=ANSWERS[row.outcome],
                words="",
                now=now,
            )
    if row.kind == rules.MESSAGE and row.outcome in ANSWERS:
        with contextlib.suppress(conversation.Otherwise):
            conversation.close(session, asker, row.person_id, _request_of(row), row.outcome, now)


def _is_open(session: Session, row: Attention) -> bool:
    """Whether a question that was handled here waits again, for it was opened on its own page."""
    still = help_service.is_open if row.kind == rules.HELP else conversation.is_open
    return still(session, _request_of(row))


def _request_of(row: Attention) -> uuid.UUID:
    return uuid.UUID(row.key.partition(":")[2])


def _until(asker: Asker, days: int, now: datetime) -> datetime:
    day = rules.later(now.astimezone(asker.zone).date(), days)
    return datetime.combine(day, time(rules.MORNING_HOUR), asker.zone)
