"""Who can be asked to a meeting, who is, and what they have said."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import TWO
from portal.booking import rules as meetings
from portal.booking.models import Appointment
from portal.booking.network import rules, told_service
from portal.booking.network.company_queries import asked_to, is_extra
from portal.booking.network.models import MeetingParty, NetworkMeeting
from portal.booking.shown_queries import Meeting
from portal.crypto import open_sealed
from portal.identity.absence.queries import gone_on
from portal.identity.models import Person, first_name, name_of, short_name
from portal.identity.scope import coaching
from portal.journal.service import note
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import invitation_service
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from portal.wording.queries import shown, with_any
from portal.wording.rules import SWEDISH, Both

TROUBLED = (messaging.FAILED, messaging.UNKNOWN, messaging.EXPIRED)
"""Where an e-mail is of which staff must know."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is to be there. `letter`: where their last e-mail is (`messaging`), "" for none.

    `leads`: they lead the meeting; `trouble`: the e-mail did not arrive, or may not have.
    """

    id: uuid.UUID
    name: str
    organisation: str
    email: str
    answer: str
    words: str
    answered_at: datetime | None
    leads: bool
    letter: str = ""
    trouble: bool = False
    person_id: uuid.UUID | None = None

    @property
    def staff(self) -> bool:
        """Whether they are of the house."""
        return self.person_id is not None


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting of several as its staff see it. `short`: how many seats the room lacks.

    `away`: the ids of those of the house who are away on that day.
    """

    kind: str
    reference: str
    agenda: str
    leader_id: uuid.UUID | None
    parties: Sequence[Party]
    short: int = 0
    away: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Company:
    """Who comes to a participant's meeting, and what it is about, as they read it."""

    names: Sequence[str]
    leader: str
    agenda: Both | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody from outside sees of the meeting that they are asked to.

    `open`: they can say whether they come, of the meeting at this `revision`. `reference` and `agenda` are as
    staff have written them.
    """

    party_id: uuid.UUID
    revision: int
    house: Organisation
    name: str
    host: str
    leader: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    reference: str
    agenda: str
    answer: str
    words: str
    off: bool
    removed: bool
    over: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A meeting that a colleague is asked to, with whom it is, by short name."""

    id: uuid.UUID
    person: str
    coach: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    off: bool
    gathering: Gathering


def choosable(session: Session, asker: Asker) -> dict[uuid.UUID, str]:
    """The colleagues who can be asked, by whole name in order; one query."""
    rows = session.execute(
        select(Person.id, Person.name_sealed).where(
            Person.organisation_id == asker.organisation_id, Person.id.in_(coaching())
        )
    )
    named = {row.id: name_of(row.id, row.name_sealed) for row in rows}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold()))


def gathering(session: Session, meeting: Meeting, day: date) -> Gathering:
    """Who is to be at a meeting that the asker may read, and what they are told. `day`: its own, locally."""
    others = TWO + bool(meeting.interpreter)
    found = _gathering(session, meeting.id, meeting.room_id, others=others, letters=True)
    if not any(one.person_id for one in found.parties):
        return found
    return replace(found, away=frozenset(session.scalars(gone_on(day))))


def _gathering(
    session: Session, meeting_id: uuid.UUID, room_id: uuid.UUID | None, *, others: int, letters: bool
) -> Gathering:
    about = told_service.about_of(session, meeting_id)
    leader_id = about.leader_id if about else None
    rows = session.execute(
        select(MeetingParty, Person.name_sealed)
        .join(Appointment, Appointment.id == MeetingParty.appointment_id)
        .outerjoin(Person, Person.id == MeetingParty.person_id)
        .where(Appointment.id == meeting_id, is_extra())
        .order_by(MeetingParty.added_at, MeetingParty.id)
    ).all()
    sent = invitation_service.latest(session, [row[0].id for row in rows]) if letters and rows else {}
    parties = [_party(row[0], row[1], sent.get(row[0].id), leader_id) for row in rows]
    seats = session.scalar(select(Room.seats).where(Room.id == room_id)) if room_id and rows else None
    return Gathering(
        kind=about.kind if about else rules.NETWORK,
        reference=about.reference if about else "",
        agenda=about.agenda if about else "",
        leader_id=leader_id,
        parties=parties,
        short=max(0, others + len(parties) - seats) if seats else 0,
    )


