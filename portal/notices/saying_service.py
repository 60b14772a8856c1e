"""What is said to one person: by which channel, in which words, as they have chosen."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.languages import language
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import mail_words, rules, template_queries, texts
from portal.notices.answer_words import invites
from portal.notices.template_rules import Wordings
from portal.organisation import queries as organisations


class Addressed(TypedDict):
    """By what channel, where to, and under which subject line, "" where there is none."""

    channel: str
    address: str
    subject_line: str


def addressed(person: Person, kind: str) -> Addressed:
    """How a message of this kind goes to a person whom their coach does not ring up."""
    if person.way == rules.EMAIL:
        subject_line = mail_words.subject(language(person.language))
        return Addressed(channel=messaging.EMAIL, address=person.email, subject_line=subject_line)
    channel = messaging.VOICE if person.way == rules.VOICE and kind in rules.KINDS else messaging.SMS
    return Addressed(channel=channel, address=person.phone, subject_line="")


def chosen(session: Session, person: Person, held: rules.Held | None) -> rules.More:
    """What of how a meeting is held the person has chosen to read in an SMS (S31)."""
    if held is None:
        return rules.More()
    return more(session, held, rules.Detail(person.sms_place, person.sms_coach))


def more(session: Session, held: rules.Held, detail: rules.Detail) -> rules.More:
    """What an SMS with this much detail says of how a meeting is held."""
    place = rules.sayable_place(held.place, held.mode) if detail.place else ""
    if not detail.coach:
        return rules.More(place)
    coach = session.scalars(select(Person).where(Person.id == held.coach_id)).one()
    return rules.More(place, coach.first_name, held.mode == "phone")


def words(
    session: Session,
    person: Person,
    way: str,
    kind: str,
    *,
    starts_at: datetime,
    held: rules.Held | None,
    own: Wordings | None,
) -> tuple[str, str]:
    """What is said, and the code of its language: a voice speaks the one that the words are in."""
    house, spoken = organisations.organisation(session, person.organisation_id), language(person.language)
    if own is None:
        own = template_queries.wordings(session, house.id)
    if way == rules.VOICE:
        return texts.spoken(kind, starts_at, spoken, house.zone, own), spoken.code
    detail = chosen(session, person, held)
    confirmed = held is not None and held.confirmed
    asks = way == rules.SMS and invites(kind, house.rules.sms_provider, confirmed=confirmed)
    said = texts.text(kind, starts_at, spoken, house.zone, detail, own, invites=asks)
    return said, person.language


def say_anew(
    session: Session, message: OutboxMessage, person: Person, held: rules.Held | None = None
) -> None:
    """Let a message about a meeting that still waits say it as one would now, by its channel.

    Without `held` it says the time alone. Whatever is said of a meeting is of no use once it begins: that is
    when it expires.
    """
    body, code = words(
        session, person, message.channel, message.kind, starts_at=message.expires_at, held=held, own=None
    )
    service.reword(message, body, code)
