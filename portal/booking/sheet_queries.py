"""The meetings of participants' months, with what was noted, signed and corrected."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from portal.attendance import rules as attending
from portal.attendance.models import Signature
from portal.attendance.queries import corrections_of
from portal.attendance.rules import Corrected, Noted, next_month
from portal.attendance.sheet_rules import Line
from portal.availability.rules import day_start
from portal.booking import rules
from portal.booking.hold_service import CAUSE
from portal.booking.models import Appointment
from portal.booking.shown_queries import signed_for, visible
from portal.identity.models import Person, name_of
from portal.identity.scope import participant, participants_of
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

NOTER = aliased(Person)


def month_of(
    session: Session, asker: Asker, person_id: uuid.UUID, month: date, now: datetime
) -> Sequence[Line]:
    """A participant's meetings of a month that have begun and were not cancelled, in order of time.

    For staff whose participant it is, for the participant those in the portal (S33). Two queries.
    Raises NoResultFound.
    """
    if asker.is_staff:
        participant(session, asker, person_id, what="attendance")
        wanted = select(Appointment).where(Appointment.person_id == person_id)
    else:
        note(session, asker, action="read", kind="attendance", subject=asker.person_id)
        wanted = visible(asker).where(Appointment.person_id == asker.person_id)
    return _lines(session, asker, wanted, month, now).get(person_id, [])


def months_of(
    session: Session, asker: Asker, month: date, now: datetime
) -> Mapping[uuid.UUID, Sequence[Line]]:
    """As `month_of`, of all the participants whom a member of staff may list; two queries for them all.

    Those with protected identity are not among them (S37). The caller notes who is shown.
    """
    wanted = select(Appointment).where(Appointment.person_id.in_(participants_of(asker)))
    return _lines(session, asker, wanted, month, now)


def _lines(
    session: Session, asker: Asker, wanted: Select[Appointment], month: date, now: datetime
) -> dict[uuid.UUID, list[Line]]:
    rows = session.execute(_of_month(wanted, asker, month, now)).all()
    found: dict[uuid.UUID, list[Line]] = {row.person_id: [] for row in rows}
    corrected = corrections_of(session, CAUSE, [row.id for row in rows], found.keys())
    signs = rules_of(session, asker).attendance_signed
    for row in rows:
        found[row.person_id].append(_line(asker, row, corrected.get(row.id, ()), now, signs))
    return found


def _of_month(
    wanted: Select[Appointment], asker: Asker, month: date, now: datetime
) -> Select[*tuple[Any, ...]]:
    first, last = day_start(month, asker.zone), day_start(next_month(month), asker.zone)
    return (
        wanted.outerjoin(Signature, signed_for())
        .outerjoin(NOTER, NOTER.id == Appointment.attendance_by)
        .where(
            Appointment.starts_at >= first,
            Appointment.starts_at < last,
            Appointment.starts_at <= now,
            Appointment.state == rules.BOOKED,
        )
        .order_by(Appointment.starts_at)
        .with_only_columns(
            Appointment.id,
            Appointment.person_id,
            Appointment.mode,
            Appointment.in_portal,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.attendance,
            Appointment.attendance_as,
            Appointment.met_from,
            Appointment.met_until,
            Appointment.attended_at,
            Appointment.attendance_by,
            NOTER.name_sealed,
            Signature.signed_at,
            Signature.method,
            maintain_column_froms=True,
        )
    )


def _line(
    asker: Asker, row: Row[*tuple[Any, ...]], corrections: Sequence[Corrected], now: datetime, signs: bool
) -> Line:
    state = row.attendance_as or row.attendance
    span = row.starts_at, row.ends_at
    signing = attending.signing(state, span, row.signed_at, asker.zone, now, asked=signs)
    return Line(
        cause_id=row.id,
        activity=row.mode,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        noted=Noted(state, row.met_from, row.met_until),
        noted_at=row.attended_at,
        noted_by=name_of(row.attendance_by, row.name_sealed) if row.attendance_by else "",
        signed_at=row.signed_at,
        method=row.method or "",
        signed_late=signing.late,
        can_sign=signing.is_open,
        corrections=corrections,
        hidden=not row.in_portal,
        asked=signs and row.in_portal,
        page_id=row.id,
    )
