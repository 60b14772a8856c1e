"""Counting attempts in the database, where neither a dropped cookie nor a restart forgets them (S12)."""

import logging
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, case, delete, false, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.crypto import code_hash
from portal.db import Instant
from portal.identity.session_models import AttemptCounter
from portal.identity.signin import rules

log = logging.getLogger(__name__)


def key(*parts: str) -> bytes:
    """What a counter is filed under: a hash of an account, an address, an organisation."""
    return code_hash("attempt", *parts)


def count(session: Session, limit: rules.Limit, key_hash: bytes, now: datetime, *, by: int = 1) -> int:
    """Count `by` more attempts under this key; returns how many there are in the period now.

    One statement, so that parallel attempts are all counted. With `by=0` it does the same work and
    counts nothing.
    """
    since = limit.over_since(now)
    anew = AttemptCounter.since <= since if since else false()
    values = {"kind": limit.kind, "key_hash": key_hash, "since": now, "count": by}
    place = ["kind", "key_hash"]
    changed = {
        "count": case((anew, literal(by)), else_=AttemptCounter.count + by),
        "since": case((anew, literal(now, Instant)), else_=AttemptCounter.since),
    }
    if session.get_bind().dialect.name == "sqlite":
        insert = sqlite.insert(AttemptCounter).values(values)
        statement = insert.on_conflict_do_update(index_elements=place, set_=changed)
        return session.scalars(statement.returning(AttemptCounter.count)).one()
    other = postgresql.insert(AttemptCounter).values(values)
    return session.scalars(
        other.on_conflict_do_update(index_elements=place, set_=changed).returning(AttemptCounter.count)
    ).one()


def count_from(session: Session, limit: rules.Limit, address: str, now: datetime) -> bool:
    """Count one more attempt from a network address; says whether it is too many."""
    return count(session, limit, _address_key(address), now) > limit.most


def hold(session: Session, address: str, *limits: rules.Limit) -> None:
    """Hold a network address's counters until this transaction ends.

    First of all in one that lets somebody in: who counts a try takes the address first and then the
    account, and two that take them the other way round wait for each other (S12).
    """
    session.execute(
        select(AttemptCounter.kind)
        .where(
            AttemptCounter.kind.in_([limit.kind for limit in limits]),
            AttemptCounter.key_hash == _address_key(address),
        )
        .order_by(AttemptCounter.kind)
        .with_for_update()
    )


def give_back(session: Session, address: str, *limits: rules.Limit) -> None:
    """Take back the try that a success cost its network address, which many colleagues may share (S12)."""
    for limit in limits:
        session.execute(
            update(AttemptCounter)
            .where(
                AttemptCounter.kind == limit.kind,
                AttemptCounter.key_hash == _address_key(address),
                AttemptCounter.count > 0,
            )
            .values(count=AttemptCounter.count - 1)
        )


def count_failure(session: Session, now: datetime) -> None:
    """Count a code, a PIN or a password that did not fit, over all accounts; sounds the alarm (S12)."""
    failures = count(session, rules.FAILURES, key("everybody"), now)
    if failures % rules.FAILURES.most == 0:
        log.error("%s failed tries to sign in within an hour, over all accounts", failures)


def standing(session: Session, limit: rules.Limit, key_hash: bytes) -> int:
    """How many attempts stand under this key, for a limit without a period."""
    found = session.scalar(
        select(AttemptCounter.count).where(
            AttemptCounter.kind == limit.kind, AttemptCounter.key_hash == key_hash
        )
    )
    return found or 0


def lift(session: Session, limit: rules.Limit, key_hash: bytes) -> None:
    """Forget what was counted under this key."""
    session.execute(
        delete(AttemptCounter).where(AttemptCounter.kind == limit.kind, AttemptCounter.key_hash == key_hash)
    )


def forget_old(session: Session, now: datetime) -> int:
    """Remove counters whose period is over; returns how many. Those that staff must lift stay."""
    done = session.execute(
        delete(AttemptCounter).where(
            AttemptCounter.kind != rules.PIN_GUESSES.kind, AttemptCounter.since <= now - rules.LONGEST_PERIOD
        )
    )
    return cast("CursorResult[object]", done).rowcount


def _address_key(address: str) -> bytes:
    return key("address", rules.network(address))
