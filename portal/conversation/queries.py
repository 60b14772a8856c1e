"""Reading conversations. Who asks comes first; what is not theirs to read is NoResultFound or not there.

For other rooms:
    UNREAD                                      what waits for a participant on the first page
    unanswered(session, asker, now)             what stands on a coach's list, and late on a lead's
    unread(session)                             of whom the worker may say that there is something new
    late_people(session, asker, now)            how many wait for an answer that is late
    written_since(session, asker, who, since)   for whoever copies what is new
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.conversation import rules
from portal.conversation.models import Message
from portal.conversation.service import KIND
from portal.crypto import open_sealed
from portal.db import word
from portal.identity import scope
from portal.identity.absence.queries import Away, away
from portal.identity.models import Enrolment, Person, name_of
from portal.identity.models import first_name as first_of
from portal.identity.people.rules import Page, bounds
from portal.identity.waiting_queries import ME, Offer, offer
from portal.plan.queries import promised_day
from portal.web.asker import Asker
from portal.wording.queries import beside
from portal.wording.rules import SWEDISH, Both

PAGE_SIZE = 8
"""How many messages stand on one page: eight long ones keep a participant's page within its bytes."""
Author, Closer, Coach = aliased(Person), aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. `text` is what was written, with what stands beside it for its reader.

    `asks`: it is the participant's, and `due_on` the local day by which an answer is promised. `by`: the
    first name of who wrote it; `closed_by`: of who recorded the outcome.
    """

    id: UUID
    person_id: UUID
    number: int
    kind: str
    author_id: UUID
    by: str
    text: Both
    language: str
    call_when: str
    written_at: datetime
    due_on: date | None
    outcome: str
    closed_at: datetime | None
    closed_by: str
    read_at: datetime | None
    taken_back: bool

    @property
    def asks(self) -> bool:
        """Whether the participant wrote it."""
        return self.due_on is not None

    @property
    def waits(self) -> bool:
        """Whether it has no answer yet."""
        return self.asks and not self.outcome

    @property
    def unread(self) -> bool:
        """Whether the participant has something to read there that they have not said they read."""
        return not self.asks and self.kind == rules.WORDS and self.read_at is None and not self.taken_back


@dataclass(frozen=True)
class Thread:
    """One page of a conversation, the latest first.

    `waiting` is all that waits for an answer, the oldest first; `upto` the number of the latest message.
    `coach` is the first name of the present coach, `away` that they are; `due_on` the day by which something
    written now is answered, for the participant. `open`: the person is enrolled, so that somebody answers.
    """

    person: Person
    messages: Page[MessageRow]
    waiting: tuple[MessageRow, ...]
    coach_id: UUID | None
    coach: str
    due_on: date | None
    away: Away | None
    open: bool
    upto: int

    @property
    def unread(self) -> tuple[MessageRow, ...]:
        """What the participant has not read, of this page."""
        return tuple(one for one in self.messages.items if one.unread)

    @property
    def call(self) -> MessageRow | None:
        """The wish to be rung up that is open."""
        return next((one for one in self.waiting if one.kind == rules.CALL), None)


def own_thread(session: Session, asker: Asker, now: datetime, *, number: int = 1) -> Thread:
    """The asking participant's own conversation."""
    person = scope.participant(session, asker, asker.person_id, what=KIND)
    found = _thread(session, person, number, (asker.language,))
    today = now.astimezone(asker.zone).date()
    gone = away(session, found.coach_id, today) if found.coach_id else None
    return replace(found, due_on=promised_day(session, asker, now), away=gone)


def thread(session: Session, asker: Asker, person_id: UUID, *, number: int = 1) -> Thread:
    """A participant's conversation, for staff. Raises NoResultFound outside the scope."""
    person = scope.participant(session, asker, person_id, what=KIND)
    return _thread(session, person, number, (SWEDISH, person.language))


def _thread(session: Session, person: Person, number: int, languages: Sequence[str]) -> Thread:
    """`languages`: those of whoever reads it, the first one their own."""
    mine = Message.person_id == person.id
    # They are numbered from 1 without a gap, so that the last number is how many there are.
    total = session.scalar(select(func.max(Message.number)).where(mine)) or 0
    shown, pages = bounds(total, number, PAGE_SIZE)
    last = total - (shown - 1) * PAGE_SIZE
    here = Message.number.between(last - PAGE_SIZE + 1, last)
    rows = session.execute(_rows().where(mine, or_(here, and_(*_unanswered())))).all()
    read = sorted(_read(session, rows, languages), key=lambda one: one.number)
    stay = session.execute(_stay(person.id)).one_or_none()
    return Thread(
        person=person,
        messages=Page(
            tuple(one for one in reversed(read) if last - PAGE_SIZE < one.number <= last), shown, pages, total
        ),
        waiting=tuple(one for one in read if one.waits),
        coach_id=stay.coach_id if stay else None,
        coach=first_of(name_of(stay.coach_id, stay.name_sealed)) if stay and stay.coach_id else "",
        due_on=None,
        away=None,
        open=stay is not None and stay.closed_on is None,
        upto=total,
    )


