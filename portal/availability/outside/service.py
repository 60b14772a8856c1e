"""Adding and removing calendars elsewhere, and keeping what was read of them. Nothing here commits.

A reading is three steps: `claim` (a transaction), `read` (none: no connection is held while another server
takes its time), `settle` (a transaction). Whoever is killed in between leaves the calendar to the next one.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from portal.availability.outside import rules
from portal.availability.outside.address_rules import parse
from portal.availability.outside.expander import expand
from portal.availability.outside.gateway import NOTHING_SEEN, Failed, Fetched, Net, Seen, fetch
from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.availability.outside.reading_rules import Reading
from portal.availability.rules import Span
from portal.availability.span_rules import merged
from portal.crypto import lookup_hash
from portal.identity.models import Person
from portal.identity.scope import coaching
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.organisation.host_rules import are_hosts, hosts
from portal.organisation.models import Organisation
from portal.organisation.queries import rules_of
from portal.organisation.rules import Rules
from portal.web.asker import Asker
from portal.web.errors import Refused

Known = Callable[[Session, Collection[uuid.UUID]], set[uuid.UUID]]
"""Which of these UIDs are of our own meetings, which are busy here already."""


class TooMany(Refused):
    """The person has as many calendars as may be."""


@dataclass(frozen=True, slots=True)
class Job:
    """A calendar that is to be read by whoever has claimed it until `claim`."""

    id: uuid.UUID
    address: str
    hosts: tuple[str, ...]
    seen: Seen
    window: Span
    zone_name: str
    claim: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reading went: `problem` "" when well; `reading` None when nothing has changed since the last."""

    problem: str = ""
    reading: Reading | None = None
    seen: Seen = NOTHING_SEEN


def own_hosts(own: Rules) -> tuple[str, ...]:
    """The hosts that an organisation reads from beside the known ones; none where they cannot be read."""
    return hosts(own.calendar_hosts) if are_hosts(own.calendar_hosts) else ()


def add(session: Session, asker: Asker, address: str, now: datetime) -> OutsideCalendar:
    """The asker's times count from this calendar too, soon; said twice it counts once.

    Raises WrongAddress, TooMany.
    """
    kept = str(parse(address, own_hosts(rules_of(session, asker))))
    lock_people(session, (asker.person_id,))
    hashed = lookup_hash("outside calendar", kept)
    own = select(OutsideCalendar).where(OutsideCalendar.person_id == asker.person_id)
    same = session.scalars(own.where(OutsideCalendar.address_hash == hashed)).one_or_none()
    if same is not None:
        return same
    if (session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= rules.MOST_CALENDARS:
        raise TooMany
    row = OutsideCalendar(
        person_id=asker.person_id, address=kept, address_hash=hashed, added_at=now, next_at=now
    )
    session.add(row)
    session.flush()
    note(session, asker, action="change", kind="calendar", subject=asker.person_id)
    return row


def remove(session: Session, asker: Asker, calendar_id: uuid.UUID) -> None:
    """The asker's calendar counts no longer, and nothing of it is kept. Raises NoResultFound."""
    row = session.scalars(
        select(OutsideCalendar).where(
            OutsideCalendar.id == calendar_id, OutsideCalendar.person_id == asker.person_id
        )
    ).one()
    session.execute(delete(OutsideBusy).where(OutsideBusy.calendar_id == row.id))
    session.delete(row)
    session.flush()
    note(session, asker, action="change", kind="calendar", subject=asker.person_id)


# The worker


def claim(session: Session, now: datetime) -> Job | None:
    """The calendar whose turn it is, for us alone; None when none is due."""
    found = session.execute(
        select(OutsideCalendar, Organisation)
        .join(Person, Person.id == OutsideCalendar.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(OutsideCalendar.next_at <= now, OutsideCalendar.person_id.in_(coaching()))
        .order_by(OutsideCalendar.next_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=OutsideCalendar)
    ).first()
    if found is None:
        return None
    row, house = found[0], found[1]
    row.next_at = now + rules.CLAIMED
    session.flush()
    expanded = row.expanded_at is not None and row.expanded_at > now - rules.EXPANDED_EVERY
    return Job(
        id=row.id,
        address=row.address,
        hosts=own_hosts(house.rules),
        seen=Seen(row.etag, row.modified) if expanded and not row.problem else NOTHING_SEEN,
        window=rules.window(now, house.rules.horizon_days),
        zone_name=house.zone_name,
        claim=row.next_at,
    )


def read(job: Job, net: Net) -> Outcome:
    """What stands in the calendar now. Asks its server, and nothing of ours."""
    try:
        found: Fetched = fetch(job.address, job.hosts, job.seen, net)
        if found.body is None:
            return Outcome(seen=found.seen)
        return Outcome("", expand(found.body, job.window, job.zone_name), found.seen)
    except Failed as failed:
        return Outcome(failed.code)


def settle(session: Session, job: Job, outcome: Outcome, known: Known, now: datetime) -> bool:
    """Keep how a reading went; False where the calendar has been removed, or claimed anew, meanwhile."""
    held = select(OutsideCalendar).where(OutsideCalendar.id == job.id, OutsideCalendar.next_at == job.claim)
    row = session.scalars(held.with_for_update()).one_or_none()
    if row is None:
        return False
    problem = outcome.problem
    if outcome.reading is not None:
        spans = _others(session, outcome.reading, known)
        problem = "too_big" if len(spans) > rules.MOST_SPANS else ""
        if not problem:
            _replace(session, row, spans)
            row.expanded_at, row.passed_over = now, outcome.reading.passed_over
    row.problem = problem
    row.failures = row.failures + 1 if problem else 0
    if not problem:
        row.read_at, row.etag, row.modified = now, outcome.seen.etag, outcome.seen.modified
    row.next_at = rules.next_read(row.id, now, row.failures)
    session.flush()
    return True


def _others(session: Session, reading: Reading, known: Known) -> list[Span]:
    """The times of what is not one of our own meetings come back: those are busy here already."""
    uids = {found for one in reading.busy if (found := _uuid(one.uid)) is not None}
    ours = {str(uid) for uid in known(session, uids)} if uids else set()
    return merged(
        Span(datetime.fromtimestamp(one.start, UTC), datetime.fromtimestamp(one.end, UTC))
        for one in reading.busy
        if one.uid.lower() not in ours
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def _replace(session: Session, row: OutsideCalendar, spans: list[Span]) -> None:
    own = OutsideBusy.calendar_id == row.id
    standing = session.execute(select(OutsideBusy.starts_at, OutsideBusy.ends_at).where(own))
    if sorted((one.starts_at, one.ends_at) for one in standing) == [(one.start, one.end) for one in spans]:
        return
    session.execute(delete(OutsideBusy).where(own))
    session.add_all(OutsideBusy(calendar_id=row.id, starts_at=span.start, ends_at=span.end) for span in spans)


def forget(session: Session, now: datetime) -> int:
    """Remove the calendars of those who meet nobody any longer, and times that stand no longer; how many."""
    gone = select(OutsideCalendar.id).where(OutsideCalendar.person_id.not_in(coaching()))
    old = select(OutsideCalendar.id).where(OutsideCalendar.read_at <= now - rules.STANDS)
    done = 0
    for wanted in (
        delete(OutsideBusy).where(OutsideBusy.calendar_id.in_(gone.union(old))),
        delete(OutsideCalendar).where(OutsideCalendar.person_id.not_in(coaching())),
    ):
        found = session.execute(wanted.execution_options(synchronize_session=False))
        done += cast("CursorResult[object]", found).rowcount
    return done
