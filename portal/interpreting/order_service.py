"""An order follows its meeting, in the meeting's own transaction. Nothing here commits.

Whoever calls holds the meeting's people, and the member of staff who interprets at it. An interpreter who is
to be at the new time keeps the meeting; one who cannot loses it, is to be told so, and another is asked for.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.availability.rules import Span
from portal.availability.service import Holding, Taken, occupy, release
from portal.interpreting import hours_queries, order_queries
from portal.interpreting.letter_rules import Mailed, called_off
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_queries import CAUSE, KIND
from portal.interpreting.order_rules import (
    ASKED,
    ASSIGNED,
    CANCEL,
    CHANGED,
    CONFIRMED,
    MOVE,
    MOVED,
    WITH_MEETING,
    Needed,
    OrderWish,
    after,
    usual_way,
)
from portal.journal.service import note
from portal.web.asker import Asker


def keep_up(session: Session, asker: Asker, needed: Needed, now: datetime) -> InterpreterOrder | None:
    """Make the order what its meeting needs: asked for, at its times, or cancelled. Twice is once."""
    row = order_queries.open_order(session, needed.talk.meeting_id)
    if row is not None and row.language != needed.language:
        cancel(session, asker, row, WITH_MEETING, now)
        row = None
    if not needed.language:
        return None
    if row is None:
        row = _come_back(session, asker, needed, now) or _ask(session, asker, needed, now)
    else:
        row = _follow(session, asker, row, needed, now)
    if needed.wish is not None:
        reword(session, asker, row, needed.wish, needed.mode, now)
    return row


def _ask(session: Session, asker: Asker, needed: Needed, now: datetime) -> InterpreterOrder:
    wish = needed.wish or order_queries.usual_wish(session, needed.talk.person_id)
    talk = needed.talk
    row = InterpreterOrder(
        organisation_id=asker.organisation_id,
        person_id=talk.person_id,
        meeting_id=talk.meeting_id,
        language=needed.language,
        dialect=wish.dialect,
        gender=wish.gender,
        way=wish.way or usual_way(needed.mode),
        hidden=needed.hidden,
        starts_at=talk.starts_at,
        ends_at=talk.ends_at,
        state=ASKED,
        made_at=now,
        made_by=asker.person_id,
        changed_at=now,
    )
    session.add(row)
    return noted(session, asker, row)


def _follow(
    session: Session, asker: Asker, row: InterpreterOrder, needed: Needed, now: datetime
) -> InterpreterOrder:
    """The meeting stands at this time now, or is held in another way."""
    talk = needed.talk
    moved = (row.starts_at, row.ends_at) != (talk.starts_at, talk.ends_at)
    if not moved and not needed.matters(row.way):
        return row
    if (row.state, row.why) == (ASKED, MOVED):
        return _given_back(session, asker, row, needed, moved, now)
    if moved and not _can_come(session, asker, row, Span(talk.starts_at, talk.ends_at)):
        return instead_of(session, asker, row, needed, MOVED, now)
    row.starts_at, row.ends_at, row.way = talk.starts_at, talk.ends_at, needed.way_after(row.way)
    return _stands(session, asker, row, after(row.state, MOVE), now)


def _given_back(
    session: Session, asker: Asker, row: InterpreterOrder, needed: Needed, moved: bool, now: datetime
) -> InterpreterOrder:
    """The order of whoever could not at the time before and can again, if they have heard of nothing.

    What they said stands, if it is of this very time and way; nobody is asked for any longer.
    """
    talk, way = needed.talk, needed.way_after(row.way)
    span, wished = Span(talk.starts_at, talk.ends_at), (row.dialect, row.gender, way)
    lost = order_queries.untold_moved(session, row.meeting_id, row.language)
    for one in lost:
        if needed.matters(one.way):
            # They said yes to another place; where the meeting stood in between is not known later.
            one.confirmed_at = None
    for one in sorted(lost, key=lambda one: one.starts_at != span.start) if moved else ():
        if not _can_come(session, asker, one, span):
            continue
        same = (one.starts_at, one.ends_at) == (span.start, span.end)
        same = same and (one.dialect, one.gender, one.way) == wished and not needed.matters(one.way)
        _stands(session, asker, row, after(row.state, CANCEL), now)
        one.starts_at, one.ends_at, one.why = span.start, span.end, ""
        one.dialect, one.gender, one.way = wished
        return _stands(session, asker, one, _state_again(one, same), now)
    row.starts_at, row.ends_at, row.way = span.start, span.end, way
    return _stands(session, asker, row, after(row.state, MOVE), now)


def _stands(
    session: Session, asker: Asker, row: InterpreterOrder, state: str, now: datetime
) -> InterpreterOrder:
    becomes(row, state, now)
    if state != CONFIRMED:
        row.confirmed_at = None
    return noted(session, asker, row)


def becomes(row: InterpreterOrder, state: str, now: datetime) -> None:
    """The order's state, or its time, is another: the interpreter's calendar follows it."""
    row.state, row.changed_at, row.revision = state, now, row.revision + 1


def _can_come(session: Session, asker: Asker, row: InterpreterOrder, span: Span) -> bool:
    """Take the span for whoever is to come, in place of what they held; whether that could be done."""
    if row.interpreter_id is None:
        return True
    who = session.get_one(Interpreter, row.interpreter_id)
    if not order_queries.interprets_still(session, who):
        return False
    if not hours_queries.works_then(session, asker, who.person_id, span):
        return False
    try:
        hold(session, who, row, span)
    except Taken:
        return False
    return True


def hold(session: Session, who: Interpreter, row: InterpreterOrder, span: Span) -> None:
    """The interpreter is at this meeting then, and nowhere else. Raises Taken, changing nothing."""
    occupy(session, CAUSE, row.meeting_id, [Holding(who.subject_id, span, who.subject_kind)])


def instead_of(
    session: Session, asker: Asker, row: InterpreterOrder, needed: Needed, why: str, now: datetime
) -> InterpreterOrder:
    """Cancel an order, and ask for another in its place, with the same wishes, at the meeting's time."""
    wish = OrderWish(row.dialect, row.gender, needed.way_after(row.way))
    cancel(session, asker, row, why, now)
    if needed.matters(row.way):
        # Who comes back is asked anew: they said yes to another place, or to another way.
        row.confirmed_at = None
    fresh = Needed(needed.talk, row.language, needed.mode, row.hidden, wish=wish)
    asked = _ask(session, asker, fresh, now)
    asked.why = why
    session.flush()
    return asked


