"""Planning a meeting of several: who is to be there, who leads it, what it is to be about.

Nothing here commits. Every verb can be sent twice and acts once.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.rules import Span
from portal.availability.service import Holding, occupy, release_one
from portal.booking import hold_service, time_service
from portal.booking import rules as meetings
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.network import agenda_service, rules, told_service
from portal.booking.network.models import MeetingParty, NetworkMeeting
from portal.booking.queries import coach_of
from portal.booking.time_service import TooLate, Wish
from portal.identity import scope
from portal.identity.absence.queries import days_off
from portal.identity.models import Person
from portal.identity.scope import coaching
from portal.identity.service import lock_people
from portal.interpreting import assign_service
from portal.interpreting.order_models import Interpreter
from portal.interpreting.order_queries import open_order, staff_held
from portal.web.asker import Asker
from portal.web.errors import Refused


class NotForProtected(Refused):
    """Of somebody with protected identity nothing leaves the house, and only handlers meet them (S37)."""


class TwiceThere(Refused):
    """Who interprets cannot be there as somebody else as well."""


class Away(Refused):
    """The colleague is away on that day."""


class Otherwise(Refused):
    """The meeting has changed since the page was opened: the answer was of another time."""


class TooMany(Refused):
    """As many are to be there as may be."""


class NoColleague(Refused):
    """Nobody who can be asked: of another house, or they have left."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who of staff is to be there, what kind of meeting it is, and who interprets, None for nobody chosen."""

    kind: str
    staff: tuple[uuid.UUID, ...] = ()
    interpreter_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What those who are to be there are told. `leader_id`: the party who leads, None for the coach."""

    kind: str
    leader_id: uuid.UUID | None = None
    reference: str = ""
    agenda: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside."""

    name: str
    organisation: str
    email: str


def book(
    session: Session, asker: Asker, person_id: uuid.UUID, wish: Wish, plan: Plan, now: datetime
) -> Appointment:
    """Book the participant, their coach, colleagues and an interpreter at once: all of them, or nobody.

    The participant gets one neutral message, colleagues an e-mail each. Raises Taken, OutsideHours, TooLate,
    NoCoach, NotForProtected, NoColleague, TwiceThere, TooMany, CannotInterpret, and what booking a room does.
    """
    person = scope.participant(session, asker, person_id, what="meetings")
    _check(session, asker, person, plan.staff)
    if len(plan.staff) > rules.MOST:
        raise TooMany
    coach_id, interprets = coach_of(session, person_id), _interprets(session, asker, plan)
    if interprets is not None and interprets in (coach_id, *plan.staff):
        raise TwiceThere
    others = {one for one in (coach_id, interprets) if one is not None}
    lock_people(session, {person_id, *plan.staff, *others})
    before = time_service.sent_before(session, person_id, wish.key)
    if before is not None:
        return before
    with session.begin_nested():
        meeting = booking.book_for(session, asker, person_id, wish, now)
        for one in plan.staff:
            if one != meeting.coach_id:
                _add(session, asker, meeting, now, person_id=one)
        hold_service.hold_anew(session, asker, meeting)
        _about(session, asker, meeting, About(plan.kind), now)
        order = open_order(session, meeting.id)
        if plan.interpreter_id is not None and order is not None:
            assign_service.assign(session, asker, order.id, plan.interpreter_id, now)
        told_service.keep_up(session, meeting, now)
    return meeting


def ask_colleague(
    session: Session, asker: Asker, meeting_id: uuid.UUID, person_id: uuid.UUID, now: datetime
) -> None:
    """A colleague is to be there too: their time is held, and they get an e-mail.

    Raises Taken (they are occupied then), Away, TwiceThere, TooMany, NotBooked, TooLate, NotForProtected,
    NoColleague.
    """
    # Before anybody is held: whoever waits for this colleague waits no longer than must be.
    _known(session, asker, (person_id,))
    meeting = _open(session, asker, meeting_id, now, also=(person_id,))
    _check(session, asker, session.get_one(Person, meeting.person_id), ())
    there = told_service.active(session, meeting.id)
    if person_id == meeting.coach_id or any(one.person_id == person_id for one in there):
        return
    _room_for_more(there)
    span = Span(meeting.starts_at, meeting.ends_at)
    day = meeting.starts_at.astimezone(asker.zone).date()
    if any(period.covers(day) for period in days_off(session, person_id)):
        raise Away
    if person_id in staff_held(session, meeting.id):
        raise TwiceThere
    with session.begin_nested():
        party = _add(session, asker, meeting, now, person_id=person_id)
        occupy(session, hold_service.CAUSE, meeting.id, [Holding(person_id, span)], beside=True)
    _noted(session, asker, meeting)
    told_service.invite(session, meeting, party, now)


