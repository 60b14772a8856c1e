"""Whom a coach is to ring, instead of an SMS: about a meeting, or because something new waits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.identity.models import Person
from portal.identity.scope import participants_of
from portal.notices import rules as kinds
from portal.notices.models import CallWish
from portal.organisation import queries as organisations
from portal.reminders import news_rules, news_service, rules
from portal.reminders.call_rules import REMIND, SOMETHING_NEW, WRITTEN, Call, in_order
from portal.web.asker import Asker

RUNG = (
    Person.sms_unsafe.is_(False),
    Person.disabled_at.is_(None),
    Person.phone_hash.is_not(None),
    or_(Person.way == kinds.CALL, and_(Person.sms_stopped_at.is_not(None), Person.way != kinds.EMAIL)),
)
"""Who is rung up: by their own wish, or because of STOP, which says nothing against e-mail.

Nobody whom an SMS would endanger (S34).
"""


def is_rung(person: Person) -> bool:
    """As RUNG, of somebody whom the caller has."""
    silent = person.sms_unsafe or person.protected or person.disabled_at is not None
    stopped = person.sms_stopped_at is not None and person.way != kinds.EMAIL
    wished = person.way == kinds.CALL or stopped
    return wished and not silent and person.phone_hash is not None


def calls(session: Session, asker: Asker, now: datetime) -> tuple[Call, ...]:
    """The calls about meetings that the asker's participants wait for, the oldest first; one query.

    News is told whenever it comes; a coming meeting on the last working day before it. Nobody is rung whom an
    SMS would endanger (S34), nor about what must leave no trace (S33).
    """
    rows = session.execute(
        select(Appointment, Person, CallWish)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(
            CallWish,
            and_(CallWish.subject == Appointment.id, CallWish.revision == Appointment.revision),
        )
        .where(
            Appointment.person_id.in_(participants_of(asker)),
            Appointment.in_portal.is_(True),
            Appointment.starts_at > now,
            *RUNG,
            or_(
                CallWish.id.is_not(None),
                and_(Appointment.state == BOOKED, Appointment.starts_at < now + rules.CALLS_AHEAD),
            ),
        )
    )
    return in_order(call for row in rows for call in _calls(asker, *row, now))


def _calls(
    asker: Asker, meeting: Appointment, person: Person, wish: CallWish | None, now: datetime
) -> list[Call]:
    found = []
    if wish and (meeting.state == BOOKED) == (wish.kind != kinds.CANCELLED):
        found.append((wish.kind, wish.wished_at))
    due = rules.call_due(meeting.starts_at, meeting.changed_at, now, asker.zone)
    if due and meeting.state == BOOKED:
        found.append((REMIND, due))
    return [
        Call(person.id, meeting.id, meeting.revision, says, meeting.starts_at, at, person.phone)
        for says, at in found
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
