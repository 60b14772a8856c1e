"""Putting what is due in the outbox, and asking once more before it leaves."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import NoReturn

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.booking.network import told_queries as network
from portal.groups import due_queries as groups
from portal.identity.models import Person
from portal.interpreting import order_queries as interpreting
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.messaging.queries import Key
from portal.notices import agency_service, invitation_rules, template_queries
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.notices.due_rules import Due, Standing
from portal.notices.template_rules import Wordings
from portal.organisation import queries as organisations
from portal.reminders import follow_up_service, news_service, rules, subject_queries
from portal.reminders.hours_queries import house_of
from portal.reminders.rules import House, Reminder
from portal.web.errors import Refused

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
    places = {one.id: one for one in organisations.everyone(session)}
    house = cache(lambda place: house_of(places[place]))
    wordings = cache(lambda place: template_queries.wordings(session, place))
    ready: list[tuple[Due, Reminder]] = []
    for meeting in subject_queries.starting_between(session, now, now + rules.AHEAD):
        try:
            if due := _due(meeting, house(meeting.organisation_id), now):
                ready.append((meeting, due))
        except Exception as error:
            failed(error)
    said = outbox.said_about(session, [meeting.id for meeting, _ in ready])
    made = 0
    for meeting, due in ready:
        try:
            made += _remind(session, meeting, due, said, now, wordings)
        except OperationalError:
            raise
        except Exception as error:
            failed(error)
    return made


def _due(meeting: Due, house: House, now: datetime) -> Reminder | None:
    timing = house.timing_for(meeting.timing, meeting.timing_at)
    hours = house.hours.narrowed(meeting.earliest_hour, meeting.latest_hour)
    return rules.due(meeting.starts_at, meeting.settled_at, now, hours, timing)


def _remind(
    session: Session,
    meeting: Due,
    due: Reminder,
    said: dict[Key, int | None],
    now: datetime,
    wordings: Callable[[uuid.UUID], Wordings],
) -> bool:
    kind = kinds.OF_STEP[due.which]
    again = said.get((kind, meeting.id, meeting.revision), 0)
    # When somebody is reminded may have changed since the last one.
    instead = kinds.BY_ITSELF if due.late else kinds.nearer(kind)
    if again is None or _stands(said, instead, meeting.id, meeting.revision):
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
            held=subject_queries.held(session, meeting.id),
            own=wordings(meeting.organisation_id),
        )
    return put is not None


def check(session: Session, message: OutboxMessage, now: datetime) -> messaging.Verdict:
    """Is a message still true, and may it be sent? The outbox asks just before sending.

    What was said of a meeting that has changed since is dropped; so is a reminder when one nearer to the
    meeting is due as well. Whoever has left hears only that a meeting is off.
    """
    if message.kind == kinds.SOMETHING_NEW and not news_service.is_waiting(session, message.subject, now):
        return messaging.Drop("read")
    if message.kind == kinds.FOLLOW_UP and not follow_up_service.is_true(session, message):
        return messaging.Drop("asked")
    if message.kind == kinds.SEAT and not groups.offer_stands(
        session, message.subject, message.revision, now
    ):
        return messaging.Drop("answered")
    if message.kind in invitation_rules.KINDS:
        return messaging.Go() if network.stands(session, message, now) else messaging.Drop("changed")
    if message.kind == agency_service.KIND:
        # It goes to nobody here, and what has changed stands in the next one; but no e-mail names these.
        named = interpreting.names_protected(session, message.subject)
        return messaging.Drop("changed") if named else messaging.Go()
    if message.kind not in kinds.KINDS:
        return notices.check(session, message, now)
    standing = subject_queries.standing(session, message.subject)
    if stale := _stale(session, message, standing):
        return messaging.Drop(stale)
    return notices.check(session, message, now)


def _stale(session: Session, message: OutboxMessage, standing: Standing | None) -> str:
    nearer = kinds.nearer(message.kind)
    said = outbox.said_about(session, [message.subject]) if nearer else {}
    return stale(message, standing, newer=_stands(said, nearer, message.subject, message.revision))


def _stands(said: dict[Key, int | None], which: Iterable[str], meeting_id: uuid.UUID, revision: int) -> bool:
    """Whether one of these kinds was put about a meeting as it stands, and was not taken back."""
    return any(said.get((kind, meeting_id, revision), 0) is None for kind in which)


def stale(message: OutboxMessage, standing: Standing | None, *, newer: bool) -> str:
    """Why a message about a meeting is true no longer, as a code; "" while it is.

    `newer`: whether a reminder nearer to the meeting has been put.
    """
    if standing is None or standing.revision != message.revision:
        return "changed"
    if standing.cancelled != (message.kind in kinds.OFF):
        return "cancelled" if standing.cancelled else "changed"
    if not standing.enrolled and not standing.cancelled:
        return "closed"
    return "newer" if newer else ""


def send_now(session: Session, person: Person, now: datetime) -> OutboxMessage:
    """Remind a participant, whom the caller may write to, of their next meeting as soon as their hours allow.

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
