"""A small populated organisation, and a second one that must never be seen."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.identity.models import Enrolment, Person, RoleGrant, StaffAccount
from portal.organisation.models import Choice, Installation, Organisation, Programme, Team

CANARY = "kanariefagel"
"""Stands in every name of the other organisation: it must never be in an answer to this one (S5)."""

FAR_NAME = f"{CANARY} i Söderby"
"""What the other organisation is called; it stands on its own entry page."""

CHOICES = {
    "referrer": {"fk": "Försäkringskassan", "af": "Arbetsförmedlingen", "self": "På eget initiativ"},
    "outcome": {"work": "Arbete", "studies": "Studier", "other": "Annat"},
    "income": {"social": "Försörjningsstöd", "sickness": "Sjukpenning", "wage": "Lön"},
    "education": {"none": "Ingen skola", "primary": "Grundskola", "secondary": "Gymnasium"},
    "municipality": {"norr": "Norrby", "syd": "Söderby"},
    "stair": {"begin": "Förberedelse", "train": "Arbetsträning", "work": "Arbete"},
}
SETTINGS: dict[str, Any] = {"stair_shown": True}
"""What each organisation has decided for itself: what can be shown is shown."""


@dataclass
class Place:
    """One organisation with its programme and two teams."""

    organisation: Organisation
    programme: Programme
    team: Team
    other_team: Team


@dataclass
class World:
    """The people of the tests. `elsewhere` is another organisation with people of its own."""

    here: Place
    coach: Person
    other_coach: Person
    lead: Person
    admin: Person
    translator: Person
    user_auditor: Person
    participant: Person
    second_participant: Person
    other_participant: Person
    elsewhere: Place
    far_coach: Person
    far_participant: Person

    @property
    def organisation(self) -> Organisation:
        """The organisation of everybody but the far ones."""
        return self.here.organisation

    @property
    def zone_name(self) -> str:
        """The organisation's zone."""
        return self.here.organisation.zone_name


def add_place(session: Session, slug: str, name: str, phone: str) -> Place:
    """An organisation with all its lists."""
    organisation = Organisation(
        slug=slug,
        name=name,
        phone=phone,
        zone_name="Europe/Stockholm",
        languages=["sv", "en", "ar"],
        settings=dict(SETTINGS),
    )
    session.add(organisation)
    session.flush()
    programme = Programme(
        organisation_id=organisation.id,
        name="Vägen",
        starts_on=date(2025, 1, 1),
        targets={},
        partners=["AF", "FK"],
    )
    teams = [
        Team(organisation_id=organisation.id, name=f"Team {way}", municipality=f"{way}by")
        for way in ("Norr", "Söder")
    ]
    session.add_all([programme, *teams])
    for kind, words in CHOICES.items():
        for position, (code, word) in enumerate(words.items()):
            session.add(
                Choice(
                    organisation_id=organisation.id,
                    kind=kind,
                    code=code,
                    words={"sv": word},
                    position=position,
                )
            )
    session.flush()
    return Place(organisation, programme, teams[0], teams[1])


def add_person(
    session: Session,
    place: Place,
    name: str,
    now: datetime,
    *,
    phone: str = "",
    language: str = "sv",
    **facts: Any,
) -> Person:
    """Anybody, with a number or without."""
    person = Person(organisation_id=place.organisation.id, language=language, created_at=now, **facts)
    person.name = name
    person.name_hash = lookup_hash("name", name.casefold())
    if phone:
        person.phone = phone
        person.phone_hash = lookup_hash("phone", phone)
        person.phone_confirmed_at = now
    session.add(person)
    session.flush()
    return person


def add_staff(session: Session, place: Place, name: str, role: str, now: datetime, **facts: Any) -> Person:
    """A member of staff in the first team, without a usable password."""
    person = add_person(session, place, name, now, **facts)
    team_id = None if role == "admin" else place.team.id
    session.add(RoleGrant(person_id=person.id, role=role, team_id=team_id))
    email = f"{uuid.uuid4().hex}@example.se"
    account = StaffAccount(
        person_id=person.id, email_hash=lookup_hash("email", email), password_hash="!", authority="Kommunen"
    )
    account.email = email
    session.add(account)
    session.flush()
    return person


def add_participant(
    session: Session,
    place: Place,
    name: str,
    now: datetime,
    *,
    coach: Person | None,
    phone: str,
    team: Team | None = None,
    **facts: Any,
) -> Person:
    """A participant with one open enrolment."""
    person = add_person(session, place, name, now, phone=phone, **facts)
    team = team or place.team
    session.add(RoleGrant(person_id=person.id, role="participant", team_id=team.id))
    session.add(
        Enrolment(
            person_id=person.id,
            programme_id=place.programme.id,
            team_id=team.id,
            coach_id=coach.id if coach else None,
            referrer="fk",
            intake=1,
            applied_on=date(2026, 8, 3),
            first_meeting_on=date(2026, 8, 20),
            started_on=date(2026, 9, 1),
            income_at_start="social",
        )
    )
    session.flush()
    return person


def build(session: Session, now: datetime) -> World:
    """Everybody. The caller commits."""
    session.add(Installation(id=1, stamp="demo", stamped_at=now))
    here = add_place(session, "norrby", "Samordningen i Norrby", "010-123 45 67")
    elsewhere = add_place(session, "soderby", FAR_NAME, "010-765 43 21")
    coach = add_staff(session, here, "Karin Lund", "coach", now)
    other_coach = add_staff(session, here, "Olof Berg", "coach", now)
    far_coach = add_staff(session, elsewhere, f"Frida {CANARY}", "coach", now)
    phones = iter(f"+467017406{number:02d}" for number in range(5, 15))
    return World(
        here=here,
        coach=coach,
        other_coach=other_coach,
        lead=add_staff(session, here, "Lena Ek", "lead", now),
        admin=add_staff(session, here, "Adam Sjö", "admin", now),
        translator=add_staff(session, here, "Tara Språk", "translator", now),
        user_auditor=add_staff(session, here, "Ulla Revis", "user_auditor", now),
        participant=add_participant(session, here, "Amina Hassan", now, coach=coach, phone=next(phones)),
        second_participant=add_participant(
            session, here, "Yonas Tesfay", now, coach=coach, phone=next(phones), language="ar"
        ),
        other_participant=add_participant(
            session,
            here,
            f"Mattias {CANARY}",
            now,
            coach=other_coach,
            phone=next(phones),
            team=here.other_team,
        ),
        elsewhere=elsewhere,
        far_coach=far_coach,
        far_participant=add_participant(
            session, elsewhere, f"Vera {CANARY}", now, coach=far_coach, phone=next(phones)
        ),
    )
