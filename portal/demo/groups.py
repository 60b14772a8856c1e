"""The demo's groups: an intake in its second week, and a walking group that is full, with a queue."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.groups import attendance_service, rules, seat_service, service, session_service
from portal.groups.models import Group, GroupSeat, GroupSession
from portal.groups.service import About
from portal.identity.models import Enrolment, Person
from portal.organisation.models import Organisation
from portal.web.asker import Asker

HOUR = timedelta(hours=1)
HOURS = (time(16), time(15), time(17), time(8), time(12), time(18))
"""When a group may meet, the likeliest first: whoever leads it has meetings at other times."""
INTAKE, WALK = 6, 3
"""How many are in the one, and how many seats the other has."""
MARKS = ("came", "came", "late", "came", "sent_word", "absent")
ROOM = "Stora rummet, Storgatan 1"
STARTS_WITH = "Vi lär känna varandra och pratar om vad du vill göra."
WALKS = "Vi går en lugn promenad och pratar lite svenska."


def add(session: Session, coach: Person, team_id: uuid.UUID, now: datetime) -> None:
    """Two groups of the coach's; participants in the order of their enrolments are in them."""
    zone = session.get_one(Organisation, coach.organisation_id).zone
    asker = _asker(coach, "coach", zone)
    people = _people(session, coach, team_id)
    today = now.astimezone(zone).date()
    _intake(session, asker, team_id, people, today=today, now=now)
    _walk(session, asker, team_id, people, today=today, now=now)


def add_talks(session: Session, coach: Person, team_id: uuid.UUID, now: datetime) -> None:
    """A group of all of a coach's that has met three times and meets once more; everybody came."""
    zone = session.get_one(Organisation, coach.organisation_id).zone
    asker = _asker(coach, "coach", zone)
    spans = _weekly(session, asker, now.astimezone(zone).date() - timedelta(days=20), 4)
    about = About("talk", "", STARTS_WITH, ("sv",), "on_site", ROOM, 12, False, 24)
    made = _made(session, asker, about, team_id, spans, at=spans[0].start - timedelta(days=7))
    for person in _people(session, coach, team_id):
        seat_service.put_in(session, asker, made.id, person.id, spans[0].start - timedelta(days=5))
    sessions = select(GroupSession).where(GroupSession.group_id == made.id).order_by(GroupSession.starts_at)
    for one in session.scalars(sessions.where(GroupSession.ends_at < now)).all():
        marks = {part.id: (rules.NONE, "came") for part in session_service.parts_of(session, one)}
        attendance_service.note_attendance(session, asker, one.id, marks, one.starts_at + HOUR)


def _people(session: Session, coach: Person, team_id: uuid.UUID) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.coach_id == coach.id,
            Enrolment.team_id == team_id,
            Enrolment.closed_on.is_(None),
            Person.protected.is_(False),
        )
        .order_by(Enrolment.started_on.is_(None), Enrolment.id)
    ).all()


def _intake(
    session: Session,
    asker: Asker,
    team_id: uuid.UUID,
    people: Sequence[Person],
    *,
    today: date,
    now: datetime,
) -> None:
    """Four weeks in Swedish and Arabic, of which two have been; who came is noted but for the last time."""
    spans = _weekly(session, asker, today - timedelta(days=13), 4)
    about = About(
        "start", "", STARTS_WITH, ("sv", "ar"), "on_site", "Stora rummet, Storgatan 1", 12, False, 24
    )
    made = _made(session, asker, about, team_id, spans, at=spans[0].start - timedelta(days=7))
    for person in people[:INTAKE]:
        seat_service.put_in(session, asker, made.id, person.id, spans[0].start - timedelta(days=5))
    sessions = select(GroupSession).where(GroupSession.group_id == made.id).order_by(GroupSession.starts_at)
    for one in session.scalars(sessions).all()[:1]:
        parts = sorted(session_service.parts_of(session, one), key=lambda part: part.id)
        marks = {part.id: (rules.NONE, mark) for part, mark in zip(parts, MARKS, strict=False)}
        attendance_service.note_attendance(session, asker, one.id, marks, one.starts_at + HOUR)


def _walk(
    session: Session,
    asker: Asker,
    team_id: uuid.UUID,
    people: Sequence[Person],
    *,
    today: date,
    now: datetime,
) -> None:
    """Full: one seat is offered to the first who waited, and two wait."""
    spans = _weekly(session, asker, today + timedelta(days=3), 6)
    about = About("walk", "", WALKS, ("sv",), "walk", "Torget, vid fontänen", WALK, True, 24)
    made = _made(session, asker, about, team_id, spans, at=now - timedelta(days=9))
    zone = asker.zone
    for number, person in enumerate(people[: WALK + 3]):
        joined_at = now - timedelta(days=8) + timedelta(hours=number)
        seat_service.join(session, _asker(person, "participant", zone), made.id, joined_at)
    last = session.scalars(
        select(GroupSeat).where(GroupSeat.group_id == made.id, GroupSeat.number == WALK)
    ).one()
    seat_service.leave(session, _asker(_of(session, last), "participant", zone), made.id, now - HOUR)


def _of(session: Session, seat: GroupSeat) -> Person:
    return session.get_one(Person, seat.person_id)


def _made(
    session: Session, asker: Asker, about: About, team_id: uuid.UUID, spans: Sequence[Span], *, at: datetime
) -> Group:
    leaders = [asker.person_id]
    return service.make(
        session, asker, about, team_id=team_id, leaders=leaders, spans=spans, key=uuid.uuid4(), now=at
    )


def _weekly(session: Session, asker: Asker, first: date, weeks: int) -> list[Span]:
    """An hour a week from a weekday on, when the leader has nothing else."""
    first += timedelta(days=max(0, 7 - first.weekday())) if first.weekday() > 4 else timedelta(0)
    for at in HOURS:
        starts = [datetime.combine(first + timedelta(weeks=week), at, asker.zone) for week in range(weeks)]
        spans = [Span(one, one + HOUR) for one in starts]
        if not any(_busy(session, asker.person_id, span) for span in spans):
            return spans
    raise LookupError("the coach has no hour that is free each week")


def _busy(session: Session, person_id: uuid.UUID, span: Span) -> bool:
    met = select(BusyTime.id).where(
        BusyTime.subject_id == person_id, BusyTime.starts_at < span.end, BusyTime.ends_at > span.start
    )
    return session.execute(met.limit(1)).first() is not None


def _asker(person: Person, role: str, zone: ZoneInfo) -> Asker:
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset({role}),
        tier=2,
        session_id=uuid.uuid4(),
        language=person.language,
        zone=zone,
        first_name=person.first_name,
    )
