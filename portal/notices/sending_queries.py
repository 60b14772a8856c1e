"""What is sent of own messages: who would get one now, what was sent, and what became of it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person, RoleGrant
from portal.identity.people import number_queries as numbers
from portal.identity.people.number_queries import Troubles
from portal.identity.people.reach_queries import teams_of
from portal.identity.people.rules import Page, page
from portal.identity.scope import participants_of
from portal.languages import language
from portal.messaging import many_queries as outbox
from portal.messaging.many_queries import Count
from portal.messaging.models import OutboxMessage
from portal.messaging.rules import length
from portal.notices import own_queries, sending_rules, template_rules
from portal.notices.hours_queries import hours_of
from portal.notices.models import OwnMessage, Sending
from portal.notices.rules import Standing
from portal.notices.sending_rules import Body, Day, Plan, Reader
from portal.organisation import queries as organisations
from portal.web.asker import Asker


@dataclass(frozen=True)
class Wish:
    """What somebody wants to send, and to whom. `swedish_too`: in Swedish to whom no text is for."""

    message_id: uuid.UUID
    people: frozenset[uuid.UUID]
    swedish_too: bool = False


def plan(session: Session, asker: Asker, wish: Wish, now: datetime) -> Plan:
    """What would be sent now; as many queries for hundreds as for one. Raises NoResultFound.

    Of those who were chosen only the asker's participants are in it, and nobody with protected identity.
    """
    message = own_queries.message_for(session, asker, wish.message_id)
    house = organisations.organisation(session, asker.organisation_id)
    hours = hours_of(house)
    leaves = sending_rules.lifetime(now, hours)
    said = own_queries.said(session, [message.id])[message.id]
    return sending_rules.plan(
        _readers(session, asker, wish, sending_rules.Day(*leaves, hours), now),
        bodies(said),
        swedish_too=wish.swedish_too,
        version=said.version,
        leaves=leaves,
        ore_a_part=house.rules.sms_price_ore,
    )


def bodies(said: own_queries.Said) -> dict[str, Body]:
    """What an own message says, as it leaves, by language."""
    made = {}
    for code, text in said.texts.items():
        whole = template_rules.fill(text, {}, rtl=language(code).dir == "rtl")
        made[code] = Body(code, whole, length(whole).parts)
    return made


def _readers(session: Session, asker: Asker, wish: Wish, day: Day, now: datetime) -> tuple[Reader, ...]:
    chosen = select(Person).where(Person.id.in_(wish.people), Person.id.in_(participants_of(asker)))
    people = session.scalars(chosen.order_by(Person.id)).all()
    ids = [one.id for one in people]
    enrolled = set(session.scalars(_enrolled(ids)))
    troubles = numbers.troubles(session, people, now)
    had = outbox.told(session, _of_that_day(wish.message_id, day.begins), ids)
    return tuple(
        Reader(
            one.id,
            language(one.language).code,
            standing(one, troubles[one.id]),
            closed=one.id not in enrolled,
            had=one.id in had,
            out_of_hours=day.is_over(one.earliest_hour, one.latest_hour),
        )
        for one in people
    )


def standing(person: Person, troubles: Troubles) -> Standing:
    """What decides how this person is told something; `troubles` are of their number and their address."""
    return Standing(
        protected=person.protected,
        disabled=person.disabled_at is not None,
        unsafe=person.sms_unsafe,
        has_phone=person.phone_hash is not None,
        trouble=troubles.number,
        way=person.way,
        stopped=person.sms_stopped_at is not None,
        has_mail=person.email_confirmed_at is not None,
        mail_trouble=troubles.mail,
    )


def _enrolled(people: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    return select(Enrolment.person_id).where(Enrolment.person_id.in_(people), Enrolment.closed_on.is_(None))


def _of_that_day(message_id: uuid.UUID, day: datetime) -> Select[uuid.UUID]:
    return select(Sending.id).where(Sending.own_message_id == message_id, Sending.leaves_at >= day)


def over(session: Session, message: OutboxMessage) -> str:
    """Why what staff sent is not to leave any more, as a code; "" while it is. Asked before it leaves."""
    stopped = select(Sending.id).where(Sending.id == message.subject, Sending.stopped_at.is_(None))
    if session.scalars(stopped).first() is None:
        return "taken back"
    return "" if session.scalars(_enrolled([message.recipient_id])).first() else "closed"


# --- what was sent ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One sending with its title, its sender's name ("" when forgotten), and its messages, counted."""

    sending: Sending
    title: str
    by: str
    count: Count


def reach(asker: Asker) -> ColumnElement[bool]:
    """Which sendings the asker may see and stop: their own; a lead those of the teams they lead too."""
    own: ColumnElement[bool] = Sending.sent_by == asker.person_id
    if "lead" in asker.roles:
        mates = select(RoleGrant.person_id).where(RoleGrant.team_id.in_(teams_of(asker, "lead")))
        own = or_(own, Sending.sent_by.in_(mates))
    return (Sending.organisation_id == asker.organisation_id) & own


def sendings(session: Session, asker: Asker, number: int) -> Page[Sent]:
    """What was sent, the newest first, a page at a time; three queries."""
    asked = select(Sending.id).where(reach(asker)).order_by(Sending.sent_at.desc(), Sending.id)
    shown = page(session.scalars(asked).all(), number)
    return shown.of(_sent(session, shown.items))


def sending(session: Session, asker: Asker, sending_id: uuid.UUID) -> Sent:
    """One that the asker may see. Raises NoResultFound."""
    found = session.scalars(select(Sending.id).where(Sending.id == sending_id, reach(asker))).one()
    return _sent(session, [found])[0]


def _sent(session: Session, ids: Collection[uuid.UUID]) -> list[Sent]:
    rows = session.execute(
        select(Sending, OwnMessage.title, Person)
        .join(OwnMessage, OwnMessage.id == Sending.own_message_id)
        .join(Person, Person.id == Sending.sent_by)
        .where(Sending.id.in_(ids))
        .order_by(Sending.sent_at.desc(), Sending.id)
    ).all()
    counted = outbox.counts(session, ids)
    return [Sent(one, title, person.name, counted.get(one.id, Count())) for one, title, person in rows]


def recipients(session: Session, asker: Asker, found: Sending) -> tuple[OutboxMessage, ...]:
    """What was sent to those of its receivers whom the asker works with: what did not arrive first."""
    return outbox.about(session, found.id, participants_of(asker))
