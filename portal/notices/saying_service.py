"""What is said to one person: by which channel, in which words, as they have chosen."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.languages import SWEDISH, language
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.messaging.voice_rules import voice_of
from portal.notices import mail_words, recording_queries, rules, template_queries, texts
from portal.notices.answer_words import invites
from portal.notices.models import Recording
from portal.notices.template_rules import Wordings
from portal.organisation import queries as organisations


class Addressed(TypedDict):
    """By what channel, where to, and under which subject line, "" where there is none."""

    channel: str
    address: str
    subject_line: str


@dataclass(frozen=True)
class Said:
    """What a message says, the code of its language, and what a call plays before it.

    A voice speaks the language that the words are in.
    """

    body: str
    language: str
    recording: Recording | None = None

    @property
    def recording_id(self) -> UUID | None:
        """Of what is played."""
        return self.recording.id if self.recording else None


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
) -> Said:
    """What is said of a meeting by this way."""
    house, spoken = organisations.organisation(session, person.organisation_id), language(person.language)
    if own is None:
        own = template_queries.wordings(session, house.id)
    if way == rules.VOICE:
        return aloud(session, person, kind, starts_at=starts_at, own=own)
    detail = chosen(session, person, held)
    confirmed = held is not None and held.confirmed
    asks = way == rules.SMS and invites(kind, house.rules.sms_provider, confirmed=confirmed)
    said = texts.text(kind, starts_at, spoken, house.zone, detail, own, invites=asks)
    return Said(said, person.language)


def aloud(session: Session, person: Person, kind: str, *, starts_at: datetime, own: Wordings) -> Said:
    """What a call says: where the house has recorded the sentence, a voice reads the day and the time alone.

    Where their language has no voice it reads them in Swedish. What is neither recorded nor has a voice
    reaches nobody, and is the coach's to tell.
    """
    house, spoken = organisations.organisation(session, person.organisation_id), language(person.language)
    recording = recording_queries.of_call(session, house.id, kind, spoken.code)
    if recording is None:
        return Said(texts.spoken(kind, starts_at, spoken, house.zone, own), spoken.code)
    reads = spoken if voice_of(spoken.code) else SWEDISH
    return Said(texts.when(starts_at, reads, house.zone), reads.code, recording)


def say_anew(
    session: Session, message: OutboxMessage, person: Person, held: rules.Held | None = None
) -> None:
    """Let a message about a meeting that still waits say it as one would now, by its channel.

    Without `held` it says the time alone. Whatever is said of a meeting is of no use once it begins: that is
    when it expires.
    """
    said = words(
        session, person, message.channel, message.kind, starts_at=message.expires_at, held=held, own=None
    )
    service.reword(message, said.body, said.language, said.recording_id)


def keep_whole(session: Session, message: OutboxMessage, person: Person) -> None:
    """Let a call begin with what is recorded now, and say all there is to say where nothing is."""
    if message.channel != messaging.VOICE or message.kind not in rules.KINDS:
        return
    spoken = language(person.language).code
    kept = recording_queries.of_call(session, person.organisation_id, message.kind, spoken)
    if message.recording_id != (kept.id if kept else None):
        say_anew(session, message, person)
