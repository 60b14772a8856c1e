"""Reads about how somebody gets in: who confirmed the number and the PIN, and when."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.people.queries import staff_names
from portal.identity.session_models import DeskCode, PinRequest
from portal.journal import queries as journal
from portal.web.asker import Asker

NUMBER_KINDS = {
    "number_in_person": "in_person",
    "number_again_in_person": "in_person",
    "number_verified_call": "verified_call",
    "number_again_verified_call": "verified_call",
    "number_enrolled": "enrolled",
}
"""What the journal calls it when a number is confirmed, and how that was done."""


@dataclass(frozen=True)
class Confirmed:
    """When something was confirmed; by whom and how where that is still known, else ""."""

    at: datetime
    by: str = ""
    how: str = ""


def number_confirmed(session: Session, asker: Asker, person: Person) -> Confirmed | None:
    """Who confirmed the person's number. The caller has checked the person."""
    if person.phone_confirmed_at is None:
        return None
    change = journal.last_change(session, person.id, NUMBER_KINDS)
    if change is None:
        return Confirmed(person.phone_confirmed_at)
    by = _name(session, asker, change.actor_id)
    return Confirmed(person.phone_confirmed_at, by, NUMBER_KINDS[change.kind])


def pin_confirmed(session: Session, asker: Asker, person: Person) -> Confirmed | None:
    """Who let the person choose their PIN. The caller has checked the person."""
    if person.pin_chosen_at is None:
        return None
    request = session.execute(
        select(PinRequest.confirmed_by, PinRequest.confirmed_how)
        .where(PinRequest.person_id == person.id, PinRequest.used_at == person.pin_chosen_at)
        .limit(1)
    ).first()
    if request is None:
        request = _at_the_desk(session, person)
    if request is None:
        return Confirmed(person.pin_chosen_at)
    return Confirmed(
        person.pin_chosen_at, _name(session, asker, request.confirmed_by), request.confirmed_how or ""
    )


def _at_the_desk(session: Session, person: Person) -> Any:
    """Who showed the code with which a PIN was chosen at the coach's desk, as a request's row."""
    return session.execute(
        select(DeskCode.shown_by.label("confirmed_by"), literal("desk").label("confirmed_how"))
        .where(
            DeskCode.person_id == person.id,
            DeskCode.chooses_pin.is_(True),
            DeskCode.used_at == person.pin_chosen_at,
        )
        .limit(1)
    ).first()


def _name(session: Session, asker: Asker, staff_id: uuid.UUID | None) -> str:
    return staff_names(session, asker, {staff_id}).get(staff_id, "") if staff_id else ""