def invite(session: Session, asker: Asker, meeting_id: uuid.UUID, guest: Guest, now: datetime) -> None:
    """Somebody from outside is asked by e-mail. Raises TooMany, NotBooked, TooLate, NotForProtected."""
    meeting = _open(session, asker, meeting_id, now)
    _check(session, asker, session.get_one(Person, meeting.person_id), ())
    there = told_service.active(session, meeting.id)
    if any(one.email and one.email.casefold() == guest.email.casefold() for one in there):
        return
    _room_for_more(there)
    party = _add(session, asker, meeting, now)
    party.name, party.organisation, party.email = guest.name, guest.organisation, guest.email
    _noted(session, asker, meeting)
    told_service.invite(session, meeting, party, now)


def take_off(
    session: Session, asker: Asker, meeting_id: uuid.UUID, party_id: uuid.UUID, now: datetime
) -> None:
    """A party is not to come, and is told if they know of it. Raises NoResultFound, TooLate.

    Also of a meeting that is cancelled: one that comes back may do so without them.
    """
    meeting = _open(session, asker, meeting_id, now, off=True)
    party = _party(session, meeting, party_id)
    if party.removed_at is not None:
        return
    if meeting.state == meetings.BOOKED:
        told_service.call_off(session, meeting, party, now)
    party.removed_at = now
    about = told_service.about_of(session, meeting.id)
    if about is not None and about.leader_id == party.id:
        about.leader_id = None
    session.flush()
    if party.person_id is not None and party.person_id != meeting.coach_id:
        release_one(session, hold_service.CAUSE, meeting.id, party.person_id)
    _noted(session, asker, meeting)


def describe(session: Session, asker: Asker, meeting_id: uuid.UUID, about: About, now: datetime) -> None:
    """What the meeting is. Nobody is written to: it stands on the pages, and in what is sent from now on.

    Raises NotBooked, TooLate, NotForProtected.
    """
    meeting = _open(session, asker, meeting_id, now)
    _check(session, asker, session.get_one(Person, meeting.person_id), ())
    _about(session, asker, meeting, about, now)


def note_answer(
    session: Session, asker: Asker, meeting_id: uuid.UUID, party_id: uuid.UUID, answer: str, now: datetime
) -> None:
    """What a party has said on the phone. Raises NoResultFound, NotBooked, TooLate."""
    meeting = _open(session, asker, meeting_id, now)
    _answered(_party(session, meeting, party_id), answer, "", now)
    _noted(session, asker, meeting)


def say_again(
    session: Session, asker: Asker, meeting_id: uuid.UUID, party_id: uuid.UUID, now: datetime
) -> None:
    """Send the e-mail to a party once more. Raises NoResultFound, NotBooked, TooLate."""
    meeting = _open(session, asker, meeting_id, now)
    party = _party(session, meeting, party_id)
    if party.removed_at is None:
        told_service.say_again(session, meeting, party, now)


def answer(
    session: Session, party_id: uuid.UUID, said: str, words: str, now: datetime, *, seen: int | None = None
) -> bool:
    """A party says on their own page whether they come; whether it could be said still.

    The caller has found the party by their own address. What is said last counts. `seen`: the revision of the
    meeting that they looked at, None where nobody knows. Raises Otherwise.
    """
    meeting_id = session.get_one(MeetingParty, party_id).appointment_id
    # The meeting first, as whoever moves it does: a yes is a yes to the time that stands when it is kept.
    meeting = session.get_one(Appointment, meeting_id, with_for_update=True, populate_existing=True)
    party = session.get_one(MeetingParty, party_id, with_for_update=True, populate_existing=True)
    if seen is not None and seen != meeting.revision:
        raise Otherwise
    booked = meeting.state == meetings.BOOKED
    if not rules.answer_open(booked, party.removed_at is not None, meeting.ends_at, now):
        return False
    _answered(party, said, words, now)
    session.flush()
    return True


