"""Putting what is due in the outbox, and asking once more before it leaves."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import NoReturn

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.booking.shown_queries import Due, Standing
from portal.identity.models import Person
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.messaging.queries import Key
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.notices import template_queries
from portal.notices.rules import Hours
from portal.notices.template_rules import Wordings
from portal.organisation import queries as organisations
from portal.reminders import news_service, rules
from portal.reminders.hours_queries import hours_of
from portal.web.errors import Refused

_KIND = {rules.THREE_DAYS: kinds.THREE_DAYS, rules.ONE_DAY: kinds.ONE_DAY}
UNDER_WAY = frozenset({messaging.QUEUED, messaging.ATTEMPTING, messaging.SENT, messaging.DELIVERED})


class NoMeeting(Refused):
    """There is no meeting ahead to remind of."""


class NotReachable(Refused):
    """The person gets no SMS; `code` (of `messaging.words.REASONS`) is why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AlreadySent(Refused):
    """This meeting has been reminded of by hand, and nothing says that it did not arrive."""


def fail(error: Exception) -> NoReturn:
    """Raise what went wrong with one meeting."""
    raise error


def tick(session: Session, now: datetime, failed: Callable[[Exception], object] = fail) -> int:
    """Put every reminder that is due in the outbox; returns how many are new.

    Nothing is scheduled ahead: a meeting that moves or goes needs no clean-up. What was taken back
    because of the person is said again once they can be written to. A meeting whose reminder cannot be
    put is handed to `failed`, and the others go on; a database that is away stops everything.
    """
    found = booking.starting_between(session, now, now + rules.AHEAD)
    said = outbox.said_about(session, [meeting.id for meeting in found])
    places = {one.id: one for one in organisations.everyone(session)}
    hours = cache(lambda place: hours_of(places[place]))
    wordings = cache(lambda place: template_queries.wordings(session, place))
    made = 0
    for meeting in found:
        try:
            place = meeting.organisation_id
            made += _remind(session, meeting, hours(place), said, now, wordings)
        except OperationalError:
            raise
        except Exception as error:
            failed(error)
    return made


def _remind(
    session: Session,
    meeting: Due,
    hours: Hours,
    said: dict[Key, int | None],
    now: datetime,
    wordings: Callable[[uuid.UUID], Wordings],
) -> bool:
    due = rules.due(meeting.starts_at, meeting.settled_at, now, hours)
    if due is None:
        return False
    again = said.get((_KIND[due.which], meeting.id, meeting.revision), 0)
    if again is None:
        return False
    # A savepoint of its own: what the database refuses of one meeting takes no other with it.
    with session.begin_nested():
        put = notices.meeting_reminder(
            session,
            person_id=meeting.person_id,
            appointment_id=meeting.id,
            revision=meeting.revision,
            which=due.which,
            starts_at=meeting.starts_at,
            not_before=due.at,
            expires_at=due.expires_at,
            now=now,
            again=again,
            held=booking.held(session, meeting.id),
            own=wordings(meeting.organisation_id),
        )
    return put is not None


def check(session: Session, message: OutboxMessage, now: datetime) -> messaging.Verdict:
    """Is a message still true, and may it be sent? The outbox asks just before sending.

    What was said of a meeting that has changed since is dropped; so is the reminder three days before
    when the one of the day before is due as well. Whoever has left hears only that a meeting is off.
    """
    if message.kind == kinds.SOMETHING_NEW and not news_service.is_waiting(session, message.subject, now):
        return messaging.Drop("read")
    if message.kind not in kinds.KINDS:
        return notices.check(session, message, now)
    standing = booking.standing(session, message.subject)
    if stale := _stale(session, message, standing):
        return messaging.Drop(stale)
    return notices.check(session, message, now)


def _stale(session: Session, message: OutboxMessage, standing: Standing | None) -> str:
    newer = (kinds.ONE_DAY, message.subject, message.revision)
    three = message.kind == kinds.THREE_DAYS
    said = three and newer in outbox.said_about(session, [message.subject])
    return stale(message, standing, newer=said)


def stale(message: OutboxMessage, standing: Standing | None, *, newer: bool) -> str:
    """Why a message about a meeting is true no longer, as a code; "" while it is.

    `newer`: whether the reminder of the day before has been put.
    """
    if standing is None or standing.revision != message.revision:
        return "changed"
    if standing.cancelled != (message.kind == kinds.CANCELLED):
        return "cancelled" if standing.cancelled else "changed"
    if not standing.enrolled and not standing.cancelled:
        return "closed"
    return "newer" if newer and message.kind == kinds.THREE_DAYS else ""


def send_now(session: Session, person: Person, now: datetime) -> OutboxMessage:
    """Remind a participant, whom the caller may write to, of their next meeting now.

    Pressing twice sends once; after a failure or a doubt it can be sent again. Raises NoMeeting,
    NotReachable, AlreadySent (when it has left; while it waits, the waiting one is returned).
    """
    meeting = booking.next_due(session, person.id, now)
    if meeting is None:
        raise NoMeeting
    if refusal := notices.refusal(session, person, now):
        raise NotReachable(refusal)
    earlier = by_hand(session, meeting.id, meeting.revision)
    last = earlier[-1] if earlier else None
    if last and last.state in (messaging.QUEUED, messaging.ATTEMPTING):
        return last
    if last and last.state in UNDER_WAY:
        raise AlreadySent
    made = notices.meeting_reminder(
        session,
        person_id=person.id,
        appointment_id=meeting.id,
        revision=meeting.revision,
        which=rules.NOW,
        starts_at=meeting.starts_at,
        not_before=now,
        expires_at=meeting.starts_at,
        now=now,
        again=last.again + 1 if last else 0,
        held=booking.held(session, meeting.id),
    )
    if made is None:
        raise NotReachable("no sms")
    return made


def by_hand(session: Session, meeting_id: uuid.UUID, revision: int) -> list[OutboxMessage]:
    """The reminders that staff have sent of this meeting as it stands, the oldest first."""
    said = outbox.about(session, meeting_id)
    return [one for one in said if one.kind == kinds.NOW and one.revision == revision]
