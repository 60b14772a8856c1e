"""Sending one message: claim it, call the provider with no database held, write down what came of it.

Each step commits before the next begins, so that a worker may die between any two of them: before the
claim nothing has happened; after it the message becomes `unknown`, and is never sent a second time (S53).
A worker that slept through its lease and comes back overwrites nothing that was decided since.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import CannotOpen
from portal.db import Database
from portal.messaging import pace_service, queries, rules, service
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from portal.messaging.models import OutboxMessage
from portal.messaging.pace_service import UNPACED, Pace

log = logging.getLogger(__name__)

Check = Callable[[Session, OutboxMessage, datetime], rules.Verdict]
"""The last question before sending: is it still true, and may this person still be written to?"""


@dataclass(frozen=True)
class Claim:
    """A message in one sender's hands, and the number of the claim that it must still bear when settled."""

    message: Outgoing
    fence: int


UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, NoResultFound)
"""What the check of one message may stumble over while nothing is wrong with database or worker."""

URGENT_ONLY, ALL = rules.URGENT, rules.LAST
"""How far down in priority one sender goes."""


def due(now: datetime, lowest: int) -> Select[OutboxMessage]:
    """What may be sent now, with a priority of at most `lowest`; what somebody waits for comes first."""
    return (
        select(OutboxMessage)
        .where(
            OutboxMessage.state == rules.QUEUED,
            OutboxMessage.priority <= lowest,
            OutboxMessage.expires_at > now,
            # What was due when it was written stays so when the clock is set back since (S54).
            or_(
                OutboxMessage.not_before <= now,
                and_(OutboxMessage.created_at > now, OutboxMessage.not_before <= OutboxMessage.created_at),
            ),
            # A wait that began later than now began before the clock was set back.
            or_(OutboxMessage.next_try_at <= now, OutboxMessage.changed_at > now),
        )
        .order_by(OutboxMessage.priority, OutboxMessage.not_before, OutboxMessage.created_at)
    )


def claim(
    session: Session, now: datetime, check: Check, *, lowest: int = ALL, pace: Pace = UNPACED
) -> Claim | None:
    """Lease the next message for its attempt and hand it out; None when nothing is due, or not at this pace.

    What `check` drops is cancelled, what it delays waits. Two workers never claim the same row: SQLite
    has one writer, PostgreSQL skips locked rows.
    """
    paced = _paced(lowest, pace)
    turn = pace_service.free(session, pace, now) if paced else None
    if paced and turn is None:
        return None
    while row := session.scalars(due(now, lowest).limit(1).with_for_update(skip_locked=True)).first():
        claimed = _taken(session, row, now, check)
        session.flush()
        if claimed:
            row.provider = pace.provider
            if turn:
                pace_service.take(turn, pace, row.parts, now)
            return claimed
    return None


def _paced(lowest: int, pace: Pace) -> bool:
    return lowest != URGENT_ONLY and pace.a_minute > 0


def _taken(session: Session, row: OutboxMessage, now: datetime, check: Check) -> Claim | None:
    try:
        verdict = check(session, row, now)
        match verdict:
            case rules.Drop(reason):
                service.become(row, rules.CANCELLED, now, error_code=reason)
            case rules.Wait(until) if until >= row.expires_at:
                service.become(row, rules.EXPIRED, now, error_code=row.error_code)
            case rules.Wait(until):
                row.not_before = max(until, row.not_before)
                # Put before the clock was set back, it would be due by `not_before` again at once, for ever.
                row.changed_at, row.next_try_at = now, until
            case rules.Go(address):
                return _attempt(session, row, address, now)
    except CannotOpen:
        # A moved value, or a key that is not here: the others go on, and this one when the key is back.
        _set_aside(row, now)
    except UNFORESEEN as error:
        log.error("a message cannot be checked: %s", type(error).__name__)
        _set_aside(row, now)
    return None


def _set_aside(row: OutboxMessage, now: datetime) -> None:
    row.error_code, row.changed_at, row.next_try_at = "unreadable", now, now + rules.LONGEST_WAIT


def _attempt(session: Session, row: OutboxMessage, address: str, now: datetime) -> Claim:
    if address and address != row.address:
        row.address = address
    seconds = int((row.expires_at - now).total_seconds())
    outgoing = Outgoing(
        row.id,
        row.address,
        row.body,
        seconds,
        row.attempts + 1,
        organisation_id=row.organisation_id,
        kind=row.kind,
        provider=queries.chosen_provider(session, row.organisation_id),
        channel=row.channel,
        subject_line=row.subject_line,
    )
    service.become(row, rules.ATTEMPTING, now)
    row.leased_until, row.attempts, row.fence = now + rules.LEASE, row.attempts + 1, row.fence + 1
    return Claim(outgoing, row.fence)


