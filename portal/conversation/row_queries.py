"""Messages as pages show them: small frozen rows, every text opened, with what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from portal.availability import wish_rules
from portal.availability.wish_rules import TimeWish
from portal.conversation import rules
from portal.conversation.models import Message
from portal.crypto import open_sealed
from portal.identity.models import Person, name_of
from portal.identity.models import first_name as first_of
from portal.wording.queries import beside
from portal.wording.rules import Both

Author, Closer = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. `text` is what was written, with what stands beside it for its reader.

    `asks`: it is the participant's, and `due_on` the local day by which an answer is promised; `waits`: it
    has none yet. `by`: the first name of who wrote it; `closed_by`: of who recorded the outcome.
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
    wish: TimeWish | None
    written_at: datetime
    due_on: date | None
    outcome: str
    closed_at: datetime | None
    closed_by: str
    read_at: datetime | None
    taken_back: bool
    waits: bool
    by_sms: bool
    protected: bool

    @property
    def asks(self) -> bool:
        """Whether the participant wrote it."""
        return self.due_on is not None

    @property
    def unread(self) -> bool:
        """Whether the participant has something to read there that they have not said they read."""
        return not self.asks and self.kind == rules.WORDS and self.read_at is None and not self.taken_back


def waits() -> ColumnElement[bool]:
    """Whether a message has no answer yet: a call that nobody may make is not waited for (S34)."""
    callable_now = and_(Person.sms_unsafe.is_(False), Person.phone_hash.is_not(None))
    return and_(
        Message.due_on.is_not(None), Message.outcome == "", or_(Message.kind != rules.CALL, callable_now)
    )


def is_unread() -> ColumnElement[bool]:
    """Whether a message is staff's, and its person has not said they read it."""
    return and_(
        Message.due_on.is_(None),
        Message.kind == rules.WORDS,
        Message.read_at.is_(None),
        Message.taken_back_at.is_(None),
    )


def rows() -> Select[Any]:
    """Messages with who wrote and who settled them; joined with Person, whose conversation it is."""
    return (
        select(
            *Message.__table__.c,
            Author.name_sealed.label("author_sealed"),
            Closer.name_sealed.label("closer_sealed"),
            waits().label("waits"),
            Person.protected,
        )
        .join(Person, Person.id == Message.person_id)
        .join(Author, Author.id == Message.author_id)
        .outerjoin(Closer, Closer.id == Message.closed_by)
    )


def read(session: Session, wanted: Select[Any], languages: Sequence[str]) -> tuple[MessageRow, ...]:
    """The rows, each with what stands beside it in the first of these languages that it is not in."""
    found = session.execute(wanted).all()
    words = {row.id: open_sealed("message", "words_sealed", row.id, row.words_sealed) for row in found}
    texts: dict[UUID, Both] = {}
    for source in {row.language for row in found}:
        mine = {row.id: words[row.id] for row in found if row.language == source}
        other = next((one for one in languages if one != source), source)
        texts |= beside(session, mine, other, source)
    return tuple(_row(row, texts[row.id]) for row in found)


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
        wish=wish_rules.read(row.wish),
        written_at=row.written_at,
        due_on=row.due_on,
        outcome=row.outcome,
        closed_at=row.closed_at,
        closed_by=first_of(name_of(row.closed_by, row.closer_sealed)) if row.closed_by else "",
        read_at=row.read_at,
        taken_back=row.taken_back_at is not None,
        waits=bool(row.waits),
        by_sms=row.by_sms,
        protected=row.protected,
    )
