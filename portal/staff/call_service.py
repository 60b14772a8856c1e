"""Ticking off the calls of the day: told, or nobody answered; and taking that back. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.staff import call_rules, rules, service
from portal.staff.call_list_queries import call_list
from portal.staff.models import CallTry
from portal.staff.service import Handling, Settled
from portal.web.asker import Asker


def tell(session: Session, asker: Asker, person_id: uuid.UUID, key: str, now: datetime) -> None:
    """Record that somebody was told, as a tap on the morning's list does; a second tap changes nothing.

    Raises NoResultFound, and Settled when the call is not to be made any more.
    """
    scope.participant(session, asker, person_id, what="attention")
    done = Handling(person_id, _open(session, asker, person_id, key, now), rules.CALLED, seen=(key,))
    service.handle(session, asker, done, now)


def no_answer(
    session: Session, asker: Asker, person_id: uuid.UUID, key: str, *, seen: int, now: datetime
) -> None:
    """Record that nobody answered: the call stays on the list. `seen`: how many tries the page showed.

    A second tap, or a colleague's meanwhile, counts once. Raises NoResultFound, Settled.
    """
    scope.participant(session, asker, person_id, what="attention")
    lock_people(session, (person_id,))
    if not _open(session, asker, person_id, key, now):
        raise Settled
    if len(_tries(session, person_id, key)) > seen:
        return
    made = CallTry(person_id=person_id, key=key, tried_by=asker.person_id, tried_at=now)
    session.add(made)
    session.flush()
    note(session, asker, action="change", kind="attention", subject=person_id, object_id=made.id)


def take_back_try(
    session: Session, asker: Asker, person_id: uuid.UUID, key: str, at: datetime, now: datetime
) -> None:
    """Forget the asker's own try `at` that moment of today, when no other has followed. Twice is once.

    Raises NoResultFound.
    """
    scope.participant(session, asker, person_id, what="attention")
    lock_people(session, (person_id,))
    tries = _tries(session, person_id, key)
    last = tries[-1] if tries else None
    if last is None or not call_rules.may_take_back(last.tried_by, last.tried_at, asker, now):
        return
    if last.tried_at == at:
        session.delete(last)
        session.flush()
        note(session, asker, action="change", kind="attention", subject=person_id)


def _open(session: Session, asker: Asker, person_id: uuid.UUID, key: str, now: datetime) -> tuple[str, ...]:
    """The key, where this call is still the asker's to make."""
    rows = call_list(session, asker.about(person_id), now).open
    return tuple({row.call.key for row in rows} & {key})


def _tries(session: Session, person_id: uuid.UUID, key: str) -> list[CallTry]:
    mine = select(CallTry).where(CallTry.person_id == person_id, CallTry.key == key)
    return list(session.scalars(mine.order_by(CallTry.tried_at).execution_options(populate_existing=True)))
