"""One object of each kind for three participants: in the team, in another team, in another organisation."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability import block_service as blocks
from portal.availability import queries as hours_queries
from portal.availability import service as availability
from portal.availability.outside import service as outside
from portal.availability.rules import Departure, Interval, Span, WeekHours
from portal.booking import service as booking
from portal.booking.time_service import Wish
from portal.feedback import service as feedback
from portal.identity.absence import service as absences
from portal.identity.models import Enrolment, EnrolmentPeriod, Person, ProtectedHandler, RoleGrant
from portal.organisation.models import Choice, Programme
from portal.plan import service as plans
from portal.plan.help_service import ask_help
from portal.plan.rules import Wording
from portal.web.asker import Asker
from tests.support import birdsong, figures, networks, ordering, plan_objects
from tests.support.audits import audits
from tests.support.grouping import groups
from tests.support.outbox import unknown_sms
from tests.support.own_messages import own_sending
from tests.support.paper import paper
from tests.support.rooms import add_room
from tests.support.sounds import recording
from tests.support.translating import free_text
from tests.support.world import CANARY, World, add_participant
from tests.support.writing import conversation

OWNERS = ("participant", "other_participant", "far_participant")
COACHES = {"participant": "coach", "other_participant": "other_coach", "far_participant": "far_coach"}
PROTECTED_NAME = "Skyddad Skuggesson"
"""The coach's own person with protected identity: only the coach may ever meet this name."""
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
        first_name=person.first_name,
    )


