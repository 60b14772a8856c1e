"""The demo's SIP meeting: a colleague, a nurse who comes, and somebody of an authority who has not said."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.service import Taken
from portal.booking import hold_service
from portal.booking.models import Appointment
from portal.booking.network import agenda_service, rules
from portal.booking.network.models import MeetingParty, NetworkMeeting
from portal.booking.network.told_service import hash_of
from portal.booking.rules import BOOKED
from portal.demo.plans import asker
from portal.identity.models import Person

SOONEST = timedelta(days=4)
NURSE = ("Sofia Nilsson", "Vårdcentralen Norrby", "sofia.nilsson@region.example")
OFFICER = ("Per Åberg", "Arbetsförmedlingen", "per.aberg@af.example")
AGENDA = "Hur det går med planen\nPraktik i vår: vad behöver fungera?\nVem gör vad till nästa gång?"


def add(session: Session, coach: Person, colleague: Person, zone: ZoneInfo, now: datetime) -> None:
    """The coach's first meeting some days ahead at which the colleague can be becomes one of several.

    Nobody is written to: no e-mail leaves while the demo is loaded.
    """
    coming = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.coach_id == coach.id,
            Appointment.state == BOOKED,
            Appointment.in_portal.is_(True),
            Appointment.starts_at > now + SOONEST,
            Person.protected.is_(False),
        )
        .order_by(Appointment.starts_at)
    )
    for meeting in session.scalars(coming).all():
        try:
            with session.begin_nested():
                session.add(_party(meeting, coach, now, person_id=colleague.id))
                session.flush()
                hold_service.hold_anew(session, asker(coach, "coach", zone), meeting)
        except Taken:
            continue
        _invite(session, meeting, coach, now)
        return


def _invite(session: Session, meeting: Appointment, coach: Person, now: datetime) -> None:
    about = NetworkMeeting(appointment_id=meeting.id, kind=rules.SIP, changed_at=now, changed_by=coach.id)
    about.reference, about.agenda = "Ärende 2217", AGENDA
    session.add(about)
    for name, organisation, email in (NURSE, OFFICER):
        party = _party(meeting, coach, now)
        party.name, party.organisation, party.email = name, organisation, email
        party.token = rules.new_token()
        party.token_hash = hash_of(party.token)
        if name == NURSE[0]:
            party.answer, party.answered_at = rules.COMES, now
            party.words = "Jag ringer in från mottagningen."
        session.add(party)
    session.flush()
    agenda_service.follow(session, meeting, now)


def _party(meeting: Appointment, coach: Person, now: datetime, **who: object) -> MeetingParty:
    return MeetingParty(
        appointment_id=meeting.id, answer=rules.UNANSWERED, added_at=now, added_by=coach.id, **who
    )
