"""A small populated organisation, and a second one that must never be seen."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.db import Base
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


def add_places(session: Session, *wanted: tuple[str, str, str]) -> list[Place]:
    """Organisations with all their lists; of each its slug, its name and its number."""
    organisations = [organisation(slug, name, phone) for slug, name, phone in wanted]
    session.add_all(organisations)
    session.flush()
    places = [place(one) for one in organisations]
    for one in places:
        session.add_all([one.programme, one.team, one.other_team, *choices(one.organisation)])
    session.flush()
    return places


def add_place(session: Session, slug: str, name: str, phone: str) -> Place:
    """One organisation with all its lists."""
    return add_places(session, (slug, name, phone))[0]


def organisation(slug: str, name: str, phone: str) -> Organisation:
    """An organisation, not added."""
    return Organisation(
        slug=slug,
        name=name,
        phone=phone,
        zone_name="Europe/Stockholm",
        languages=["sv", "en", "ar"],
        settings=dict(SETTINGS),
    )


def place(organisation: Organisation) -> Place:
    """What an organisation has, not added."""
    programme = Programme(
        organisation_id=organisation.id,
        name="Vägen",
        starts_on=date(2025, 1, 1),
        targets={},
        partners=["AF", "FK"],
    )
    team, other_team = (
        Team(organisation_id=organisation.id, name=f"Team {way}", municipality=f"{way}by")
        for way in ("Norr", "Söder")
    )
    return Place(organisation, programme, team, other_team)


def choices(organisation: Organisation) -> list[Choice]:
    """An organisation's words for what can be chosen, not added."""
    return [
        Choice(organisation_id=organisation.id, kind=kind, code=code, words={"sv": word}, position=position)
        for kind, words in CHOICES.items()
        for position, (code, word) in enumerate(words.items())
    ]


def person_of(
    place: Place, name: str, now: datetime, *, phone: str = "", language: str = "sv", **facts: Any
) -> Person:
    """Anybody, with a number or without; not added."""
    person = Person(organisation_id=place.organisation.id, language=language, created_at=now, **facts)
    person.name = name
    person.name_hash = lookup_hash("name", name.casefold())
    if phone:
        person.phone = phone
        person.phone_hash = lookup_hash("phone", phone)
        person.phone_confirmed_at = now
    return person


Made = tuple[Person, list[Base]]
"""A person, and the rows that can only stand when the person does; not added."""


def staff(place: Place, name: str, role: str, now: datetime, **facts: Any) -> Made:
    """A member of staff in the first team, without a usable password."""
    person = person_of(place, name, now, **facts)
    team_id = None if role == "admin" else place.team.id
    email = f"{uuid.uuid4().hex}@example.se"
    account = StaffAccount(
        person_id=person.id, email_hash=lookup_hash("email", email), password_hash="!", authority="Kommunen"
    )
    account.email = email
    return person, [RoleGrant(person_id=person.id, role=role, team_id=team_id), account]


def participant(
    place: Place,
    name: str,
    now: datetime,
    *,
    coach: Person | None,
    phone: str,
    team: Team | None = None,
    **facts: Any,
) -> Made:
    """A participant with one open enrolment."""
    person = person_of(place, name, now, phone=phone, **facts)
    team = team or place.team
    enrolment = Enrolment(
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
    return person, [RoleGrant(person_id=person.id, role="participant", team_id=team.id), enrolment]


def add_all(session: Session, *made: Made) -> list[Person]:
    """The people, and then what hangs on them: two flushes, however many they are."""
    session.add_all(person for person, _ in made)
    session.flush()
    session.add_all(row for _, rows in made for row in rows)
    session.flush()
    return [person for person, _ in made]


def add_person(session: Session, place: Place, name: str, now: datetime, **facts: Any) -> Person:
    """Anybody, with a number or without, as `person_of`."""
    return add_all(session, (person_of(place, name, now, **facts), []))[0]


def add_staff(session: Session, place: Place, name: str, role: str, now: datetime, **facts: Any) -> Person:
    """A member of staff, as `staff`."""
    return add_all(session, staff(place, name, role, now, **facts))[0]


def add_participant(
    session: Session,
    place: Place,
    name: str,
    now: datetime,
    *,
    coach: Person | None,
    phone: str,
    **facts: Any,
) -> Person:
    """A participant, as `participant`."""
    return add_all(session, participant(place, name, now, coach=coach, phone=phone, **facts))[0]


def build(session: Session, now: datetime) -> World:
    """Everybody. The caller commits."""
    session.add(Installation(id=1, stamp="demo", stamped_at=now))
    here, elsewhere = add_places(
        session,
        ("norrby", "Samordningen i Norrby", "010-123 45 67"),
        ("soderby", FAR_NAME, "010-765 43 21"),
    )
    made = {
        "coach": staff(here, "Karin Lund", "coach", now),
        "other_coach": staff(here, "Olof Berg", "coach", now),
        "far_coach": staff(elsewhere, f"Frida {CANARY}", "coach", now),
        "lead": staff(here, "Lena Ek", "lead", now),
        "admin": staff(here, "Adam Sjö", "admin", now),
        "translator": staff(here, "Tara Språk", "translator", now),
        "user_auditor": staff(here, "Ulla Revis", "user_auditor", now),
    }
    coach, other_coach, far_coach = (made[who][0] for who in ("coach", "other_coach", "far_coach"))
    phones = iter(f"+467017406{number:02d}" for number in range(5, 15))
    made |= {
        "participant": participant(here, "Amina Hassan", now, coach=coach, phone=next(phones)),
        "second_participant": participant(
            here, "Yonas Tesfay", now, coach=coach, phone=next(phones), language="ar"
        ),
        "other_participant": participant(
            here,
            f"Mattias {CANARY}",
            now,
            coach=other_coach,
            phone=next(phones),
            team=here.other_team,
        ),
        "far_participant": participant(elsewhere, f"Vera {CANARY}", now, coach=far_coach, phone=next(phones)),
    }
    people = dict(zip(made, add_all(session, *made.values()), strict=True))
    return World(here=here, elsewhere=elsewhere, **people)
