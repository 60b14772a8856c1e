"""One conversation as it is read, by its participant and by staff. Who asks comes first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from portal.conversation import row_queries as rows
from portal.conversation import rules
from portal.conversation.models import Message
from portal.conversation.row_queries import MessageRow
from portal.conversation.service import KIND
from portal.identity import scope
from portal.identity.absence.queries import Away, away
from portal.identity.models import Enrolment, Person, name_of
from portal.identity.models import first_name as first_of
from portal.identity.people.rules import Page, bounds
from portal.plan.queries import promised_day
from portal.web.asker import Asker
from portal.wording.rules import SWEDISH

PAGE_SIZE = 8
"""How many messages stand on one page: eight long ones keep a participant's page within its bytes."""
MOST_WAITING = 12
"""How many of what waits stand on staff's page: who writes more than that is answered in turns."""
Coach = aliased(Person)


@dataclass(frozen=True)
class Thread:
    """One page of a conversation, the latest first.

    `waiting` is what waits for an answer, `unread` what the participant has not read: the oldest of each
    first, and so many that all of it up to `seen` stands on the page. `short`: which of them show only how
    they begin. `coach` is the first name of the present coach, `away` that they are; `due_on` the day by
    which something written now is answered, for the participant. `open`: the person is enrolled, so that
    somebody answers.
    """

    person: Person
    messages: Page[MessageRow]
    waiting: tuple[MessageRow, ...]
    unread: tuple[MessageRow, ...]
    seen: int
    short: frozenset[UUID] = frozenset()
    coach_id: UUID | None = None
    coach: str = ""
    due_on: date | None = None
    away: Away | None = None
    open: bool = False

    @property
    def read(self) -> tuple[MessageRow, ...]:
        """What of this page is not new to the participant."""
        return tuple(one for one in self.messages.items if not one.unread)

    @property
    def call(self) -> MessageRow | None:
        """The wish to be rung up that is open."""
        return next((one for one in self.waiting if one.kind == rules.CALL), None)


def own_thread(session: Session, asker: Asker, now: datetime, *, number: int = 1) -> Thread:
    """The asking participant's own conversation."""
    person = scope.participant(session, asker, asker.person_id, what=KIND)
    found = _thread(session, person, number, (asker.language,), own=True)
    today = now.astimezone(asker.zone).date()
    gone = away(session, found.coach_id, today) if found.coach_id else None
    read = [one for one in found.messages.items if one not in found.unread]
    short = frozenset(rules.too_long([(one.id, one.text.characters) for one in (*found.unread, *read)]))
    return replace(found, due_on=promised_day(session, asker, now), away=gone, short=short)


def own_message(session: Session, asker: Asker, message_id: UUID) -> MessageRow:
    """One message of the asking participant's own conversation. Raises NoResultFound."""
    person = scope.participant(session, asker, asker.person_id, what=KIND)
    wanted = rows.rows().where(Message.person_id == person.id, Message.id == message_id)
    found = rows.read(session, wanted, (asker.language,))
    if not found:
        raise NoResultFound
    return found[0]


def own_wish(session: Session, asker: Asker) -> MessageRow | None:
    """The asking participant's wish for a time that waits, None where none does."""
    person = scope.participant(session, asker, asker.person_id, what=KIND)
    open_one = (Message.person_id == person.id, Message.kind == rules.TIME, Message.outcome == "")
    found = rows.read(session, rows.rows().where(*open_one), (asker.language,))
    return found[0] if found else None


def thread(session: Session, asker: Asker, person_id: UUID, *, number: int = 1) -> Thread:
    """A participant's conversation, for staff. Raises NoResultFound outside the scope."""
    person = scope.participant(session, asker, person_id, what=KIND)
    return _thread(session, person, number, (SWEDISH, person.language), own=False)


def _thread(session: Session, person: Person, number: int, languages: Sequence[str], *, own: bool) -> Thread:
    """`languages`: those of whoever reads it, the first one theirs. `own`: the participant reads it."""
    mine, matters = Message.person_id == person.id, rows.is_unread() if own else rows.waits()
    total, seen = _upto(session, person, matters, PAGE_SIZE if own else MOST_WAITING)
    shown, pages = bounds(total, number, PAGE_SIZE)
    last = total - (shown - 1) * PAGE_SIZE
    here = Message.number.between(last - PAGE_SIZE + 1, last)
    call = and_(Message.kind == rules.CALL, rows.waits())
    wanted = rows.rows().where(mine, or_(here, call, and_(matters, Message.number <= seen)))
    found = rows.read(session, wanted.order_by(Message.number), languages)
    page = tuple(one for one in reversed(found) if last - PAGE_SIZE < one.number <= last)
    stay = session.execute(_stay(person.id)).one_or_none()
    return Thread(
        person=person,
        messages=Page(page, shown, pages, total),
        waiting=tuple(one for one in found if one.waits and (own or one.number <= seen)),
        unread=tuple(one for one in found if one.unread and one.number <= seen),
        seen=seen,
        coach_id=stay.coach_id if stay else None,
        coach=first_of(name_of(stay.coach_id, stay.name_sealed)) if stay and stay.coach_id else "",
        open=stay is not None and stay.closed_on is None,
    )


def _upto(session: Session, person: Person, matters: ColumnElement[bool], most: int) -> tuple[int, int]:
    """How many messages there are, and up to which number no more than `most` of them matter.

    They are numbered from 1 without a gap, so that the last number is how many there are.
    """
    mine = Message.person_id == person.id
    one_more = (
        select(Message.number)
        .join(Person, Person.id == Message.person_id)
        .where(mine, matters)
        .order_by(Message.number)
        .offset(most)
        .limit(1)
    )
    last = select(func.max(Message.number)).where(mine)
    found = session.execute(select(last.scalar_subquery(), one_more.scalar_subquery())).one()
    total, turn = cast("tuple[int | None, int | None]", tuple(found))
    return total or 0, (total or 0) if turn is None else turn - 1


def _stay(person_id: UUID) -> Select[*tuple[Any, ...]]:
    """The present enrolment and its coach."""
    present = scope.current_of(person_id).outerjoin(Coach, Coach.id == Enrolment.coach_id)
    return present.with_only_columns(Enrolment.closed_on, Enrolment.coach_id, Coach.name_sealed)
