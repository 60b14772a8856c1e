"""What next meetings are to be about: in a tap, in own words, in Arabic, and what the coach says."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import topic_service
from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.booking.topic_service import Said
from portal.demo.plans import asker
from portal.identity.models import Person

ARABIC = "أريد أن أتحدث عن ظهري. أحتاج إلى استراحات أكثر."


def add(session: Session, coach: Person, people: list[Person], zone: ZoneInfo, now: datetime) -> None:
    """The first wants to talk about money, and the coach about work; the third writes in Arabic."""
    karin, said_at = asker(coach, "coach", zone), now - timedelta(hours=2)
    for number, person in enumerate(people):
        own = asker(person, "participant", zone)
        upcoming = select(Appointment.id).where(
            Appointment.person_id == person.id, Appointment.state == BOOKED, Appointment.starts_at > now
        )
        meeting_id = session.scalars(upcoming.order_by(Appointment.starts_at).limit(1)).first()
        if meeting_id is None:
            continue
        if number == 0:
            topic_service.choose(session, own, meeting_id, "money", said_at, chosen=True)
            topic_service.write(session, own, meeting_id, "Busskortet är slut.", "sv", said_at)
            said = Said(("work",), "Hur går det i skolans kök?")
            topic_service.say_for(session, karin, meeting_id, said, said_at)
        elif person.language == "ar":
            topic_service.choose(session, own, meeting_id, "health", said_at, chosen=True)
            topic_service.write(session, own, meeting_id, ARABIC, "ar", said_at)
