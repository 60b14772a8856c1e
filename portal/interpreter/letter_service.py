"""Ordering interpreters of an agency by e-mail. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.service import lock_people
from portal.interpreter import letter_queries, letter_words
from portal.interpreter.letter_queries import Letter
from portal.interpreting import letter_service
from portal.interpreting import order_queries as orders
from portal.interpreting.letter_rules import Mailed
from portal.interpreting.order_models import InterpreterOrder
from portal.journal.service import note
from portal.notices import agency_service
from portal.organisation.queries import organisation
from portal.web.asker import Asker
from portal.web.errors import Refused


class OtherThanSeen(Refused):
    """Another e-mail would leave than the one that was read: somebody has changed or sent something."""


class CannotLeave(Refused):
    """There is nothing to say, nowhere to send it, or no e-mail leaves this installation."""


def text_of(session: Session, asker: Asker, letter: Letter) -> tuple[str, str]:
    """The line above the e-mail, and its whole text, answered to whoever asks."""
    house = organisation(session, asker.organisation_id)
    name, email = letter_queries.sender(session, asker)
    return letter_words.subject(house.name), letter_words.body(letter, house.name, name, email, house.phone)


def send(session: Session, asker: Asker, seen: str, now: datetime) -> None:
    """Send what the asker has read, whose mark is `seen`, once. Raises OtherThanSeen, CannotLeave."""
    held = _hold(session, asker, now)
    letter = letter_queries.letter(session, asker, now)
    if seen != letter.seen or not {one.order.id for one in letter.told} <= held:
        raise OtherThanSeen
    if not letter.told or not letter.address or not agency_service.leaves():
        raise CannotLeave
    letter_id = uuid.uuid4()
    agency_service.send(session, asker, letter_id, letter.address, text_of(session, asker, letter), now)
    mailed = [(one.row, Mailed(one.said, one.knows)) for one in letter.told]
    letter_service.keep(session, letter_id, mailed)
    for one in letter.told:
        subject, meeting = one.order.person_id, one.order.meeting_id
        note(session, asker, action="export", kind=orders.KIND, subject=subject, object_id=meeting)


def _hold(session: Session, asker: Asker, now: datetime) -> set[uuid.UUID]:
    """Let nobody change these orders meanwhile: people first, as whoever books, moves and cancels."""
    ids = InterpreterOrder.id, InterpreterOrder.person_id
    wanted = letter_queries.wanted(asker, now).with_only_columns(*ids, maintain_column_froms=True)
    found = session.execute(wanted.order_by(None)).all()
    lock_people(session, {row.person_id for row in found})
    held = select(InterpreterOrder).where(InterpreterOrder.id.in_([row.id for row in found]))
    fresh = held.order_by(InterpreterOrder.id).execution_options(populate_existing=True)
    return {row.id for row in session.scalars(fresh.with_for_update())}
