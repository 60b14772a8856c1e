"""What a coach's calendar programs read of the meetings: when and how, never with whom."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, Select, and_, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from portal.availability.rooms.models import Room
from portal.booking import feed_rules, rules
from portal.booking.feed_models import CalendarFeed
from portal.booking.models import Appointment
from portal.booking.network.models import MeetingParty
from portal.crypto import code_hash, open_sealed
from portal.identity.models import Person
from portal.identity.scope import coaching
from portal.journal.service import note
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from portal.web.ics import Stands


@dataclass(frozen=True, slots=True)
class Slot(Stands):
    """One meeting of a coach as their calendar shows it.

    `open` is off where the participant must see no trace of the meeting: of it, time alone is told.
    `room`: the name of the house's room that it holds, "" for none.
    """

    id: uuid.UUID
    mode: str
    open: bool
    room: str = ""


_SLOT = (
    Appointment.uid,
    Appointment.revision,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.changed_at,
    Appointment.state == rules.CANCELLED,
    Appointment.id,
    Appointment.mode,
    Appointment.in_portal,
)
"""In the order of `Slot`."""


def hash_of(token: str) -> bytes:
    """What is kept of a token."""
    return code_hash(token, "calendar feed")


def own_feed(session: Session, asker: Asker) -> CalendarFeed | None:
    """The asker's own feed, None where there is none."""
    wanted = select(CalendarFeed).where(CalendarFeed.person_id == asker.person_id)
    return session.scalars(wanted).one_or_none()


def reader(session: Session, token: str, now: datetime) -> Asker:
    """Whose calendar reads under this token: somebody active who is coach or lead. Raises NoResultFound.

    The reading is noted as the coach's own, once a day: programs come many times an hour, for years.
    """
    if not feed_rules.is_token(token):
        raise NoResultFound
    row = session.execute(
        select(CalendarFeed.id, Person.id, Person.organisation_id, Person.language, Organisation.zone_name)
        .join(Person, Person.id == CalendarFeed.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(CalendarFeed.token_hash == hash_of(token), Person.id.in_(coaching()))
    ).one()
    feed_id, person_id, organisation_id, language, zone_name = row
    zone = ZoneInfo(zone_name)
    asker = Asker(
        person_id=person_id,
        organisation_id=organisation_id,
        roles=frozenset({"coach"}),
        tier=2,
        session_id=feed_rules.reading_on(feed_id, now.astimezone(zone).date()),
        language=language,
        zone=zone,
    )
    note(session, asker, action="read", kind="calendar", subject=person_id)
    return asker


def slots(session: Session, asker: Asker, now: datetime) -> Sequence[Slot]:
    """The asker's meetings from a month back on, cancelled ones for a month, in order; one query.

    Those of several to which they are asked are among them.

    Nobody's with protected identity (S37).
    """
    since = now - feed_rules.PAST
    wanted = (
        select(*_SLOT, Room.id, Room.name_sealed)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(Room, and_(Room.id == Appointment.room_id, Appointment.state == rules.BOOKED))
        .where(
            Appointment.id.in_(_own_and_asked(asker.person_id, since)),
            Appointment.organisation_id == asker.organisation_id,
            Person.protected.is_(False),
            Appointment.starts_at >= since,
            or_(Appointment.state == rules.BOOKED, Appointment.cancelled_at >= since),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(feed_rules.MOST)
    )
    return [_slot(tuple(row)) for row in session.execute(wanted)]


def _own_and_asked(person_id: uuid.UUID, since: datetime) -> CompoundSelect[uuid.UUID]:
    """The ids of somebody's meetings since then, and of those to which they are asked, each by an index."""
    own = aliased(Appointment)
    held = select(own.id).where(own.coach_id == person_id, own.starts_at >= since)
    asked = select(MeetingParty.appointment_id).where(
        MeetingParty.person_id == person_id, MeetingParty.removed_at.is_(None)
    )
    return held.union_all(asked)


def _slot(row: tuple[Any, ...]) -> Slot:
    *facts, room_id, name = row
    found = Slot(*facts)
    if room_id is None:
        return found
    return replace(found, room=open_sealed("room", "name_sealed", room_id, name))


def known(uids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Which of these are UIDs of meetings, of any organisation, as a query. For the worker."""
    return select(Appointment.uid).where(Appointment.uid.in_(uids))
