"""Who came to a session: what staff note, and what each participant signs. Nothing here commits."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.attendance import rules as attending
from portal.attendance import service as attendance
from portal.attendance.rules import Noted
from portal.attendance.service import Occasion
from portal.groups import reach_queries as reach
from portal.groups import rules
from portal.groups.models import GroupPart, GroupSession
from portal.groups.seating_service import PART
from portal.groups.session_service import TooEarly, TooLate, parts_of
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.web.asker import Asker
from portal.web.errors import Refused


@dataclass(frozen=True, slots=True)
class Saved:
    """How many marks were changed, and how many stay because somebody else has changed them meanwhile."""

    done: int
    left: int


class NotThere(Refused):
    """A leader has noted that the participant did not come: they talk about it first."""


def note_attendance(
    session: Session,
    asker: Asker,
    session_id: uuid.UUID,
    marks: Mapping[uuid.UUID, tuple[str, str]],
    now: datetime,
) -> Saved:
    """Note who came. `marks`: of each part what the page showed, and what it is now.

    What was not changed on the page is left as it stands, and so is what somebody has changed meanwhile: two
    leaders may fill in one list. What was noted longer ago, by others, or has been signed stays behind as a
    correction. Raises NoResultFound, TooEarly.
    """
    _group, one = reach.of_session(session, reach.managed(asker), session_id)
    if not rules.marks_open(one.state, one.starts_at, now):
        raise TooEarly
    parts = parts_of(session, one)
    lock_people(session, [part.person_id for part in parts])
    done = left = 0
    for part in parts:
        was, mark = marks.get(part.id, (part.attendance, part.attendance))
        if mark in (was, part.attendance) or mark not in rules.ATTENDANCE:
            continue
        if was != part.attendance:
            left += 1
            continue
        _keep_what_was(session, asker, part, mark, now)
        noted = mark != rules.NONE
        part.attendance = mark
        part.attended_at, part.attendance_by = (now, asker.person_id) if noted else (None, None)
        _changed(session, asker, part)
        done += 1
    return Saved(done, left)


def sign_own(session: Session, asker: Asker, part_id: uuid.UUID, now: datetime) -> bool:
    """The asking participant was at this session; whether it was not signed before.

    Raises NoResultFound, TooEarly, TooLate (it was too long ago, or is off), NotThere.
    """
    part, one = _own(session, asker, part_id)
    if part.attendance in attending.NOT_MET:
        raise NotThere
    if one.starts_at > now:
        raise TooEarly
    is_open = attending.signing_open(part.attendance, one.starts_at, now)
    if one.state != rules.PLANNED or not is_open or not rules_of(session, asker).attendance_signed:
        raise TooLate
    method = attending.SECOND_DOOR if asker.tier > 1 else attending.FIRST_DOOR
    done = attendance.sign(session, asker, occasion_of(part), method, now)
    if done:
        _changed(session, asker, part)
    return done


def unsign_own(session: Session, asker: Asker, part_id: uuid.UUID, now: datetime) -> bool:
    """The asking participant takes a slip back; whether it could be. Raises NoResultFound."""
    part, _one = _own(session, asker, part_id)
    done = attendance.unsign(session, asker, occasion_of(part), now)
    if done:
        _changed(session, asker, part)
    return done


def occasion_of(part: GroupPart) -> Occasion:
    """What a signature of this part is of."""
    return Occasion(PART, part.id, part.person_id)


def _own(session: Session, asker: Asker, part_id: uuid.UUID) -> tuple[GroupPart, GroupSession]:
    lock_people(session, (asker.person_id,))
    row = session.execute(
        select(GroupPart, GroupSession)
        .join(GroupSession, GroupSession.id == GroupPart.session_id)
        .where(
            GroupPart.id == part_id,
            GroupPart.person_id == asker.person_id,
            GroupPart.in_portal.is_(True),
            GroupPart.out_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).one()
    return row[0], row[1]


def _keep_what_was(session: Session, asker: Asker, part: GroupPart, becomes: str, now: datetime) -> None:
    signed = attendance.signature(session, occasion_of(part)) is not None
    same = part.attendance_by == asker.person_id
    if attending.is_correction(part.attendance, part.attended_at, now, same_person=same, signed=signed):
        attendance.keep(session, asker, occasion_of(part), Noted(part.attendance), becomes, now=now, why="")


def _changed(session: Session, asker: Asker, part: GroupPart) -> None:
    session.flush()
    note(session, asker, action="change", kind="groups", subject=part.person_id, object_id=part.id)
