"""Whom a coach is to ring, instead of an SMS: about a meeting, or because something new waits.

And because a voice reached nobody.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.identity.models import Person
from portal.identity.scope import participants_of
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices.models import CallWish
from portal.organisation import queries as organisations
from portal.reminders import call_group_queries, news_rules, news_service, rules
from portal.reminders.call_rules import REMIND, SOMETHING_NEW, WRITTEN, Call, in_order
from portal.web.asker import Asker

CAN_BE_RUNG = (Person.sms_unsafe.is_(False), Person.disabled_at.is_(None), Person.phone_hash.is_not(None))
"""Whom a call can reach: nobody whom an SMS would endanger (S34)."""
RUNG = (
    *CAN_BE_RUNG,
    or_(Person.way == kinds.CALL, and_(Person.sms_stopped_at.is_not(None), Person.way != kinds.EMAIL)),
)
"""Who is rung up: by their own wish, or because of STOP, which says nothing against e-mail."""


def is_rung(person: Person) -> bool:
    """As RUNG, of somebody whom the caller has."""
    stopped = person.sms_stopped_at is not None and person.way != kinds.EMAIL
    return (person.way == kinds.CALL or stopped) and can_be_rung(person)


def may_be_rung(person: Person) -> bool:
    """Whether there may be a call to them: they are rung up, or by a voice, which may reach nobody."""
    return is_rung(person) or (person.way == kinds.VOICE and can_be_rung(person))


def can_be_rung(person: Person) -> bool:
    """As CAN_BE_RUNG, of somebody whom the caller has; nobody with protected identity either."""
    silent = person.sms_unsafe or person.protected or person.disabled_at is not None
    return not silent and person.phone_hash is not None


def calls(session: Session, asker: Asker, now: datetime) -> tuple[Call, ...]:
    """The calls about meetings that the asker's participants wait for, the oldest first; two queries.

    News is told whenever it comes, a coming meeting on the last working day before it, and at once what a
    voice was to say and nobody heard. Nobody is rung whom an SMS would endanger (S34), nor about what must
    leave no trace (S33). So with the sessions of groups.
    """
    rows = session.execute(
        select(Appointment, Person, CallWish, OutboxMessage)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(
            CallWish,
            and_(CallWish.subject == Appointment.id, CallWish.revision == Appointment.revision),
        )
        .outerjoin(OutboxMessage, _unheard())
        .where(
            Appointment.person_id.in_(participants_of(asker)),
            Appointment.in_portal.is_(True),
            Appointment.starts_at > now,
            *CAN_BE_RUNG,
            or_(OutboxMessage.id.is_not(None), and_(*RUNG, _is_time(now))),
        )
    )
    of_meetings = (call for row in rows for call in _calls(asker, *row, now))
    return in_order((*of_meetings, *call_group_queries.calls(session, asker, now, RUNG)))


def seats(session: Session, asker: Asker, now: datetime) -> tuple[Call, ...]:
    """The calls about seats in groups that are offered to the asker's participants; one query."""
    return in_order(call_group_queries.seats(session, asker, now, RUNG))


def _is_time(now: datetime) -> ColumnElement[bool]:
    soon = and_(Appointment.state == BOOKED, Appointment.starts_at < now + rules.CALLS_AHEAD)
    return or_(CallWish.id.is_not(None), soon)


def _unheard() -> ColumnElement[bool]:
    """What a voice last was to say of the meeting as it stands, where nobody heard it."""
    later = aliased(OutboxMessage)
    said_since = exists().where(
        later.subject == OutboxMessage.subject,
        later.revision == OutboxMessage.revision,
        later.state != messaging.CANCELLED,
        later.created_at > OutboxMessage.created_at,
    )
    return and_(
        OutboxMessage.subject == Appointment.id,
        OutboxMessage.revision == Appointment.revision,
        OutboxMessage.recipient_id == Appointment.person_id,
        OutboxMessage.channel == messaging.VOICE,
        OutboxMessage.state.in_((messaging.FAILED, messaging.EXPIRED)),
        ~said_since.correlate(OutboxMessage),
    )


def _calls(
    asker: Asker,
    meeting: Appointment,
    person: Person,
    wish: CallWish | None,
    unheard: OutboxMessage | None,
    now: datetime,
) -> list[Call]:
    if unheard:
        return _after_a_voice(meeting, person, unheard)
    found = []
    if wish and (meeting.state == BOOKED) == (wish.kind not in kinds.OFF):
        found.append((wish.kind, wish.wished_at))
    due = rules.call_due(meeting.starts_at, meeting.changed_at, now, asker.zone)
    if due and meeting.state == BOOKED:
        found.append((REMIND, due))
    return [
        Call(person.id, meeting.id, meeting.revision, says, meeting.starts_at, at, person.phone)
        for says, at in found
    ]


def _after_a_voice(meeting: Appointment, person: Person, unheard: OutboxMessage) -> list[Call]:
    if (meeting.state == BOOKED) == (unheard.kind in kinds.OFF):
        return []
    says = unheard.kind if unheard.kind in kinds.NEWS else REMIND
    at, phone = unheard.changed_at, person.phone
    return [
        Call(person.id, meeting.id, meeting.revision, says, meeting.starts_at, at, phone, tried=unheard.id)
    ]


def news(session: Session, asker: Asker, people: Iterable[Person], now: datetime) -> tuple[Call, ...]:
    """The calls to those of these people who are rung up and have something to read or answer.

    The caller has found the people for the asker. A few queries, as many for many people; none for nobody.
    It is computed: what is read or answered is on no list.
    """
    rung = {person.id: person for person in people if is_rung(person)}
    if not rung:
        return ()
    home = organisations.organisation(session, asker.organisation_id)
    waiting = news_service.waiting(session, now, rung.keys(), {home.id: home})
    found = []
    for person_id, things in waiting.items():
        if told := news_rules.spoken(things, now, asker.zone):
            says, phone = WRITTEN if told.written else SOMETHING_NEW, rung[person_id].phone
            found.append(Call(person_id, person_id, told.number, says, None, told.since, phone))
    return in_order(found)
