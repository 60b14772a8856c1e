"""Recording where a person is on the organisation's stairs; a correction strikes what was wrong, and adds."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.models import Enrolment
from portal.journal.service import note
from portal.organisation.queries import choices
from portal.plan import stair_rules
from portal.plan.models import StairMove
from portal.plan.service import FRESHLY_READ, NotFromHere, NotOpen, lock
from portal.web.asker import Asker
from portal.web.errors import Refused

KIND = "stair"


class WrongDay(Refused):
    """A day that has not been, or that lies before the enrolment: `problem` is "future" or "before"."""

    def __init__(self, problem: str) -> None:
        self.problem = problem


def move(
    session: Session,
    asker: Asker,
    *,
    person_id: UUID,
    move_id: UUID,
    code: str,
    on: date,
    words: str,
    now: datetime,
) -> None:
    """A person was on this step on this day. `move_id` is the form's: sent twice it is once.

    After the closing too, for that is when one asks again. Raises NoResultFound, `NotOpen` (never enrolled),
    `WrongDay`, ValueError (no such step).
    """
    enrolment = _locked(session, asker, person_id)
    if session.get(StairMove, move_id) is not None:
        return
    _add(session, asker, enrolment, move_id, code=code, on=on, words=words, now=now)


def correct(
    session: Session,
    asker: Asker,
    *,
    person_id: UUID,
    wrong_id: UUID,
    move_id: UUID,
    code: str,
    on: date,
    words: str,
    now: datetime,
) -> None:
    """Put a record right: the wrong one is struck and stays to be read, the right one names it.

    Twice is once. Raises `NotFromHere` when somebody else has corrected it, and as `move` does.
    """
    enrolment = _locked(session, asker, person_id)
    wrong = _one(session, enrolment, wrong_id)
    if session.get(StairMove, move_id) is not None:
        return
    if wrong.struck_at is not None:
        raise NotFromHere
    if (wrong.code, wrong.on, wrong.words) == (code, on, words):
        return
    _add(session, asker, enrolment, move_id, code=code, on=on, words=words, now=now, replaces=wrong)
    _strike(asker, wrong, now)
    session.flush()


def strike(session: Session, asker: Asker, *, person_id: UUID, move_id: UUID, now: datetime) -> None:
    """A record that should not be there is struck, to be read still. Twice is once. Raises NoResultFound."""
    enrolment = _locked(session, asker, person_id)
    wrong = _one(session, enrolment, move_id)
    if wrong.struck_at is None:
        _strike(asker, wrong, now)
        note(session, asker, action="change", kind="stair", subject=person_id, object_id=wrong.id)
        session.flush()


def _locked(session: Session, asker: Asker, person_id: UUID) -> Enrolment:
    scope.participant(session, asker, person_id, what="stair")
    enrolment = scope.current_enrolment(session, person_id)
    if enrolment is None:
        raise NotOpen
    lock(session, enrolment.id)
    return enrolment


def _one(session: Session, enrolment: Enrolment, move_id: UUID) -> StairMove:
    row = select(StairMove).where(StairMove.id == move_id, StairMove.enrolment_id == enrolment.id)
    found = session.scalars(row.execution_options(**FRESHLY_READ)).one_or_none()
    if found is None:
        raise NoResultFound
    return found


def _add(
    session: Session,
    asker: Asker,
    enrolment: Enrolment,
    move_id: UUID,
    *,
    code: str,
    on: date,
    words: str,
    now: datetime,
    replaces: StairMove | None = None,
) -> None:
    today = now.astimezone(asker.zone).date()
    problem = stair_rules.day_problem(on, today, enrolment.applied_on or enrolment.started_on)
    if problem:
        raise WrongDay(problem)
    standing = {one.code for one in choices(session, asker.organisation_id, KIND)}
    if code not in standing and (replaces is None or replaces.code != code):
        raise ValueError("code")
    row = StairMove(
        id=move_id,
        enrolment_id=enrolment.id,
        code=code,
        on=on,
        by_id=asker.person_id,
        recorded_at=now,
        replaces=replaces.id if replaces else None,
    )
    row.words = words
    session.add(row)
    note(session, asker, action="change", kind="stair", subject=enrolment.person_id, object_id=row.id)
    session.flush()


def _strike(asker: Asker, wrong: StairMove, now: datetime) -> None:
    wrong.struck_at, wrong.struck_by = now, asker.person_id
