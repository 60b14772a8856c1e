"""What those who are to be at a meeting of several are told by e-mail, and asked anew. Nothing here commits.

Whoever changes a meeting's time, place or state calls `keep_up`; it says what there is to say once.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import installation
from portal.booking import rules as meetings
from portal.booking.models import Appointment
from portal.booking.network import rules
from portal.booking.network.company_queries import is_extra
from portal.booking.network.models import MeetingParty, NetworkMeeting
from portal.booking.words import MODE
from portal.crypto import code_hash, open_sealed
from portal.identity.models import Person, StaffAccount, name_of
from portal.languages import SWEDISH
from portal.notices import invitation_service as notices
from portal.notices.invitation_rules import Invitation
from portal.organisation.models import Organisation


def keep_up(session: Session, meeting: Appointment, now: datetime, *, anew: bool = True) -> None:
    """Tell everybody who is to be there how the meeting stands; with `anew` what they have said is void."""
    parties = active(session, meeting.id, held=True)
    if not parties:
        return
    if anew:
        for one in parties:
            forget_answer(one)
        session.flush()
    _tell(session, meeting, parties, now)


def as_before(
    session: Session, meeting: Appointment, undone: int, now: datetime, *, anew: bool = True
) -> None:
    """The change that made revision `undone` of the meeting is undone, and nothing else has changed of it.

    Whoever has heard nothing of it hears nothing now, and what they had said stands again. All others are
    told, as by `keep_up`.
    """
    parties = active(session, meeting.id, held=True)
    unheard = notices.unheard(session, [one.id for one in parties], undone)
    # Whoever has answered meanwhile has seen on their page how it stood.
    quiet = [one for one in parties if one.id in unheard and one.answer == rules.UNANSWERED]
    loud = [one for one in parties if one not in quiet]
    for one in quiet:
        if anew:
            one.answer, one.answered_at, one.words = one.was_answer, one.was_answered_at, one.was_words
        notices.take_back_before(session, one.id, meeting.revision, now)
    for one in loud if anew else ():
        forget_answer(one)
    session.flush()
    _tell(session, meeting, loud, now)


def invite(session: Session, meeting: Appointment, party: MeetingParty, now: datetime) -> None:
    """Ask one party to come."""
    _tell(session, meeting, (party,), now)


def say_again(session: Session, meeting: Appointment, party: MeetingParty, now: datetime) -> None:
    """Say to one party once more how the meeting stands; nothing while something waits."""
    if notices.waits(session, party.id):
        return
    again = notices.said_again(session, party.id)
    _tell(session, meeting, (party,), now, again=again)


def call_off(session: Session, meeting: Appointment, party: MeetingParty, now: datetime) -> None:
    """Tell one party who was asked, if they have heard of it, that they need not come."""
    for asked in invitations(session, meeting, (party,)):
        notices.take_back(session, asked, now)
        off = replace(asked, off=True, removed=True)
        notices.tell(session, off, notices.heard(session, (party.id,)), now)


def forget_answer(party: MeetingParty) -> None:
    """Nothing is known of whether they come; what they had said is kept in case the change is undone."""
    party.was_answer, party.was_answered_at, party.was_words = party.answer, party.answered_at, party.words
    party.answer, party.answered_at, party.words = rules.UNANSWERED, None, ""


def active(session: Session, meeting_id: uuid.UUID, *, held: bool = False) -> list[MeetingParty]:
    """Those who are to be at a meeting, in the order in which they were asked; `held` for a change."""
    rows = (
        select(MeetingParty)
        .join(Appointment, Appointment.id == MeetingParty.appointment_id)
        .where(Appointment.id == meeting_id, is_extra())
        .order_by(MeetingParty.added_at, MeetingParty.id)
    )
    if held:
        rows = rows.with_for_update(of=MeetingParty).execution_options(populate_existing=True)
    return list(session.scalars(rows))


def _tell(
    session: Session, meeting: Appointment, parties: Iterable[MeetingParty], now: datetime, *, again: int = 0
) -> None:
    parties = list(parties)
    if not parties or session.get_one(Person, meeting.person_id).protected:
        return
    for party in parties:
        _give_page(party)
    session.flush()
    asked = invitations(session, meeting, parties)
    heard = notices.heard(session, [one.party_id for one in asked])
    for one in asked:
        notices.tell(session, one, heard, now, again=again)


def _give_page(party: MeetingParty) -> None:
    """Somebody from outside has a page to answer on: at first, and where a restored copy has ended it."""
    if party.email and party.token_hash is None:
        party.token = rules.new_token()
        party.token_hash = hash_of(party.token)


def hash_of(token: str) -> bytes:
    """What of the address of a party's page is looked up."""
    return code_hash(token, "party")


