"""Changing the card of what helps a participant. It is theirs: a coach proposes, and no more.

Every verb waits for whoever changes the same card (S49), and leaves an event with what was before and after
it, as a plan does (docs/decisions/0006): the participant takes their own last act back.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.plan import card_rules
from portal.plan.card_rules import KEPT, PROPOSED, REMOVED, Entry
from portal.plan.models import Adaptation, AdaptationEvent
from portal.plan.service import FRESHLY_READ, NotFromHere, Stale
from portal.web.asker import Asker
from portal.web.errors import Refused


class CardFull(Refused):
    """A card with more rows than anybody reads helps nobody."""


def add(session: Session, asker: Asker, entries: Iterable[tuple[UUID, Entry]], now: datetime) -> None:
    """The participant puts rows last on their card. Each brings its form's own id: sent twice it is once.

    What stands there already is passed over. Raises `CardFull`.
    """
    rows = _locked(session, asker, asker.person_id)
    for row_id, entry in entries:
        known = next((row for row in rows if row.state == KEPT and _says(row) == entry), None)
        if entry.empty or known is not None:
            continue
        if len(card_rules.in_state(rows, KEPT)) >= card_rules.MOST:
            raise CardFull
        row = _fresh(session, asker, row_id, entry, person_id=asker.person_id, state=KEPT, rows=rows, now=now)
        rows.append(row)
        _record(session, asker, "add", (row,), {str(row.id): None}, now)


def propose(
    session: Session, asker: Asker, *, person_id: UUID, row_id: UUID, entry: Entry, now: datetime
) -> None:
    """A coach proposes a row; the participant says yes or no. The same again is once.

    Raises NoResultFound, `CardFull`.
    """
    rows = _locked(session, asker, person_id)
    if entry.empty or any(row.state != REMOVED and _says(row) == entry for row in rows):
        return
    if len(card_rules.in_state(rows, PROPOSED)) >= card_rules.MOST:
        raise CardFull
    row = _fresh(session, asker, row_id, entry, person_id=person_id, state=PROPOSED, rows=rows, now=now)
    _record(session, asker, "propose", (row,), {str(row.id): None}, now)


def withdraw(session: Session, asker: Asker, *, person_id: UUID, row_id: UUID, now: datetime) -> None:
    """A coach takes a proposal back that nobody has answered. Twice is once.

    Raises NoResultFound, `NotFromHere` when it stands on the card by now.
    """
    row = _one(_locked(session, asker, person_id), row_id)
    if row.state == REMOVED:
        return
    if row.state != PROPOSED:
        raise NotFromHere
    _become(session, asker, row, "withdraw", REMOVED, now)


def accept(session: Session, asker: Asker, *, row_id: UUID, now: datetime) -> None:
    """The participant takes a proposal onto their card. Twice is once.

    Raises NoResultFound, `NotFromHere`, `CardFull`.
    """
    rows = _locked(session, asker, asker.person_id)
    row = _one(rows, row_id)
    if row.state == KEPT:
        return
    if row.state != PROPOSED:
        raise NotFromHere
    if len(card_rules.in_state(rows, KEPT)) >= card_rules.MOST:
        raise CardFull
    _become(session, asker, row, "accept", KEPT, now)


def decline(session: Session, asker: Asker, *, row_id: UUID, now: datetime) -> None:
    """The participant does not want a proposal. Twice is once. Raises NoResultFound, `NotFromHere`."""
    row = _one(_locked(session, asker, asker.person_id), row_id)
    if row.state == REMOVED:
        return
    if row.state != PROPOSED:
        raise NotFromHere
    _become(session, asker, row, "decline", REMOVED, now)


def remove(session: Session, asker: Asker, *, row_id: UUID, now: datetime) -> None:
    """The participant takes a row off their card. Twice is once. Raises NoResultFound."""
    row = _one(_locked(session, asker, asker.person_id), row_id)
    if row.state == KEPT:
        _become(session, asker, row, "remove", REMOVED, now)


def change(
    session: Session, asker: Asker, *, row_id: UUID, entry: Entry, version: int, now: datetime
) -> None:
    """The participant says a row in other words. Raises NoResultFound, `Stale`, `NotFromHere`."""
    row = _one(_locked(session, asker, asker.person_id), row_id)
    if _says(row) == entry:
        return
    if row.state != KEPT:
        raise NotFromHere
    if row.version != version:
        raise Stale
    before = _facts((row,))
    row.code, row.words, row.swedish = entry.code, entry.words, entry.swedish
    _record(session, asker, "change", (row,), before, now)


def move(session: Session, asker: Asker, *, row_id: UUID, way: str, now: datetime) -> None:
    """A row changes places with the one above ("up") or below ("down").

    Raises NoResultFound, `NotFromHere`.
    """
    rows = _locked(session, asker, asker.person_id)
    if _one(rows, row_id).state != KEPT:
        raise NotFromHere
    pair = card_rules.swap(rows, row_id, way)
    if pair is None:
        return
    before = _facts(pair)
    one, other = pair
    one.position, other.position = other.position, one.position
    _record(session, asker, "move", pair, before, now)


def undo(session: Session, asker: Asker, *, event_id: UUID, now: datetime) -> None:
    """The participant takes their last act back; `event_id` is the one the page showed. Twice is once.

    Raises `Stale` when they have done something else since or it is long ago, NoResultFound.
    """
    rows = _locked(session, asker, asker.person_id)
    mine = select(AdaptationEvent).where(AdaptationEvent.person_id == asker.person_id)
    events = session.scalars(mine.order_by(AdaptationEvent.number)).all()
    if not any(event.id == event_id for event in events):
        raise NoResultFound
    undone = {event.undoes for event in events}
    if event_id in undone:
        return
    live = (one for one in reversed(events) if one.action in card_rules.OWN_ACTS and one.id not in undone)
    last = next(live, None)
    if last is None or last.id != event_id or not card_rules.may_take_back(last.action, last.at, now):
        raise Stale
    before: dict[str, Any] = json.loads(last.before)
    touched = [_one(rows, UUID(name)) for name in before]
    now_stands = _facts(touched)
    for row in touched:
        _put_back(row, before[str(row.id)])
    _record(session, asker, "undo", touched, now_stands, now, undoes=last.id)


def _locked(session: Session, asker: Asker, person_id: UUID) -> list[Adaptation]:
    """Every row of a participant's card, removed ones too; others wait. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="card")
    lock_people(session, (person_id,))
    rows = select(Adaptation).where(Adaptation.person_id == person_id)
    return list(session.scalars(rows.execution_options(**FRESHLY_READ)))