def forget(session: Session, now: datetime) -> int:
    """Forget the addresses of those who were at meetings long over; returns how many. For the worker.

    Who was there stays with the meeting.
    """
    old = session.scalars(
        select(MeetingParty)
        .join(Appointment, Appointment.id == MeetingParty.appointment_id)
        .where(Appointment.ends_at < now - rules.KEPT_FOR, MeetingParty.token_hash.is_not(None))
    ).all()
    for one in old:
        one.email_sealed = one.token_sealed = one.token_hash = None
    session.flush()
    return len(old)


def _open(
    session: Session,
    asker: Asker,
    meeting_id: uuid.UUID,
    now: datetime,
    *,
    also: Collection[uuid.UUID] = (),
    off: bool = False,
) -> Appointment:
    """The meeting, locked, which is not over, and stands unless it may be `off`."""
    meeting = time_service.locked(session, asker, meeting_id, also=also)
    if meeting.state != meetings.BOOKED and not off:
        raise booking.NotBooked
    if meeting.ends_at <= now:
        raise TooLate
    return meeting


def _interprets(session: Session, asker: Asker, plan: Plan) -> uuid.UUID | None:
    """The member of staff who is chosen to interpret; None for nobody, and for somebody from outside."""
    chosen = session.get(Interpreter, plan.interpreter_id) if plan.interpreter_id else None
    return chosen.person_id if chosen and chosen.organisation_id == asker.organisation_id else None


def _check(session: Session, asker: Asker, person: Person, staff: Collection[uuid.UUID]) -> None:
    if person.protected:
        raise NotForProtected
    _known(session, asker, staff)


def _known(session: Session, asker: Asker, staff: Collection[uuid.UUID]) -> None:
    """Refuse whoever of these is no colleague who can be asked."""
    here = select(Person.id).where(
        Person.id.in_(staff), Person.organisation_id == asker.organisation_id, Person.id.in_(coaching())
    )
    if staff and set(session.scalars(here)) != set(staff):
        raise NoColleague


def _room_for_more(there: Collection[MeetingParty]) -> None:
    if len(there) >= rules.MOST:
        raise TooMany


def _add(
    session: Session,
    asker: Asker,
    meeting: Appointment,
    now: datetime,
    *,
    person_id: uuid.UUID | None = None,
) -> MeetingParty:
    party = MeetingParty(appointment_id=meeting.id, person_id=person_id, answer=rules.UNANSWERED)
    party.added_at, party.added_by = now, asker.person_id
    session.add(party)
    session.flush()
    return party


def _party(session: Session, meeting: Appointment, party_id: uuid.UUID) -> MeetingParty:
    rows = select(MeetingParty).where(MeetingParty.id == party_id, MeetingParty.appointment_id == meeting.id)
    return session.scalars(rows).one()


def _answered(party: MeetingParty, said: str, words: str, now: datetime) -> None:
    party.answer, party.words = said, words
    party.answered_at = None if said == rules.UNANSWERED else now


def _about(session: Session, asker: Asker, meeting: Appointment, about: About, now: datetime) -> None:
    row = told_service.about_of(session, meeting.id) or NetworkMeeting(appointment_id=meeting.id)
    there = {one.id for one in told_service.active(session, meeting.id)}
    row.kind, row.leader_id = about.kind, about.leader_id if about.leader_id in there else None
    row.reference, row.agenda = about.reference, about.agenda
    row.changed_at, row.changed_by = now, asker.person_id
    session.add(row)
    session.flush()
    agenda_service.follow(session, meeting, now)
    _noted(session, asker, meeting)


def _noted(session: Session, asker: Asker, meeting: Appointment) -> None:
    session.flush()
    time_service.note_change(session, asker, meeting)
