"""Conversations in lists: what waits for an answer, what is new to a participant. Who asks comes first.

For other rooms:
    UNREAD, ASKED                               what waits for a participant on the first page
    protected_waiting(session, asker)           who of the protected people that one handles has written
    unanswered(session, asker, now)             what stands on a coach's list, and late on a lead's
    written_since(session, asker, who, since)   for whoever copies what is new
    unread(session, since)                      of whom the worker may say that there is something new
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.conversation import row_queries as rows
from portal.conversation import rules
from portal.conversation.models import Message
from portal.conversation.row_queries import MessageRow
from portal.conversation.service import KIND
from portal.db import word
from portal.identity import scope
from portal.identity.models import Enrolment, Person, ProtectedHandler
from portal.identity.waiting_queries import ME, Offer, offer
from portal.journal.service import note
from portal.web.asker import Asker
from portal.wording.rules import SWEDISH

READERS = frozenset({"coach", "lead"})
"""Who reads conversations."""


def unanswered(session: Session, asker: Asker, now: datetime) -> tuple[MessageRow, ...]:
    """What the asker's participants wait for an answer to, the oldest first; one query.

    A lead sees it of another coach's participant when it is late, or when there is no coach; a stand-in sees
    what the absent coach would. Somebody with protected identity, whom the asker handles, is among them for
    being counted, and on no list (S37). Nothing is noted here: whoever shows somebody of it notes them.
    """
    late = Message.due_on < now.astimezone(asker.zone).date()
    own = Enrolment.coach_id.in_({asker.person_id, *asker.stands_in_for})
    listed = and_(
        Message.person_id.in_(scope.participants_of(asker)), or_(own, Enrolment.coach_id.is_(None), late)
    )
    handled = select(ProtectedHandler.person_id).where(ProtectedHandler.handler_id == asker.person_id)
    protected = and_(Person.protected.is_(True), Message.person_id.in_(handled))
    wanted = (
        rows.rows()
        .join(Enrolment, Enrolment.person_id == Message.person_id)
        .where(Enrolment.closed_on.is_(None), rows.waits(), or_(listed, protected))
        .order_by(Message.written_at, Message.number)
    )
    return rows.read(session, wanted, (SWEDISH,))


def protected_waiting(session: Session, asker: Asker) -> dict[UUID, date]:
    """Whom with protected identity the asker handles and who waits for an answer, and by which day it is due.

    The earliest one. A handler who reads no conversations is told of nobody. One query; they are noted.
    """
    if not asker.roles & READERS:
        return {}
    handled = select(ProtectedHandler.person_id).where(ProtectedHandler.handler_id == asker.person_id)
    rows_of = (
        select(Message.person_id, func.min(Message.due_on))
        .join(Person, Person.id == Message.person_id)
        .join(Enrolment, Enrolment.person_id == Message.person_id)
        .where(Enrolment.closed_on.is_(None), rows.waits(), Person.protected.is_(True))
        .where(Message.person_id.in_(handled))
        .group_by(Message.person_id)
    )
    found = {row[0]: row[1] for row in session.execute(rows_of) if row[1]}
    for person_id in found:
        note(session, asker, action="read", kind=KIND, subject=person_id)
    return found


def is_late(one: MessageRow, asker: Asker, now: datetime) -> bool:
    """Whether its answer was promised for an earlier day."""
    return one.due_on is not None and rules.is_late(one.due_on, now.astimezone(asker.zone).date())


def written_since(
    session: Session, asker: Asker, who: UUID | Person, since: datetime
) -> tuple[MessageRow, ...]:
    """What a participant and staff wrote after `since`, the oldest first. Raises NoResultFound."""
    person = scope.participant(session, asker, who, what=KIND)
    wanted = rows.rows().where(
        Message.person_id == person.id, Message.written_at > since, Message.taken_back_at.is_(None)
    )
    return rows.read(session, wanted.order_by(Message.number), (SWEDISH,))


ROOM, WAITS = "conversation", "asked"
_NEW = (
    Message.due_on.is_(None),
    Message.kind == word(rules.WORDS),
    Message.read_at.is_(None),
    Message.taken_back_at.is_(None),
)
"""As `rows.is_unread`, in a statement that is said once and kept."""
UNREAD = Offer(offer(ROOM).where(Message.person_id == ME, *_NEW))
"""Whether staff have written something that the participant has not said they read."""
ASKED = Offer(
    offer(WAITS, day=Message.due_on).where(
        Message.person_id == ME,
        Message.due_on.is_not(None),
        Message.outcome == word(""),
        Message.kind.in_((word(rules.WORDS), word(rules.TIME))),
    )
)
"""What the participant wrote and has no answer to, and the local day by which it is promised."""


def unread(session: Session, since: datetime, only: Collection[UUID] | None = None) -> dict[UUID, datetime]:
    """Everybody enrolled who has not read what staff wrote after `since`, and when the latest came.

    Nothing of it is shown. `only`: these people alone.
    """
    enrolled = exists().where(Enrolment.person_id == Message.person_id, Enrolment.closed_on.is_(None))
    wanted = select(Message.person_id, func.max(Message.written_at)).where(
        rows.is_unread(), enrolled, Message.written_at > since
    )
    if only is not None:
        wanted = wanted.where(Message.person_id.in_(only))
    return {row[0]: row[1] for row in session.execute(wanted.group_by(Message.person_id))}