def _party(
    row: MeetingParty, sealed: bytes | None, letter: OutboxMessage | None, leader_id: uuid.UUID | None
) -> Party:
    return Party(
        id=row.id,
        name=name_of(row.person_id, sealed) if row.person_id else row.name,
        organisation=row.organisation,
        email=row.email,
        answer=row.answer,
        words=row.words,
        answered_at=row.answered_at,
        leads=row.id == leader_id,
        letter=letter.told_state if letter else "",
        trouble=letter is not None and letter.state in TROUBLED,
        person_id=row.person_id,
    )


def company(session: Session, asker: Asker, meeting: Meeting) -> Company | None:
    """Who comes to the asker's own meeting; None behind the first door, and where two meet alone (S30)."""
    if asker.tier < 2 or not meeting.several:
        return None
    found = _gathering(session, meeting.id, None, others=TWO, letters=False)
    leads = next((_known(one) for one in found.parties if one.leads), meeting.coach)
    return Company([_known(one) for one in found.parties], leads, _agenda(session, asker, meeting.id))


def _known(one: Party) -> str:
    """As a participant meets them: a colleague by first name, others with where they are from."""
    if one.staff:
        return first_name(one.name)
    return f"{one.name}, {one.organisation}" if one.organisation else one.name


def _agenda(session: Session, asker: Asker, meeting_id: uuid.UUID) -> Both | None:
    wanted = select(NetworkMeeting.id, NetworkMeeting.agenda_sealed).where(
        NetworkMeeting.appointment_id == meeting_id
    )
    row = session.execute(with_any(wanted, NetworkMeeting.id, asker.language)).one_or_none()
    if row is None or row.agenda_sealed is None:
        return None
    text = open_sealed("network_meeting", "agenda_sealed", row.id, row.agenda_sealed)
    return Both(text, shown(row, text, asker.language, SWEDISH)) if text else None


def invited(session: Session, asker: Asker, meeting_id: uuid.UUID) -> Invited:
    """A meeting to which the asking colleague is asked, and no more of its person. Raises NoResultFound."""
    meeting = asked_to(session, asker, meeting_id)
    note(session, asker, action="read", kind="meetings", subject=meeting.person_id, object_id=meeting.id)
    person = session.get_one(Person, meeting.person_id)
    coach = session.get_one(Person, meeting.coach_id)
    return Invited(
        id=meeting.id,
        person=short_name(person.name),
        coach=coach.name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        mode=meeting.mode,
        place=meeting.place,
        off=meeting.state != meetings.BOOKED,
        gathering=_gathering(session, meeting.id, None, others=TWO, letters=False),
    )


def by_token(session: Session, token: str, now: datetime) -> Asked:
    """What the party whose page this is sees. Raises NoResultFound, also for what is forgotten."""
    if not rules.is_token(token):
        raise NoResultFound
    theirs = MeetingParty.token_hash == told_service.hash_of(token)
    party = session.scalars(select(MeetingParty).where(theirs)).one()
    meeting = session.get_one(Appointment, party.appointment_id)
    if session.get_one(Person, meeting.person_id).protected:
        raise NoResultFound
    (asked,) = told_service.invitations(session, meeting, (party,))
    booked, removed = meeting.state == meetings.BOOKED, party.removed_at is not None
    return Asked(
        party_id=party.id,
        revision=meeting.revision,
        house=session.get_one(Organisation, meeting.organisation_id),
        name=party.name,
        host=asked.host,
        leader=asked.leader,
        kind=asked.kind,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        mode=meeting.mode,
        place=asked.place,
        reference=asked.reference,
        agenda=asked.agenda,
        answer=party.answer,
        words=party.words,
        off=not booked,
        removed=removed,
        over=meeting.ends_at <= now,
        open=rules.answer_open(booked, removed, meeting.ends_at, now),
    )
