"""Reading where people are on the organisation's stairs. Who asks comes first.

For reports: `courses(session, enrolments)` gives the records of every enrolment that the caller's own query
may count, without a name; with the order of the organisation's stairs the rules `stair_rules.moved_up` and
`still_there` answer per enrolment ("at least one step", "as high or higher after 6 or 18 months").
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from portal.crypto import open_sealed
from portal.identity import scope
from portal.identity.models import Enrolment, Person
from portal.journal.service import note
from portal.organisation.models import Choice
from portal.organisation.queries import rules_of
from portal.plan import stair_rules
from portal.plan.models import StairMove
from portal.plan.rows import first_name
from portal.plan.stair_service import KIND
from portal.web.asker import Asker

Striker = aliased(Person)


@dataclass(frozen=True, slots=True)
class StairStep:
    """One step of the stairs, in the reader's language. `retired`: nobody is put there any more."""

    code: str
    name: str
    retired: bool


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One record. `before` is the step that held until then, "" for the first; of a struck one it is ""."""

    id: UUID
    code: str
    on: date
    words: str
    by: str
    recorded_at: datetime
    struck: bool
    struck_by: str
    replaces: UUID | None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: the step's name, its number of `total` (0: it has left the stairs), since when."""

    name: str
    number: int
    total: int
    since: date


@dataclass(frozen=True, slots=True)
class Stair:
    """A person's way on the stairs: every record, the latest day first, struck ones too."""

    steps: tuple[StairStep, ...]
    moves: tuple[MoveRow, ...]
    place: Place | None

    def name(self, code: str) -> str:
        """What a step is called, the code itself when nobody knows it."""
        return next((step.name for step in self.steps if step.code == code), code)


@dataclass(frozen=True, slots=True)
class Course:
    """The records of one enrolment, for reports: nobody's name, nobody's words."""

    enrolment_id: UUID
    closed_on: date | None
    records: tuple[MoveRow, ...]


def own_place(session: Session, asker: Asker) -> Place | None:
    """Where the asker is on the stairs; None when the organisation does not show it, or nobody has said."""
    if not rules_of(session, asker).stair_shown:
        return None
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    return _place(session, asker, asker.person_id)


def persons_place(session: Session, asker: Asker, person: Person) -> Place | None:
    """Where a participant is, for staff. The caller has found the person within the asker's scope."""
    return _place(session, asker, person.id)


def persons_stair(session: Session, asker: Asker, person_id: UUID) -> Stair:
    """A participant's way on the stairs in their present enrolment, for staff. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="stair")
    steps = _steps(session, asker)
    current = scope.current_of(person_id).with_only_columns(Enrolment.id).scalar_subquery()
    rows = [_row(row) for row in session.execute(_moves().where(StairMove.enrolment_id == current))]
    held = stair_rules.lasting(rows)
    before = {one.id: climb.before for one, climb in zip(held, stair_rules.climbs(rows), strict=True)}
    shown = sorted(rows, key=lambda one: (one.on, one.recorded_at), reverse=True)
    place = _place_of(steps, held[-1].code, _since(held)) if held else None
    return Stair(steps, tuple(_with(one, before.get(one.id, "")) for one in shown), place)


def courses(session: Session, enrolments: Select[Any]) -> tuple[Course, ...]:
    """The records of the enrolments whose ids this query selects; those without a record are there too.

    For figures: the caller's query decides whom the asker may count, and protected people are not in it.
    """
    rows = session.execute(
        select(Enrolment.id.label("of"), Enrolment.closed_on, *StairMove.__table__.c)
        .outerjoin(StairMove, StairMove.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolments))
    ).all()
    found: dict[UUID, list[MoveRow]] = {row.of: [] for row in rows}
    for row in rows:
        if row.id is not None:
            found[row.of].append(_record(row))
    closed = {row.of: row.closed_on for row in rows}
    return tuple(Course(of, closed[of], tuple(records)) for of, records in found.items())


def _place(session: Session, asker: Asker, person_id: UUID) -> Place | None:
    """One query: the stairs, with the records of the present enrolment beside each step."""
    current = scope.current_of(person_id).with_only_columns(Enrolment.id).scalar_subquery()
    rows = session.execute(
        select(Choice.code, Choice.words, Choice.retired, StairMove.on, StairMove.recorded_at)
        .outerjoin(
            StairMove,
            (StairMove.code == Choice.code)
            & (StairMove.enrolment_id == current)
            & StairMove.struck_at.is_(None),
        )
        .where(Choice.organisation_id == asker.organisation_id, Choice.kind == KIND)
        .order_by(Choice.position, Choice.code)
    ).all()
    steps = {row.code: StairStep(row.code, _said(row.words, asker.language), row.retired) for row in rows}
    held = sorted((row for row in rows if row.on is not None), key=lambda row: (row.on, row.recorded_at))
    if not held:
        return None
    return _place_of(tuple(steps.values()), held[-1].code, _since(held))


def _since(held: Sequence[Any]) -> date:
    """The day from which the last step has held without a break."""
    since: date = held[-1].on
    for one in reversed(held):
        if one.code != held[-1].code:
            break
        since = one.on
    return since


def _place_of(steps: Sequence[StairStep], code: str, since: date) -> Place:
    standing = [step.code for step in steps if not step.retired]
    name = next((step.name for step in steps if step.code == code), code)
    return Place(name, stair_rules.level(standing, code), len(standing), since)


def _steps(session: Session, asker: Asker) -> tuple[StairStep, ...]:
    rows = select(Choice).where(Choice.organisation_id == asker.organisation_id, Choice.kind == KIND)
    found = session.scalars(rows.order_by(Choice.position, Choice.code))
    return tuple(StairStep(one.code, one.label(asker.language), one.retired) for one in found)


def _said(words: dict[str, str], language: str) -> str:
    return words.get(language) or words["sv"]


def _moves() -> Select[Any]:
    return (
        select(
            *StairMove.__table__.c,
            Person.name_sealed,
            Striker.name_sealed.label("striker_sealed"),
        )
        .join(Person, Person.id == StairMove.by_id)
        .outerjoin(Striker, Striker.id == StairMove.struck_by)
    )


def _record(row: Row[Any]) -> MoveRow:
    """A record without a name and without words."""
    return MoveRow(
        id=row.id,
        code=row.code,
        on=row.on,
        words="",
        by="",
        recorded_at=row.recorded_at,
        struck=row.struck_at is not None,
        struck_by="",
        replaces=row.replaces,
    )


def _row(row: Row[Any]) -> MoveRow:
    return MoveRow(
        id=row.id,
        code=row.code,
        on=row.on,
        words=open_sealed("stair_move", "words_sealed", row.id, row.words_sealed),
        by=first_name(row.by_id, row.name_sealed),
        recorded_at=row.recorded_at,
        struck=row.struck_at is not None,
        struck_by=first_name(row.struck_by, row.striker_sealed),
        replaces=row.replaces,
    )


def _with(one: MoveRow, before: str) -> MoveRow:
    return replace(one, before=before)