def check_in(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A check-in with its first answer, which can be answered now: it has something to look at."""
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
    feedback.answer_line(session, participant, begun.id, 1, 60, now=now)
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
    plans.write_goal(
        session, participant, person_id=participant.person_id, words="Laga mat", version=0, now=now
    )
    asked = ask_help(session, participant, step_id=step.id, request_id=uuid.uuid4(), words="Hur?", now=now)
    return {"step": step.id, "help": asked.id}


def hours(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The coach's week, hours whose days are over, and a day off."""
    over = WeekHours(
        0, Interval(time(17), time(18)), last=now.date() - timedelta(days=1), place="Biblioteket"
    )
    week = [WeekHours(day, Interval(time(9), time(16))) for day in range(5)]
    availability.set_week(session, coach, [*week, over])
    gone = next(row for row in hours_queries.own_week(session, coach) if row.over(now.date()))
    off = Departure(now.date() + timedelta(days=20), now.date() + timedelta(days=21))
    return {"departure": availability.add_exception(session, coach, off).id, "over": gone.id}


def elsewhere(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The coach's calendar elsewhere, not read yet."""
    address = "https://outlook.office365.com/owa/calendar/a/b/calendar.ics"
    return {"calendar": outside.add(session, coach, address, now).id}


def absent(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The coach is away in spring, and nobody stands in."""
    first = now.date() + timedelta(days=150)
    wish = absences.Wish(first, first + timedelta(days=4))
    row = absences.take(session, coach, coach.person_id, wish, now)
    return {"coach": coach.person_id, "absence": row.id}


def blocked(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The coach has a course in spring, and keeps that time free of meetings."""
    starts_at = now + timedelta(days=120)
    wish = blocks.Wish(Span(starts_at, starts_at + timedelta(hours=2)), "Kurs")
    return {"block": blocks.block(session, coach, coach.person_id, wish, now).id}


def meeting(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A meeting in an hour, and another next week, both with an interpreter."""
    wishes = (
        Wish(now + timedelta(hours=1), "on_site", interpreter="ar"),
        Wish(now + timedelta(days=7), "on_site", interpreter="ar"),
    )
    booked = [
        booking.book_for(session, coach, participant.person_id, wish, now, anyway=True) for wish in wishes
    ]
    return {"meeting": booked[0].id, "later_meeting": booked[1].id}


def pause(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A pause to come in the participant's time with the team."""
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == participant.person_id)).one()
    first = now.date() + timedelta(days=30)
    made = EnrolmentPeriod(
        enrolment_id=enrolment.id, kind="pause", starts_on=first, ends_on=first + timedelta(days=7)
    )
    session.add(made)
    session.flush()
    return {"period": made.id}


MAKERS = (
    check_in,
    plan,
    free_text,
    plan_objects.asked,
    plan_objects.card,
    plan_objects.stair,
    hours,
    elsewhere,
    absent,
    blocked,
    meeting,
    pause,
    paper,
    figures.surveys,
    conversation,
    unknown_sms,
    own_sending,
    recording,
)


def protected(session: Session, world: World, now: datetime) -> dict[str, object]:
    """A person with protected identity for each coach, who alone may open them (S37)."""
    made: dict[str, object] = {}
    for number, (owner, name) in enumerate(COACHES.items()):
        coach: Person = getattr(world, name)
        place = world.elsewhere if owner == "far_participant" else world.here
        phone = f"+4670174067{number}"
        called = PROTECTED_NAME if owner == "participant" else f"Hemlig {CANARY}"
        person = add_participant(session, place, called, now, coach=coach, phone=phone)
        person.protected = True
        session.add(ProtectedHandler(person_id=person.id, handler_id=coach.id))
        made[owner] = person.id
    session.flush()
    return made


def members(world: World) -> dict[str, object]:
    """Members of staff whom an admin looks after: two of the house, one of another organisation."""
    people = (world.translator, world.lead, world.far_coach)
    return dict(zip(OWNERS, (person.id for person in people), strict=True))


def words(session: Session, world: World) -> dict[str, object]:
    """Words of the house that an admin looks after: two of this organisation, one of another."""
    places = (world.here, world.here, world.elsewhere)
    codes = ("fk", "af", "fk")
    return {
        owner: session.scalars(
            select(Choice.id).where(
                Choice.organisation_id == place.organisation.id,
                Choice.kind == "referrer",
                Choice.code == code,
            )
        ).one()
        for owner, place, code in zip(OWNERS, places, codes, strict=True)
    }


def places(session: Session, world: World) -> Objects:
    """Teams, programmes and rooms that an admin looks after: two of this organisation, one of another."""
    second = Programme(organisation_id=world.organisation.id, name="Leden", starts_on=date(2026, 1, 1))
    session.add(second)
    session.flush()
    rooms = (
        add_room(session, world.coach, "Granen"),
        add_room(session, world.coach, "Tallen"),
        add_room(session, world.far_coach, "Eken"),
    )
    teams = (world.here.team, world.here.other_team, world.elsewhere.team)
    programmes = (world.here.programme, second, world.elsewhere.programme)
    return {
        kind: dict(zip(OWNERS, (one.id for one in found), strict=True))
        for kind, found in (("team", teams), ("programme", programmes), ("room", rooms))
    }


def _pairs(session: Session, world: World) -> list[tuple[str, Asker, Asker]]:
    """Each owner, and their coach."""
    return [
        (owner, asker_of(session, getattr(world, owner)), asker_of(session, getattr(world, coach)))
        for owner, coach in COACHES.items()
    ]


def populate(session: Session, world: World, now: datetime) -> Objects:
    """Make them; returns kind -> owner -> what stands in an address for it. The caller commits."""
    made: Objects = {
        "person": {},
        "protected": protected(session, world, now),
        "member": members(world),
        "word": words(session, world),
        **places(session, world),
        **audits(session, world, asker_of(session, world.user_auditor), now),
        **groups(session, _pairs(session, world), now),
    }
    for owner in OWNERS:
        known = birdsong.know_all(session)
        participant = asker_of(session, getattr(world, owner))
        coach = asker_of(session, getattr(world, COACHES[owner]))
        made["person"][owner] = participant.person_id
        for make in MAKERS:
            for kind, value in make(session, participant, coach, now).items():
                made.setdefault(kind, {})[owner] = value
        birdsong.let_sing(session, owner, known)
    for owner in OWNERS:
        coach = asker_of(session, getattr(world, COACHES[owner]))
        interprets = {"participant": world.translator, "other_participant": world.lead}.get(owner)
        for kind, value in ordering.ordered(
            session, coach, made["meeting"][owner], made["later_meeting"][owner], interprets, now
        ).items():
            made.setdefault(kind, {})[owner] = value
        colleague = {"participant": world.other_coach, "other_participant": world.coach}.get(owner)
        person_id = getattr(world, owner).id
        later = OWNERS.index(owner)
        for kind, value in networks.networks(session, coach, person_id, colleague, now, later=later).items():
            made.setdefault(kind, {})[owner] = value
    # Whoever holds an address reads what the house is called: there is none of the far house.
    made["invitation"]["far_participant"] = "A" * 43
    return made
