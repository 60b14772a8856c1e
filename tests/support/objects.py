"""One object of each kind for three participants: in the team, in another team, in another organisation."""

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability import service as availability
from portal.availability.rules import Departure, Interval, WeekHours
from portal.booking import service as booking
from portal.booking.time_service import Wish
from portal.feedback import service as feedback
from portal.identity import scope
from portal.identity.models import Enrolment, Person, ProtectedHandler, RoleGrant
from portal.identity.people import course_service
from portal.identity.people.course_service import Period
from portal.organisation.models import Choice
from portal.plan import service as plans
from portal.plan.help_service import ask_help
from portal.plan.rules import Wording
from portal.web.asker import Asker
from tests.support.world import World

OWNERS = ("participant", "other_participant", "far_participant")
COACHES = {"participant": "coach", "other_participant": "other_coach", "far_participant": "far_coach"}
Objects = dict[str, dict[str, object]]


def asker_of(session: Session, person: Person) -> Asker:
    """Somebody as they ask, past both doors."""
    roles = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id))
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset(roles),
        tier=2,
        session_id=uuid.uuid4(),
        language=person.language,
        zone=ZoneInfo("Europe/Stockholm"),
    )


def check_in(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A check-in that is begun and can be answered now."""
    begun = feedback.begin(
        session,
        participant,
        reference=uuid.uuid4(),
        instrument="before",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=2),
        language="sv",
        direction="ltr",
        now=now,
    )
    return {"check_in": begun.id}


def plan(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A step in the participant's plan, and an open question about it."""
    step = plans.add_step(
        session,
        coach,
        person_id=participant.person_id,
        step_id=uuid.uuid4(),
        kind="step",
        wording=Wording("Ring skolan"),
        now=now,
    )
    asked = ask_help(session, participant, step_id=step.id, request_id=uuid.uuid4(), words="Hur?", now=now)
    return {"step": step.id, "help": asked.id}


def hours(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The coach's week, and a day off in it."""
    availability.set_week(session, coach, [WeekHours(day, Interval(time(9), time(16))) for day in range(5)])
    off = Departure(now.date() + timedelta(days=20), now.date() + timedelta(days=21))
    return {"departure": availability.add_exception(session, coach, off).id}


def meeting(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A meeting in an hour, and another next week."""
    booked = [
        booking.book_for(session, coach, participant.person_id, Wish(now + away, "on_site"), now, anyway=True)
        for away in (timedelta(hours=1), timedelta(days=7))
    ]
    return {"meeting": booked[0].id, "later_meeting": booked[1].id}


def enrolment(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A pause to come, a colleague, a word of the house, and somebody protected whom the coach handles."""
    person = session.get_one(Person, participant.person_id)
    first = now.date() + timedelta(days=30)
    pause = course_service.add_period(
        session, coach, person, Period("pause", first, None), ticket="", now=now
    )
    words = select(Choice.id).where(
        Choice.organisation_id == participant.organisation_id, Choice.kind == "outcome"
    )
    hidden = Person(organisation_id=participant.organisation_id, created_at=now, protected=True)
    hidden.name = f"Skyddad {person.name.split()[-1]}"
    session.add(hidden)
    session.flush()
    place = scope.current_enrolment(session, person.id)
    assert place is not None
    session.add(
        Enrolment(
            person_id=hidden.id,
            programme_id=place.programme_id,
            team_id=place.team_id,
            coach_id=coach.person_id,
        )
    )
    session.add(ProtectedHandler(person_id=hidden.id, handler_id=coach.person_id))
    session.flush()
    return {
        "period": pause.id,
        "member": coach.person_id,
        "word": session.scalars(words).first(),
        "protected": hidden.id,
    }


MAKERS: tuple[Callable[[Session, Asker, Asker, datetime], dict[str, object]], ...] = (
    check_in,
    plan,
    hours,
    meeting,
    enrolment,
)


def populate(session: Session, world: World, now: datetime) -> Objects:
    """Make them; returns kind -> owner -> what stands in an address for it. The caller commits."""
    made: Objects = {"person": {}}
    for owner in OWNERS:
        participant: Person = getattr(world, owner)
        coach: Person = getattr(world, COACHES[owner])
        made["person"][owner] = participant.id
        for make in MAKERS:
            for kind, value in make(
                session, asker_of(session, participant), asker_of(session, coach), now
            ).items():
                made.setdefault(kind, {})[owner] = value
    return made
