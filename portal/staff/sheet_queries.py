"""The attendance of all participants of a coach or lead in one month: what lacks, and the sheets together."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.attendance.sheet_rules import Line, Sheet, in_order
from portal.booking import sheet_queries as meetings
from portal.groups import sheet_queries as groups
from portal.identity.models import Enrolment, Person, name_of
from portal.identity.people import rules as people
from portal.identity.scope import is_present
from portal.journal.service import note
from portal.web.asker import Asker

COACH = aliased(Person)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One participant's month. `coach`: whose participant it is by whole name, "" for the asker's own."""

    person_id: uuid.UUID
    sheet: Sheet
    coach: str

    @property
    def notes(self) -> Sequence[Line]:
        """What staff have not noted."""
        return [line for line in self.sheet.lines if line.lacks_note]

    @property
    def signatures(self) -> Sequence[Line]:
        """What the participant has not signed."""
        return [line for line in self.sheet.lines if line.lacks_signature]


@dataclass(frozen=True, slots=True)
class Overview:
    """A month's list. `total`: how many met somebody or were to; `lacking`: of how many something lacks."""

    month: date
    total: int
    lacking: int
    page: people.Page[SheetRow]


def overview(
    session: Session, asker: Asker, month: date, now: datetime, *, everybody: bool, number: int = 1
) -> Overview:
    """Those of whom something lacks first, then by name; without `everybody` those alone.

    Nobody with protected identity (S37). Whoever is on the page has been read (S42).
    """
    rows = _rows(session, asker, month, now)
    lacking = [row for row in rows if row.sheet.lacking]
    complete = [row for row in rows if not row.sheet.lacking]
    page = people.page([*lacking, *complete] if everybody else lacking, number)
    _note(session, asker, "read", [row.person_id for row in page.items])
    return Overview(month, len(rows), len(lacking), page)


def taken_out(session: Session, asker: Asker, month: date, now: datetime) -> Sequence[Sheet]:
    """What can be told of each sheet, by name; each of whom there is something has it noted (S33, S42)."""
    told = [(row.person_id, row.sheet.told) for row in _rows(session, asker, month, now)]
    found = [(person_id, sheet) for person_id, sheet in told if sheet.lines]
    _note(session, asker, "export", [person_id for person_id, _sheet in found])
    return [sheet for _person_id, sheet in found]


def _rows(session: Session, asker: Asker, month: date, now: datetime) -> Sequence[SheetRow]:
    """Whoever has a line, by name; the number of questions is the same however many they are."""
    met = meetings.months_of(session, asker, month, now)
    sat = groups.months_of(session, asker, month, now)
    asked = (
        select(Person.id, Person.name_sealed, Enrolment.coach_id, COACH.name_sealed.label("coach_sealed"))
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(COACH, COACH.id == Enrolment.coach_id)
        .where(Person.id.in_(met.keys() | sat.keys()), is_present())
    )
    found: dict[uuid.UUID, SheetRow] = {}
    for row in session.execute(asked):
        lines = in_order(met.get(row.id, ()), sat.get(row.id, ()))
        elsewhere = row.coach_id not in (None, asker.person_id)
        coach = name_of(row.coach_id, row.coach_sealed) if elsewhere else ""
        found[row.id] = SheetRow(row.id, Sheet(name_of(row.id, row.name_sealed), month, lines), coach)
    return sorted(found.values(), key=_place)


def _place(row: SheetRow) -> tuple[str, str]:
    return people.sort_key(row.sheet.name), str(row.person_id)


def _note(session: Session, asker: Asker, action: str, shown: Sequence[uuid.UUID]) -> None:
    for person_id in shown:
        note(session, asker, action=action, kind="attendance", subject=person_id)