def settle(
    session: Session,
    claimed: Claim,
    outcome: Outcome,
    now: datetime,
    *,
    keep_text: bool = False,
    pace: Pace = UNPACED,
) -> None:
    """Write down what came of an attempt, if it is still this sender's to write.

    What was given up meanwhile may go forward from `unknown`, to where the provider says that it is. What a
    receipt, staff or another sender has decided since stands.
    """
    which = select(OutboxMessage).where(OutboxMessage.id == claimed.message.id)
    row = session.scalars(which.with_for_update()).one()
    if row.fence != claimed.fence or row.state not in (rules.ATTEMPTING, rules.UNKNOWN):
        return
    if row.provider_reference and row.provider_reference != outcome.reference:
        return
    row.provider = outcome.provider
    moved = service.become(
        row,
        outcome.state,
        now,
        error_code=outcome.error_code,
        reference=outcome.reference,
        keep_text=keep_text,
    )
    if moved and outcome.state == rules.QUEUED:
        _try_later(session, row, outcome, now, pace)
    elif moved and pace.a_minute and outcome.state in (rules.SENT, rules.DELIVERED):
        pace_service.left(session, pace, now)
    row.provider_reference = row.provider_reference or outcome.reference
    session.flush()


def _try_later(session: Session, row: OutboxMessage, outcome: Outcome, now: datetime, pace: Pace) -> None:
    """When this message is tried again; and all that is routine, where we have been too fast."""
    wait = rules.wait_before_retry(row.kind, row.attempts)
    too_fast = rules.pause(wait, outcome.error_code, outcome.retry_after)
    row.next_try_at = now + (too_fast or wait)
    if too_fast and pace.a_minute:
        pace_service.pause(session, pace, row.next_try_at, now)


def wake(session: Session, now: datetime) -> None:
    """The provider answers again: nobody needs to wait for a next try any longer (S52)."""
    waiting = select(OutboxMessage).where(
        OutboxMessage.state == rules.QUEUED,
        OutboxMessage.attempts > 0,
        OutboxMessage.next_try_at > now,
        # Who was told to slow down keeps to it.
        OutboxMessage.error_code.not_in(rules.TOO_MANY),
    )
    for row in session.scalars(waiting.with_for_update(skip_locked=True)):
        row.next_try_at = now


def send_next(
    database: Database,
    gateway: Gateway,
    now: datetime,
    check: Check,
    *,
    lowest: int = ALL,
    pace: Pace = UNPACED,
) -> Outcome | None:
    """Send the next message that is due, in three steps; None when there was none, or it is not its turn."""
    with database.reading() as peek:
        if _paced(lowest, pace) and pace_service.wait(peek, pace, now):
            return None
        if peek.execute(due(now, lowest).with_only_columns(OutboxMessage.id).limit(1)).first() is None:
            return None
    with database.transaction() as claiming:
        claimed = claim(claiming, now, check, lowest=lowest, pace=pace)
    if claimed is None:
        return None
    outcome = gateway.send(claimed.message)
    with database.transaction() as settling:
        settle(settling, claimed, outcome, now, keep_text=gateway.keeps_text, pace=pace)
    if claimed.message.attempt > 1 and outcome.state in (rules.SENT, rules.DELIVERED):
        with database.transaction() as waking:
            wake(waking, now)
    return outcome


@dataclass
class Patience:
    """How long to leave a provider alone that does not answer: each doubt costs somebody an SMS.

    Pauses double from `first` to `longest`; any answer ends them.
    """

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=5)
    doubts: int = 0
    until: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Whether it may be tried now. A pause that a clock set back would stretch is over."""
        return self.until is None or now >= self.until or self.until - now > self.longest

    def heard(self, outcome: Outcome, now: datetime) -> None:
        """Remember what came of an attempt."""
        if outcome.state != rules.UNKNOWN:
            self.doubts, self.until = 0, None
            return
        self.until = now + min(self.longest, self.first * (1 << min(self.doubts, 12)))
        self.doubts += 1


def send_due(
    database: Database,
    gateway: Gateway,
    now: Callable[[], datetime],
    check: Check,
    *,
    lowest: int = ALL,
    most: int = 50,
    pace: Pace = UNPACED,
    patience: Patience | None = None,
    stopping: Callable[[], bool] = bool,
) -> int:
    """Send what is due, at most `most`, until `stopping`; returns how many attempts were made.

    Stops at the first attempt that the provider refused for now or did not answer: the rest would fare
    no better, and the next round begins with the next message.
    """
    patience = patience or Patience()
    for made in range(most):
        moment = now()
        if stopping() or not patience.over(moment):
            return made
        outcome = send_next(database, gateway, moment, check, lowest=lowest, pace=pace)
        if outcome is None:
            return made
        patience.heard(outcome, moment)
        if outcome.state in (rules.QUEUED, rules.UNKNOWN):
            return made + 1
    return most


def ask_next(database: Database, gateway: Gateway, now: datetime) -> bool:
    """Ask the provider about one message whose report is overdue; says whether there was one."""
    with database.reading() as peek:
        found = peek.execute(
            select(OutboxMessage.id, OutboxMessage.provider, OutboxMessage.provider_reference)
            .where(
                OutboxMessage.state.in_((rules.SENT, rules.UNKNOWN)),
                OutboxMessage.provider_reference != "",
                OutboxMessage.changed_at.between(now - rules.ASK_UNTIL, now - rules.ASK_AFTER),
                or_(OutboxMessage.asked_at.is_(None), OutboxMessage.asked_at < now - rules.ASK_AGAIN),
            )
            .order_by(OutboxMessage.changed_at)
            .limit(1)
        ).first()
    if found is None:
        return False
    told = gateway.look_up(found.provider_reference, found.provider)
    with database.transaction() as settling:
        row = settling.get_one(OutboxMessage, found.id, with_for_update=True)
        row.asked_at = now
        if told:
            service.become(row, told.state, now, error_code=told.error_code)
    return True