def cancel(session: Session, asker: Asker, row: InterpreterOrder, why: str, now: datetime) -> None:
    """Nobody is to come any longer, and no time is held. Who had been found is still to be told."""
    release(session, CAUSE, row.meeting_id)
    becomes(row, after(row.state, CANCEL), now)
    row.why, row.told_at = why, None
    noted(session, asker, row)


def _come_back(session: Session, asker: Asker, needed: Needed, now: datetime) -> InterpreterOrder | None:
    """The order that was cancelled with its meeting, if whoever was to come still can.

    Who has not been told yet has heard of nothing: what they said stands, if it is the same time.
    """
    talk = needed.talk
    row = order_queries.latest_cancelled(session, talk.meeting_id, needed.language, WITH_MEETING)
    if row is None or not _can_come(session, asker, row, Span(talk.starts_at, talk.ends_at)):
        return None
    same = (row.starts_at, row.ends_at) == (talk.starts_at, talk.ends_at) and not needed.matters(row.way)
    state, told, mailed = _state_again(row, same), row.told_at is not None, Mailed.of(row.letter_said)
    row.starts_at, row.ends_at, row.way = talk.starts_at, talk.ends_at, needed.way_after(row.way)
    row.why, row.told_at = "", None
    if row.interpreter_id is None:
        row.letter_said = called_off(mailed).kept if told else row.letter_said
        told = told or mailed.says_off
    return _stands(session, asker, row, CHANGED if told and state != ASKED else state, now)


def _state_again(row: InterpreterOrder, same: bool) -> str:
    if row.interpreter_id is None and not row.by_agency:
        return ASKED
    if not same:
        return CHANGED
    return CONFIRMED if row.confirmed_at else ASSIGNED


def reword(
    session: Session, asker: Asker, row: InterpreterOrder, wish: OrderWish, mode: str, now: datetime
) -> None:
    """What is wished for becomes this; who has said yes to something else is asked anew."""
    way = wish.way or usual_way(mode)
    if (row.dialect, row.gender, row.way) == (wish.dialect, wish.gender, way):
        return
    row.dialect, row.gender, row.way = wish.dialect, wish.gender, way
    _stands(session, asker, row, after(row.state, MOVE), now)


def noted(session: Session, asker: Asker, row: InterpreterOrder) -> InterpreterOrder:
    """The change leaves its line in the journal."""
    session.flush()
    note(session, asker, action="change", kind=KIND, subject=row.person_id, object_id=row.meeting_id)
    return row