def invitations(session: Session, meeting: Appointment, parties: Iterable[MeetingParty]) -> list[Invitation]:
    """What each of these parties would be told of the meeting as it stands."""
    house = session.get_one(Organisation, meeting.organisation_id)
    about = about_of(session, meeting.id)
    coach = session.get_one(Person, meeting.coach_id)
    every = {one.id: one for one in active(session, meeting.id)}
    colleagues = _colleagues(session, parties := list(parties))
    leads = every.get(about.leader_id) if about and about.leader_id else None
    home = installation.settings().public_base_url
    with force_locale(SWEDISH.babel):
        how = str(MODE[meeting.mode])
    base = Invitation(
        party_id=meeting.id,
        organisation_id=meeting.organisation_id,
        name="",
        email="",
        uid=meeting.uid,
        revision=meeting.revision,
        starts=meeting.starts_at.astimezone(house.zone),
        ends=meeting.ends_at.astimezone(house.zone),
        changed_at=meeting.changed_at,
        kind=about.kind if about else rules.NETWORK,
        how=how,
        house=house.name,
        place=meeting.place,
        host=coach.name,
        phone=house.phone,
        leader=_called(session, leads) if leads else coach.name,
        reference=about.reference if about else "",
        agenda=about.agenda if about else "",
        off=meeting.state != meetings.BOOKED,
    )
    return [_for(base, one, colleagues, home) for one in parties]


def _for(
    base: Invitation, party: MeetingParty, colleagues: dict[uuid.UUID, tuple[str, str]], home: str
) -> Invitation:
    if party.person_id is not None:
        name, email = colleagues.get(party.person_id, ("", ""))
        return replace(base, party_id=party.id, name=name, email=email)
    link = f"{home}/invited/{party.token}" if party.token else ""
    return replace(base, party_id=party.id, name=party.name, email=party.email, link=link)


def about_of(session: Session, meeting_id: uuid.UUID) -> NetworkMeeting | None:
    """What a meeting of several is; None where nobody has said."""
    rows = select(NetworkMeeting).where(NetworkMeeting.appointment_id == meeting_id)
    return session.scalars(rows).one_or_none()


def _colleagues(session: Session, parties: list[MeetingParty]) -> dict[uuid.UUID, tuple[str, str]]:
    """The name and the address at work of those of the parties who are colleagues, and work here still."""
    ids = [one.person_id for one in parties if one.person_id is not None]
    if not ids:
        return {}
    rows = session.execute(
        select(Person.id, Person.name_sealed, StaffAccount.id, StaffAccount.email_sealed)
        .outerjoin(StaffAccount, StaffAccount.person_id == Person.id)
        .where(Person.id.in_(ids), Person.disabled_at.is_(None))
    )
    return {
        row[0]: (name_of(row[0], row[1]), open_sealed("staff_account", "email_sealed", row[2], row[3]))
        for row in rows
    }


def _called(session: Session, party: MeetingParty) -> str:
    return session.get_one(Person, party.person_id).name if party.person_id else party.name
