"""How one participant is reached, as staff see it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.people import number_queries, person_queries
from portal.identity.people.person_queries import Head
from portal.identity.people.reach_queries import today_of
from portal.identity.scope import participant
from portal.identity.signin import desk_queries
from portal.languages import Language, language
from portal.messaging.rules import SMS
from portal.notices import mail_queries, reach_service, rules, timing_words
from portal.notices import service as notices
from portal.notices.hours_queries import hours_of
from portal.notices.mail_queries import Pending
from portal.notices.rules import Detail, Hours
from portal.notices.voice_words import no_voice
from portal.organisation.queries import organisation, rules_of
from portal.reminders import queries as reminders
from portal.web.asker import Asker


@dataclass(frozen=True)
class Reach:
    """One participant's page: how they are told, why no message goes ("" when it does), how they come in.

    `timings`: what there is to choose of when they are reminded. `trouble`: the number "bounces" or is
    "silent", else "". `failed`: the last SMS did not arrive, or nobody knows whether it did. `mail_bounces`:
    the e-mail address takes none. `house`: the hours for messages here. `no_voice`: why no voice can ring
    them up, "" when one can. `shows_code`: they come in by the coach's screen.
    """

    head: Head
    person: Person
    spoken: Language
    way: str
    no_voice: str
    refusal: str
    trouble: str
    failed: bool
    mail_bounces: bool
    house: Hours
    detail: Detail
    timings: list[tuple[str, str]]
    shows_code: bool
    has_pin: bool


def reach(session: Session, asker: Asker, person: Person, now: datetime) -> Reach:
    """The page about a person whom `person_for` found."""
    troubles = number_queries.troubles_of(session, person, now)
    return Reach(
        head=person_queries.head(session, asker, person, today_of(asker, now), content=True),
        person=person,
        spoken=language(person.language),
        way=person.way,
        no_voice=no_voice(session, asker, person.language),
        refusal=notices.refusal(session, person, now),
        trouble=troubles.number if person.phone_hash else "",
        mail_bounces=bool(troubles.mail) and bool(person.email),
        house=hours_of(organisation(session, person.organisation_id)),
        failed=any(one.channel == SMS for one in reminders.failing(session, asker.about(person.id), now)),
        detail=reach_service.detail_of(person),
        timings=timing_words.choices(person.reminder_timing, rules_of(session, asker).reminder_steps),
        shows_code=desk_queries.may_be_shown(session, person, now),
        has_pin=person.pin_hash is not None,
    )


@dataclass(frozen=True)
class Mail:
    """One participant's e-mail address, "" for none; `waiting`: one that is about to be confirmed."""

    head: Head
    email: str
    by_mail: bool
    bounces: bool
    waiting: Pending | None


def mail(session: Session, asker: Asker, person: Person, now: datetime) -> Mail:
    """The page about the address of a person whom `person_for` found."""
    return Mail(
        head=person_queries.head(session, asker, person, today_of(asker, now), content=True),
        email=person.email,
        by_mail=person.way == rules.EMAIL,
        bounces=bool(number_queries.troubles_of(session, person, now).mail) and bool(person.email),
        waiting=mail_queries.pending(session, person.id, now),
    )


def person_for(session: Session, asker: Asker, person_id: uuid.UUID) -> Person:
    """The participant whom the asker works with, noted as read. Raises NoResultFound."""
    return participant(session, asker, person_id, what="reach")
