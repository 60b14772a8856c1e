"""How a participant is reached, and what an SMS about their next meeting would say."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.crypto import code_hash
from portal.followup import queries as followup
from portal.identity.models import Person
from portal.identity.people import number_queries
from portal.identity.scope import current_enrolment, participant
from portal.languages import Language, language
from portal.notices import reach_service, rules, saying_service, template_queries, texts, timing_words
from portal.notices.answer_words import YES, can_be_answered, invites
from portal.notices.hours_queries import hours_of
from portal.notices.rules import Detail, Held, Hours
from portal.notices.template_rules import Wordings
from portal.notices.voice_words import no_voice
from portal.organisation import queries as organisations
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

SHOWN = (rules.BOOKED, rules.ONE_DAY)
"""The kinds of SMS that are shown before somebody chooses what they say."""


@dataclass(frozen=True)
class Sample:
    """The very texts that would be sent with this much detail, in the person's language.

    `real`: about the next meeting, else a made-up one. `mark` names the texts: who chooses has seen them.
    `aloud`: what a call says, one after the other and each in its language, whatever the detail; nothing to
    whoever chose no voice.
    """

    detail: Detail
    spoken: Language
    texts: tuple[str, ...]
    real: bool
    mark: str
    aloud: tuple[tuple[str, Language], ...]


@dataclass(frozen=True)
class Reach:
    """How the asker is reached now, and the texts that they get. `stopped`: they have answered STOP.

    `timing`: when they are reminded, and `timings` what there is to choose of it. `yes`: what they answer to
    say that they come, "" where our SMS cannot be answered. `follow_up`: they have said yes to being
    asked after they have left. `email`: their address, "" for none; `mail_bounces`: it takes no e-mail.
    `house`: the hours for messages here, `hours` their own within them. `no_voice`: why no voice can ring
    them up (of `notices.rules`), "" when one can.
    """

    way: str
    unsafe: bool
    stopped: bool
    detail: Detail
    sample: Sample
    timing: str
    timings: list[tuple[str, str]]
    yes: str
    follow_up: bool
    email: str
    mail_bounces: bool
    house: Hours
    hours: Hours
    no_voice: str


def reach(session: Session, asker: Asker, now: datetime) -> Reach:
    """The asker's own. For the second door."""
    person = own(session, asker)
    detail = reach_service.detail_of(person)
    own_rules = rules_of(session, asker)
    answered = can_be_answered(own_rules.sms_provider)
    house = house_hours(session, asker)
    return Reach(
        way=person.way,
        unsafe=person.sms_unsafe,
        stopped=person.sms_stopped_at is not None,
        detail=detail,
        sample=_sample(session, asker, person, detail, now),
        timing=person.reminder_timing,
        timings=timing_words.choices(person.reminder_timing, own_rules.reminder_steps),
        yes=YES[language(person.language).code] if answered else "",
        follow_up=followup.agreed(session, asker),
        email=person.email,
        mail_bounces=bool(person.email) and bool(number_queries.troubles_of(session, person, now).mail),
        house=house,
        hours=house.narrowed(person.earliest_hour, person.latest_hour),
        no_voice=no_voice(session, asker, person.language),
    )


def house_hours(session: Session, asker: Asker) -> Hours:
    """The hours for messages where the asker is."""
    return hours_of(organisations.organisation(session, asker.organisation_id))


def own(session: Session, asker: Asker) -> Person:
    """The asker as a person, noted as read."""
    return participant(session, asker, asker.person_id, what="me")


def sample(session: Session, asker: Asker, detail: Detail, now: datetime) -> Sample:
    """The texts that the asker would get with this much detail."""
    return _sample(session, asker, own(session, asker), detail, now)


def _sample(session: Session, asker: Asker, person: Person, detail: Detail, now: datetime) -> Sample:
    meeting = booking.next_due(session, person.id, now)
    starts_at = meeting.starts_at if meeting else _tomorrow(asker, now)
    held = booking.held(session, meeting.id) if meeting else _made_up(session, person)
    more = saying_service.more(session, held, detail) if held else rules.More()
    spoken = language(person.language)
    own = template_queries.wordings(session, person.organisation_id)
    chosen, confirmed = rules_of(session, asker).sms_provider, held is not None and held.confirmed
    asks = {kind: person.way != rules.EMAIL and invites(kind, chosen, confirmed=confirmed) for kind in SHOWN}
    said = tuple(
        texts.text(kind, starts_at, spoken, asker.zone, more, own, invites=asks[kind]) for kind in SHOWN
    )
    mark = code_hash("\n".join(said), "sms-text").hex()[:16]
    aloud = _aloud(session, person, starts_at, own) if person.way == rules.VOICE else ()
    return Sample(detail, spoken, said, meeting is not None, mark, aloud)


def _aloud(
    session: Session, person: Person, starts_at: datetime, own: Wordings
) -> tuple[tuple[str, Language], ...]:
    said = saying_service.aloud(session, person, rules.ONE_DAY, starts_at=starts_at, own=own)
    first = [(said.recording.words, language(said.recording.language))] if said.recording else []
    return (*first, (said.body, language(said.language)))


def _tomorrow(asker: Asker, now: datetime) -> datetime:
    day = now.astimezone(asker.zone).date() + timedelta(days=1)
    return datetime.combine(day, time(13), asker.zone)


def _made_up(session: Session, person: Person) -> Held | None:
    """How a meeting could be held; None where there is no coach to meet."""
    enrolment = current_enrolment(session, person.id)
    coach_id: uuid.UUID | None = enrolment.coach_id if enrolment else None
    return Held("on_site", _("Storgatan 1"), coach_id) if coach_id else None