def _one(rows: Iterable[Adaptation], row_id: UUID) -> Adaptation:
    found = next((row for row in rows if row.id == row_id), None)
    if found is None:
        raise NoResultFound
    return found


def _fresh(
    session: Session,
    asker: Asker,
    row_id: UUID,
    entry: Entry,
    *,
    person_id: UUID,
    state: str,
    rows: Iterable[Adaptation],
    now: datetime,
) -> Adaptation:
    taken = session.get(Adaptation, row_id) is not None
    row = Adaptation(
        person_id=person_id,
        code=entry.code,
        state=state,
        position=card_rules.last_place(rows),
        proposed_by=asker.person_id if state == PROPOSED else None,
        version=0,
        changed_at=now,
        changed_by=asker.person_id,
        **({} if taken else {"id": row_id}),
    )
    row.words, row.swedish = entry.words, entry.swedish
    session.add(row)
    session.flush()
    return row


def _says(row: Adaptation) -> Entry:
    return Entry(row.code, row.words, row.swedish)


def _become(session: Session, asker: Asker, row: Adaptation, action: str, state: str, now: datetime) -> None:
    before = _facts((row,))
    row.state = state
    _record(session, asker, action, (row,), before, now)


def _facts(rows: Iterable[Adaptation]) -> dict[str, Any]:
    return {
        str(row.id): {
            "code": row.code,
            "words": row.words,
            "swedish": row.swedish,
            "state": row.state,
            "position": row.position,
        }
        for row in rows
    }


def _put_back(row: Adaptation, facts: dict[str, Any] | None) -> None:
    """Make a row what it was; None means that it was not there, and it is off the card."""
    if facts is None:
        row.state = REMOVED
        return
    row.code, row.words, row.swedish = facts["code"], facts["words"], facts["swedish"]
    row.state, row.position = facts["state"], facts["position"]


def _record(
    session: Session,
    asker: Asker,
    action: str,
    rows: Iterable[Adaptation],
    before: dict[str, Any],
    now: datetime,
    *,
    undoes: UUID | None = None,
) -> None:
    touched = tuple(rows)
    for row in touched:
        row.version += 1
        row.changed_at, row.changed_by = now, asker.person_id
    person_id = touched[0].person_id
    last = session.scalar(
        select(func.max(AdaptationEvent.number)).where(AdaptationEvent.person_id == person_id)
    )
    event = AdaptationEvent(
        person_id=person_id,
        number=(last or 0) + 1,
        at=now,
        by_id=asker.person_id,
        action=action,
        adaptation_id=touched[0].id,
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps(_facts(touched), ensure_ascii=False),
        undoes=undoes,
    )
    session.add(event)
    note(session, asker, action="change", kind="card", subject=person_id, object_id=touched[0].id)
    session.flush()
