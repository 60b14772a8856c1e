"""A wish for a time where none that is offered fits: one waits at most. Nothing here commits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.availability import wish_rules
from portal.conversation import rules
from portal.conversation.models import Message
from portal.conversation.service import (
    KIND,
    TEXT,
    NotOpen,
    held,
    is_enrolled,
    next_message,
    settle,
    waiting_of,
)
from portal.journal.service import note
from portal.plan.queries import promised_day
from portal.web.asker import Asker
from portal.wording import service as wording
from portal.wording.rules import SWEDISH


def ask_time(session: Session, asker: Asker, wish: str, words: str, language: str, now: datetime) -> Message:
    """The participant wishes for a time, as `availability.wish_rules` writes it; own words may be "".

    What waits already is taken back for it, and its promise stays as it is; the same again is the same wish.
    Raises NotOpen.
    """
    person = held(session, asker, asker.person_id)
    if not is_enrolled(session, person.id):
        raise NotOpen
    before = _open_wish(session, person.id)
    if before is not None and (before.wish, before.words, before.language) == (wish, words, language):
        return before
    # With a number of its own: what staff answer on a page that shows the former wish is no answer to this.
    row = next_message(session, asker, person, rules.TIME, now)
    row.due_on = before.due_on if before is not None else promised_day(session, asker, now)
    row.wish, row.words, row.language = wish, words, language
    session.add(row)
    session.flush()
    if before is not None:
        settle(session, asker, before, rules.CALLED_OFF, now)
        wording.rest(session, [before.id])
    whose = (person.organisation_id, person.id)
    wording.follow(
        session,
        wording.Text(whose, TEXT, row.id, words, wanted=language != SWEDISH, language=language),
        now,
    )
    note(session, asker, action="change", kind=KIND, subject=person.id, object_id=row.id)
    return row


def time_given(session: Session, asker: Asker, person_id: UUID, moved: UUID | None, now: datetime) -> None:
    """A participant has got a time that they see: of a new meeting, or another one for the meeting `moved`.

    What they wished for is answered where it is that. The caller has checked the asker.
    """
    row = _open_wish(session, person_id)
    wish = wish_rules.read(row.wish) if row is not None else None
    if row is not None and wish is not None and wish.moving == moved:
        settle(session, asker, row, rules.BOOKED, now)


def _open_wish(session: Session, person_id: UUID) -> Message | None:
    return session.scalars(waiting_of(person_id).where(Message.kind == rules.TIME)).first()
