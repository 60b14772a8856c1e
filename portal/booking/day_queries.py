"""Whom somebody of staff meets on one day: their own participants, and who comes with several."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.availability.rules import day_start
from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.network.company_queries import is_asked
from portal.booking.shown_queries import Meeting, shown, with_names
from portal.identity.models import Enrolment
from portal.identity.scope import participants_of
from portal.journal.service import note
from portal.web.asker import Asker


def meetings_on(session: Session, asker: Asker, day: date, now: datetime) -> Sequence[Meeting]:
    """The asking coach's booked meetings on a local day, in order, each with the participant's short name.

    With the coach's own participants, those booked with whoever was their coach before are among them:
    after a hand-over somebody must expect the person. So must a stand-in those of the absent coach. And those
    of several to which the asker is asked: of them nothing else is open (`guest`).
    """
    start = day_start(day, asker.zone)
    end = day_start(day + timedelta(days=1), asker.zone)
    own = and_(
        Appointment.person_id.in_(participants_of(asker)),
        or_(Appointment.coach_id == asker.person_id, Appointment.person_id.in_(_coached_by(asker))),
    )
    wanted = select(Appointment).where(
        Appointment.organisation_id == asker.organisation_id,
        or_(own, is_asked(asker.person_id)),
        Appointment.state == rules.BOOKED,
        Appointment.starts_at >= start,
        Appointment.starts_at < end,
    )
    rows = session.execute(with_names(wanted.order_by(Appointment.starts_at)).add_columns(own.label("own")))
    found = [replace(shown(asker, row, now, 0), guest=not row.own) for row in rows]
    for one in found:
        note(session, asker, action="read", kind="meetings", subject=one.person_id)
    return found


def _coached_by(asker: Asker) -> Select[uuid.UUID]:
    coaches = {asker.person_id, *asker.stands_in_for}
    return select(Enrolment.person_id).where(Enrolment.coach_id.in_(coaches), Enrolment.closed_on.is_(None))
