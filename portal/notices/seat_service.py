"""Telling a person that they have something to answer, and until when."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.languages import language
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import rules, saying_service, texts
from portal.notices.service import standing
from portal.organisation import queries as organisations

LEFT = (messaging.SENT, messaging.DELIVERED)


def way_to(session: Session, person_id: uuid.UUID, now: datetime) -> str:
    """How somebody would hear of a free seat now (of `rules.way`); "" for whoever cannot be told."""
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    return rules.way(rules.asked_for(standing(session, person, now), rules.SEAT))


def has_left(session: Session, about: uuid.UUID, number: int) -> bool:
    """Whether the message of an offer has left, and nothing says that it did not arrive."""
    told = select(OutboxMessage.id).where(
        OutboxMessage.kind == rules.SEAT,
        OutboxMessage.subject == about,
        OutboxMessage.revision == number,
        OutboxMessage.state.in_(LEFT),
    )
    return session.scalars(told).first() is not None


def seat_offered(
    session: Session, person_id: uuid.UUID, *, about: uuid.UUID, number: int, until: datetime, now: datetime
) -> OutboxMessage | None:
    """Tell a person until when they can answer; not what, and not where (S31).

    The same (`about`, `number`) is said once. None when nothing may be sent; whoever is rung up is not
    written to.
    """
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    if rules.refusal(rules.asked_for(standing(session, person, now), rules.SEAT)) or now >= until:
        return None
    zone = organisations.organisation(session, person.organisation_id).zone
    return service.put(
        session,
        kind=rules.SEAT,
        subject=about,
        revision=number,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        **saying_service.addressed(person, rules.SEAT),
        body=texts.answer_by(until, language(person.language), zone),
        language=person.language,
        now=now,
        expires_at=until,
    )
