"""Who interprets in the demo, and how far each meeting's interpreter is found: an order in each state."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import order_service
from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.demo.plans import asker
from portal.identity.models import Person
from portal.interpreting import assign_service, register_service
from portal.interpreting.order_models import InterpreterOrder
from portal.interpreting.order_rules import CHANGED, OrderWish
from portal.interpreting.register_service import Facts
from portal.wording import service as wording

MOST = 7
LATER = timedelta(days=1)


def add(session: Session, admin: Person, translator: Person, zone: ZoneInfo, now: datetime) -> None:
    """Two interpreters from outside and one of staff; orders that are asked for, answered and off."""
    who, at = asker(admin, "admin", zone), now - timedelta(days=3)
    arabic = Facts(
        ("ar", "fa"), True, True, "Samir Haddad", "+46701740681", "Språkbron", "Irak, Syrien", "man"
    )
    somali = Facts(("so",), False, True, "Fadumo Warsame", "+46701740682", "Språkbron", "", "woman")
    own = Facts(("ar", "en"), True, True, dialects="Libanon", gender="woman")
    samir = register_service.add(session, who, arabic, at)
    register_service.add(session, who, somali, at)
    tara = register_service.add(session, who, own, at, person_id=translator.id)
    rows = _orders(session, zone, now, admin.organisation_id)
    arabics = [row for row in rows if row.language == "ar" and row.made_by == rows[0].made_by]
    for number, row in enumerate(arabics):
        coach = asker(session.get_one(Person, row.made_by), "coach", zone)
        if number in (0, 1, 3):
            chosen = samir if number == 3 else tara
            assign_service.assign(session, coach, row.id, chosen.id, at)
        if number == 0:
            assign_service.confirm(session, coach, row.id, at)
        if number == 2:
            assign_service.assign_agency(session, coach, row.id, "Språkbron", "2026-1187", at)
            row.state = CHANGED
        if number == 3:
            assign_service.let_go(session, coach, row.id, at + timedelta(hours=1))
    session.flush()


def _orders(
    session: Session, zone: ZoneInfo, now: datetime, organisation_id: uuid.UUID
) -> list[InterpreterOrder]:
    """An order for each coming meeting that has an interpreter, of which a few are for others' languages."""
    coming = session.scalars(
        select(Appointment)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.starts_at > now,
            Appointment.state == BOOKED,
        )
        .order_by(Appointment.starts_at)
    ).all()
    others = [one for one in coming if not one.interpreter_language][1:MOST:2]
    for meeting, language in zip(others, ("so", "ar", "ar"), strict=False):
        meeting.interpreter_language = language
        wording.want(session, meeting.person_id, language, now)
    wished = OrderWish("Irak", "woman")
    for number, meeting in enumerate(one for one in coming if one.interpreter_language):
        coach = asker(session.get_one(Person, meeting.coach_id), "coach", zone)
        wish = wished if meeting.interpreter_language == "ar" and number in (2, 4) else None
        order_service.keep_up(session, coach, meeting, now - LATER, wish=wish)
    session.flush()
    own = InterpreterOrder.organisation_id == organisation_id
    return list(session.scalars(select(InterpreterOrder).where(own).order_by(InterpreterOrder.starts_at)))