def _stay(person_id: UUID) -> Select[*tuple[Any, ...]]:
    """The present enrolment and its coach."""
    rows = scope.current_of(person_id).outerjoin(Coach, Coach.id == Enrolment.coach_id)
    return rows.with_only_columns(Enrolment.closed_on, Enrolment.coach_id, Coach.name_sealed)


def unanswered(session: Session, asker: Asker, now: datetime) -> tuple[MessageRow, ...]:
    """What the asker's participants wait for an answer to, the oldest first; one query.

    A lead sees it of another coach's participant when it is late, or when there is no coach; a stand-in sees
    what the absent coach would. Nothing is noted here: whoever shows somebody of it notes them.
    """
    today = now.astimezone(asker.zone).date()
    rows = (
        _rows()
        .join(Enrolment, Enrolment.person_id == Message.person_id)
        .where(
            Message.person_id.in_(scope.participants_of(asker)),
            Enrolment.closed_on.is_(None),
            *_unanswered(),
            or_(
                Enrolment.coach_id.in_({asker.person_id, *asker.stands_in_for}),
                Enrolment.coach_id.is_(None),
                Message.due_on < today,
            ),
        )
        .order_by(Message.written_at, Message.number)
    )
    return _read(session, session.execute(rows).all(), (SWEDISH,))


def late_people(session: Session, asker: Asker, now: datetime) -> int:
    """How many of the asker's participants wait for an answer that was promised for an earlier day."""
    today = now.astimezone(asker.zone).date()
    rows = (
        select(func.count(Message.person_id.distinct()))
        .join(Enrolment, Enrolment.person_id == Message.person_id)
        .where(
            Message.person_id.in_(scope.participants_of(asker)),
            Enrolment.closed_on.is_(None),
            *_unanswered(),
            Message.due_on < today,
        )
    )
    return session.scalar(rows) or 0


def written_since(
    session: Session, asker: Asker, who: UUID | Person, since: datetime
) -> tuple[MessageRow, ...]:
    """What a participant and staff wrote after `since`, the oldest first. Raises NoResultFound."""
    person = scope.participant(session, asker, who, what=KIND)
    rows = _rows().where(
        Message.person_id == person.id, Message.written_at > since, Message.taken_back_at.is_(None)
    )
    return _read(session, session.execute(rows.order_by(Message.number)).all(), (SWEDISH,))


ROOM = "conversation"
_NEW = (
    Message.due_on.is_(None),
    Message.kind == word(rules.WORDS),
    Message.read_at.is_(None),
    Message.taken_back_at.is_(None),
)
UNREAD = Offer(offer(ROOM).where(Message.person_id == ME, *_NEW))
"""Whether staff have written something that the participant has not said they read."""


def unread(session: Session, only: UUID | None = None) -> dict[UUID, datetime]:
    """Everybody enrolled who has not read what staff wrote, and when the latest of it was written.

    For the worker: nobody asks, and nothing of it is shown. `only`: this person alone.
    """
    enrolled = exists().where(Enrolment.person_id == Message.person_id, Enrolment.closed_on.is_(None))
    rows = select(Message.person_id, func.max(Message.written_at)).where(*_NEW, enrolled)
    if only is not None:
        rows = rows.where(Message.person_id == only)
    return {row[0]: row[1] for row in session.execute(rows.group_by(Message.person_id))}


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    return Message.due_on.is_not(None), Message.outcome == ""


def _rows() -> Select[Any]:
    return (
        select(
            *Message.__table__.c,
            Author.name_sealed.label("author_sealed"),
            Closer.name_sealed.label("closer_sealed"),
        )
        .join(Author, Author.id == Message.author_id)
        .outerjoin(Closer, Closer.id == Message.closed_by)
    )


def _read(session: Session, rows: Sequence[Row[Any]], languages: Sequence[str]) -> tuple[MessageRow, ...]:
    """The rows, each with what stands beside it in the first of these languages that it is not in."""
    words = {row.id: open_sealed("message", "words_sealed", row.id, row.words_sealed) for row in rows}
    texts: dict[UUID, Both] = {}
    for source in {row.language for row in rows}:
        mine = {row.id: words[row.id] for row in rows if row.language == source}
        other = next((one for one in languages if one != source), source)
        texts |= beside(session, mine, other, source)
    return tuple(_row(row, texts[row.id]) for row in rows)


def _row(row: Row[Any], text: Both) -> MessageRow:
    return MessageRow(
        id=row.id,
        person_id=row.person_id,
        number=row.number,
        kind=row.kind,
        author_id=row.author_id,
        by=first_of(name_of(row.author_id, row.author_sealed)),
        text=text,
        language=row.language,
        call_when=row.call_when,
        written_at=row.written_at,
        due_on=row.due_on,
        outcome=row.outcome,
        closed_at=row.closed_at,
        closed_by=first_of(name_of(row.closed_by, row.closer_sealed)) if row.closed_by else "",
        read_at=row.read_at,
        taken_back=row.taken_back_at is not None,
    )
