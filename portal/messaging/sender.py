"""Sending one message: claim it, call the provider with no database held, write down what came of it.

Each step commits before the next begins, so that a worker may die between any two of them: before the
claim nothing has happened; after it the message becomes `unknown`, and is never sent a second time (S53).
A worker that slept through its lease and comes back overwrites nothing that was decided since.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import CannotOpen
from portal.db import Database
from portal.messaging import pace_service, queries, rules, service
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from portal.messaging.models import OutboxMessage
from portal.messaging.pace_rules import UNPACED, Pace, Paces, Patience

log = logging.getLogger(__name__)

Check = Callable[[Session, OutboxMessage, datetime], rules.Verdict]
"""The last question before sending: is it still true, and may this person still be written to?"""


@dataclass(frozen=True)
class Claim:
    """A message in one sender's hands, and the number of the claim that it must still bear when settled.

    `provider`: by whom it leaves.
    """

    message: Outgoing
    fence: int
    provider: str


UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, NoResultFound)
"""What the check of one message may stumble over while nothing is wrong with database or worker."""

URGENT_ONLY, ALL = rules.URGENT, rules.LAST
"""How far down in priority one sender goes."""


def due(now: datetime, lowest: int) -> Select[OutboxMessage]:
    """What may be sent now, with a priority of at most `lowest`; what somebody waits for comes first.

    Then what has the least time left, so that after a long stop as little as can be comes too late (S52).
    """
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
        .order_by(OutboxMessage.priority, OutboxMessage.expires_at, OutboxMessage.created_at)
    )


def claim(
    session: Session,
    now: datetime,
    check: Check,
    *,
    lowest: int = ALL,
    paces: Paces = UNPACED,
    left_alone: Collection[str] = (),
) -> Claim | None:
    """Lease the next message for its attempt and hand it out; None when nothing is due, or not at this pace.

    What leaves by a provider whose turn it is not, or that is `left_alone`, is passed over: the others go
    on. What `check` drops is cancelled, what it delays waits. Two workers never claim the same row: SQLite
    has one writer, PostgreSQL skips locked rows.
    """
    paced = paces.paced if lowest != URGENT_ONLY else ()
    turns = {name: pace_service.free(session, paces.of(name), now) for name in paced}
    chosen = queries.chosen_providers(session)
    shut = {*left_alone, *(name for name, turn in turns.items() if turn is None)}
    which = due(now, lowest).where(leaves_by_others(paces, chosen, shut)).limit(1)
    while row := session.scalars(which.with_for_update(skip_locked=True)).first():
        choice = chosen.get(row.organisation_id, "")
        claimed = _taken(session, row, now, check, choice, paces.way(row.channel, choice))
        session.flush()
        if claimed:
            if turn := turns.get(claimed.provider):
                pace_service.take(turn, paces.of(claimed.provider), row.parts, now)
            return claimed
    return None


def leaves_by_others(
    paces: Paces, chosen: Mapping[uuid.UUID, str], shut: Collection[str]
) -> ColumnElement[bool]:
    """What does not leave by one of the `shut` providers; `chosen` has the organisations that chose one."""
    if not shut:
        return true()
    ways = {one: paces.way(rules.SMS, choice) for one, choice in chosen.items()}
    if paces.own in shut:
        by_sms = OutboxMessage.organisation_id.in_([one for one, way in ways.items() if way not in shut])
    else:
        by_sms = OutboxMessage.organisation_id.not_in([one for one, way in ways.items() if way in shut])
    mail = OutboxMessage.channel == rules.EMAIL
    return and_(~mail, by_sms) if paces.way(rules.EMAIL, "") in shut else or_(mail, by_sms)


def _taken(
    session: Session, row: OutboxMessage, now: datetime, check: Check, choice: str, provider: str
) -> Claim | None:
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
                return _attempt(row, address, now, choice, provider)
    except CannotOpen:
        # A moved value, or a key that is not here: the others go on, and this one when the key is back.
        _set_aside(row, now)
    except UNFORESEEN as error:
        log.error("a message cannot be checked: %s", type(error).__name__)
        _set_aside(row, now)
    return None


def _set_aside(row: OutboxMessage, now: datetime) -> None:
    row.error_code, row.changed_at, row.next_try_at = "unreadable", now, now + rules.LONGEST_WAIT


def _attempt(row: OutboxMessage, address: str, now: datetime, choice: str, provider: str) -> Claim:
    if address and address != row.address:
        row.address = address
    seconds = int((row.expires_at - now).total_seconds())
    outgoing = Outgoing(
        *(row.id, row.address, row.body, seconds, row.attempts + 1),
        organisation_id=row.organisation_id,
        kind=row.kind,
        provider=choice,
        channel=row.channel,
        subject_line=row.subject_line,
        calendar=row.calendar,
        language=row.language,
        recording_id=row.recording_id,
    )
    service.become(row, rules.ATTEMPTING, now)
    row.leased_until, row.attempts, row.fence = now + rules.LEASE, row.attempts + 1, row.fence + 1
    row.provider = provider
    return Claim(outgoing, row.fence, provider)


def settle(
    session: Session,
    claimed: Claim,
    outcome: Outcome,
    now: datetime,
    *,
    keep_text: bool = False,
    paces: Paces = UNPACED,
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
    pace = paces.of(outcome.provider)
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


def wake(session: Session, provider: str, now: datetime) -> None:
    """This provider answers again: nobody needs to wait for a next try by it any longer (S52)."""
    waiting = select(OutboxMessage).where(
        OutboxMessage.provider == provider,
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
    paces: Paces = UNPACED,
    left_alone: Collection[str] = (),
) -> Outcome | None:
    """Send the next message that is due, in three steps; None when there was none, or it is not its turn."""
    with database.reading() as peek:
        busy = pace_service.busy(peek, paces.paced, now) if lowest != URGENT_ONLY else {}
        if not _is_due(peek, now, lowest, paces, {*left_alone, *busy}):
            return None
    with database.transaction() as claiming:
        claimed = claim(claiming, now, check, lowest=lowest, paces=paces, left_alone=left_alone)
    if claimed is None:
        return None
    outcome = gateway.send(claimed.message)
    # A way out that does not say who it is: the tests', and one that is not set up.
    outcome = replace(outcome, provider=outcome.provider or claimed.provider)
    with database.transaction() as settling:
        settle(settling, claimed, outcome, now, keep_text=gateway.keeps_text, paces=paces)
    if claimed.message.attempt > 1 and outcome.state in (rules.SENT, rules.DELIVERED):
        with database.transaction() as waking:
            wake(waking, outcome.provider, now)
    return outcome


def _is_due(session: Session, now: datetime, lowest: int, paces: Paces, shut: Collection[str]) -> bool:
    chosen = queries.chosen_providers(session) if shut else {}
    which = due(now, lowest).where(leaves_by_others(paces, chosen, shut))
    return session.execute(which.with_only_columns(OutboxMessage.id).limit(1)).first() is not None


def next_turn(database: Database, paces: Paces, now: datetime) -> timedelta | None:
    """How long until the next of the routine messages that are due may leave; None when none is."""
    with database.reading() as session:
        busy = pace_service.busy(session, paces.paced, now)
        everybody = {paces.own, *paces.rates, paces.way(rules.EMAIL, "")}
        waits = [
            busy.get(name, timedelta())
            for name in paces.paced
            if _is_due(session, now, ALL, paces, everybody - {name})
        ]
    return min(waits, default=None)


def send_due(
    database: Database,
    gateway: Gateway,
    now: Callable[[], datetime],
    check: Check,
    *,
    lowest: int = ALL,
    most: int = 50,
    paces: Paces = UNPACED,
    patience: Patience | None = None,
    stopping: Callable[[], bool] = bool,
) -> int:
    """Send what is due, at most `most`, until `stopping`; returns how many attempts were made.

    A provider that refused for now or did not answer is left alone from then on: the rest would fare no
    better, and the next round begins with the next message. What leaves by another goes on.
    """
    patience = patience or Patience()
    refused: set[str] = set()
    for made in range(most):
        moment = now()
        if stopping():
            return made
        outcome = send_next(
            database,
            gateway,
            moment,
            check,
            lowest=lowest,
            paces=paces,
            left_alone=refused | patience.left_alone(moment),
        )
        if outcome is None:
            return made
        patience.heard(outcome, moment)
        if outcome.state in (rules.QUEUED, rules.UNKNOWN):
            refused.add(outcome.provider)
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
        # An answer about another message says nothing of this one.
        if told and told.reference == found.provider_reference:
            service.become(row, told.state, now, error_code=told.error_code)
    return True
