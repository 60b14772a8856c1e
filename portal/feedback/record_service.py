"""The numbers of a licensed paper form, typed by staff: stored once, undone soon, corrected with a trail."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.feedback.models import CheckIn, Correction, ScaleReading
from portal.feedback.service import reading_of
from portal.identity import scope
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.instruments import queries as instruments
from portal.instruments import rules as scoring
from portal.instruments import service as responses
from portal.instruments.models import Response, ResponseLine
from portal.journal.service import note
from portal.languages import language
from portal.web.asker import Asker
from portal.web.errors import Refused

UNDO = timedelta(minutes=15)
"""As long as a slip of the finger is noticed; later it is a correction, which leaves a trail."""

MOMENT = timedelta(minutes=1)

Place = tuple[datetime, datetime, uuid.UUID]
"""Where a form stands among the others: when it was filled in, when it was typed, its id."""

NOT_YET = uuid.UUID(int=2**128 - 1)
"""The id of a form that is not there yet: after all others of its moment."""


class AlreadyThere(Refused):
    """The scale has been answered about this meeting; `check_in_id` names it."""

    def __init__(self, check_in_id: uuid.UUID) -> None:
        self.check_in_id = check_in_id


class AnotherFirst(Refused):
    """All would be judged by the total of another form: by that of `becomes` instead of that of `was`."""

    def __init__(self, was: datetime, becomes: datetime) -> None:
        self.was, self.becomes = was, becomes


class TooLate(Refused):
    """It stands since too long, was typed by somebody else, or has been corrected: it is not undone."""


@dataclass(frozen=True)
class Paper:
    """What stood on a paper form: tenths line by line (None: the line is empty), about what, and when.

    `reference` is the meeting's id, or the form's own where there was none; so twice is once.
    `becomes_first`: somebody has said that it may come before the first one there is.
    """

    person_id: uuid.UUID
    scale: str
    values: tuple[int | None, ...]
    reference: uuid.UUID
    at: datetime
    becomes_first: bool = False


def hold(session: Session, asker: Asker, person_id: uuid.UUID) -> Person:
    """The participant, about whose forms this transaction alone decides: what is read after it stands.

    Raises NoResultFound outside the asker's scope.
    """
    person = scope.participant(session, asker, person_id, what="answers")
    lock_people(session, (person.id,))
    return person


def record(session: Session, asker: Asker, paper: Paper, now: datetime) -> uuid.UUID:
    """Keep the numbers; gives the check-in. The same again from the same person is stored once.

    What the participant has begun on a phone and not sent gives way. Raises NoResultFound outside the
    asker's scope, AlreadyThere and AnotherFirst.
    """
    person = hold(session, asker, paper.person_id)
    standing = _standing(session, paper)
    if standing is not None and _same(session, standing, paper):
        return standing.id
    if not paper.becomes_first:
        place = paper.at, now, NOT_YET
        _must_keep_first(session, paper.person_id, paper.scale, place, summed=None not in paper.values)
    if standing is not None:
        _give_way(session, standing)
    return _insert(session, asker, person, paper, now)


def _standing(session: Session, paper: Paper) -> CheckIn | None:
    return session.scalars(
        select(CheckIn).where(
            CheckIn.person_id == paper.person_id,
            CheckIn.reference == paper.reference,
            CheckIn.instrument == paper.scale,
        )
    ).one_or_none()


def _same(session: Session, standing: CheckIn, paper: Paper) -> bool:
    reading = session.get(ScaleReading, standing.id)
    if reading is None or reading.recorded_by is None:
        return False
    given = instruments.given(session, standing.response_id)
    lines = instruments.current(paper.scale).lines
    return tuple(given[line.key].tenths for line in lines) == paper.values


def _must_keep_first(
    session: Session, person_id: uuid.UUID, scale: str, place: Place, *, summed: bool
) -> None:
    """Refuse when another form is the first, once the one in this place is `summed` or is not any more."""
    rows = session.execute(
        select(Response.sent_at, CheckIn.begun_at, CheckIn.id)
        .join(CheckIn, CheckIn.response_id == Response.id)
        .where(
            CheckIn.person_id == person_id,
            CheckIn.instrument == scale,
            Response.sent_at.is_not(None),
            Response.total.is_not(None),
        )
    )
    before = {(row.sent_at, row.begun_at, row.id) for row in rows}
    after = before | {place} if summed else before - {place}
    if before and after and min(before) != min(after):
        raise AnotherFirst(min(before)[0], min(after)[0])


def _give_way(session: Session, standing: CheckIn) -> None:
    """Whoever sends from a phone holds the response and not the person: held too, then looked at."""
    if responses.hold(session, standing.response_id).sent_at is not None:
        raise AlreadyThere(standing.id)
    _delete(session, standing)


def _insert(session: Session, asker: Asker, person: Person, paper: Paper, now: datetime) -> uuid.UUID:
    scale, spoken = instruments.current(paper.scale), language(person.language)
    values = dict(zip((line.key for line in scale.lines), paper.values, strict=True))
    shown = {"language": spoken.code, "direction": spoken.dir}
    response = Response(
        instrument=scale.key,
        version=scale.version,
        submission_key=uuid.uuid4(),
        sent_at=paper.at,
        total=scoring.total(scale, values),
        **shown,
    )
    session.add(response)
    session.flush()
    for key, tenths in values.items():
        row = ResponseLine(response_id=response.id, line=key, tenths=tenths, session_id=asker.session_id)
        row.language, row.direction = spoken.code, spoken.dir
        session.add(row)
    check_in = CheckIn(
        person_id=person.id,
        reference=paper.reference,
        instrument=scale.key,
        response_id=response.id,
        opens_at=paper.at,
        closes_at=paper.at + MOMENT,
        begun_at=now,
    )
    session.add(check_in)
    session.flush()
    reading = reading_of(session, asker, person.id, scale.key, recorded_by=asker.person_id)
    reading.check_in_id = check_in.id
    session.add(reading)
    session.flush()
    note(session, asker, action="change", kind="answers", subject=person.id, object_id=check_in.id)
    return check_in.id


def undo(session: Session, asker: Asker, person_id: uuid.UUID, check_in_id: uuid.UUID, now: datetime) -> None:
    """Take back what the asker typed a moment ago, as if it had not been. Raises NoResultFound, TooLate."""
    hold(session, asker, person_id)
    check_in, reading = typed(session, asker, person_id, check_in_id)
    if not may_undo(check_in, reading, asker, now) or corrected(session, check_in_id):
        raise TooLate
    _delete(session, check_in)
    note(session, asker, action="change", kind="answers", subject=person_id, object_id=check_in_id)


def may_undo(check_in: CheckIn, reading: ScaleReading, asker: Asker, now: datetime) -> bool:
    """Whether the asker typed it, and only just."""
    return reading.recorded_by == asker.person_id and now - check_in.begun_at <= UNDO


def correct(
    session: Session,
    asker: Asker,
    person_id: uuid.UUID,
    check_in_id: uuid.UUID,
    values: Sequence[int | None],
    *,
    reason: str,
    now: datetime,
    moves_first: bool = False,
) -> int:
    """Let other numbers stand, the first score's too; both values are kept, who, when and why.

    `moves_first`: they have said that another form may be the first by it. Returns how many lines changed.
    Raises NoResultFound for anything that staff have not typed, and AnotherFirst.
    """
    hold(session, asker, person_id)
    check_in, _reading = typed(session, asker, person_id, check_in_id)
    response = responses.hold(session, check_in.response_id)
    if not moves_first:
        place = response.sent_at or check_in.opens_at, check_in.begun_at, check_in.id
        _must_keep_first(session, person_id, check_in.instrument, place, summed=None not in values)
    scale = instruments.current(check_in.instrument)
    stands = dict(zip((line.key for line in scale.lines), values, strict=True))
    response.total = scoring.total(scale, stands)
    changed = _mend(session, asker, check_in, stands, reason=reason, now=now)
    note(session, asker, action="change", kind="answers", subject=person_id, object_id=check_in_id)
    return changed


def _mend(
    session: Session,
    asker: Asker,
    check_in: CheckIn,
    stands: Mapping[str, int | None],
    *,
    reason: str,
    now: datetime,
) -> int:
    """Write each line that is another now, with its trail; gives how many."""
    others = [row for row in _lines(session, check_in.response_id) if row.tenths != stands[row.line]]
    for row in others:
        mended = Correction(
            check_in_id=check_in.id,
            line=row.line,
            old_tenths=row.tenths,
            new_tenths=stands[row.line],
            corrected_by=asker.person_id,
            corrected_at=now,
        )
        mended.reason = reason
        session.add(mended)
        row.tenths = stands[row.line]
    session.flush()
    return len(others)


def typed(
    session: Session, asker: Asker, person_id: uuid.UUID, check_in_id: uuid.UUID
) -> tuple[CheckIn, ScaleReading]:
    """What staff typed about a participant in the asker's scope. Raises NoResultFound for anything else."""
    scope.participant(session, asker, person_id, what="answers")
    found = session.execute(
        select(CheckIn, ScaleReading)
        .join(ScaleReading, ScaleReading.check_in_id == CheckIn.id)
        .where(
            CheckIn.id == check_in_id,
            CheckIn.person_id == person_id,
            ScaleReading.recorded_by.is_not(None),
        )
    ).one_or_none()
    if found is None:
        raise NoResultFound
    return found[0], found[1]


def corrected(session: Session, check_in_id: uuid.UUID) -> bool:
    """Whether anything of a check-in has been corrected."""
    return (
        session.scalars(select(Correction.id).where(Correction.check_in_id == check_in_id)).first()
        is not None
    )


def _lines(session: Session, response_id: uuid.UUID) -> Sequence[ResponseLine]:
    rows = select(ResponseLine).where(ResponseLine.response_id == response_id)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def _delete(session: Session, check_in: CheckIn) -> None:
    """A check-in with its answers; what stands on it goes along."""
    response_id = check_in.response_id
    session.execute(delete(ScaleReading).where(ScaleReading.check_in_id == check_in.id))
    session.execute(delete(CheckIn).where(CheckIn.id == check_in.id))
    session.execute(delete(ResponseLine).where(ResponseLine.response_id == response_id))
    session.execute(delete(Response).where(Response.id == response_id))
    session.expire_all()
