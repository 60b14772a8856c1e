"""What has happened to some plans lately: news, what is not understood, cards, the stairs, a kept step."""

import random
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.stories import Story
from portal.identity.models import Enrolment, Person
from portal.plan import card_service, news_service, service
from portal.plan.card_rules import Entry
from portal.plan.models import PlanEvent, PlanStep, StairMove
from portal.plan.rules import Wording
from portal.web.asker import Asker

STAIR = ("prepare", "train", "praktik", "support", "work")
CARD = (
    Entry(code="one_thing"),
    Entry(code="quiet"),
    Entry(code="breaks"),
    Entry(words="Ring inte på kvällen. Skriv till mig."),
)
PROPOSED = Entry(code="bus")


def add_changes(
    session: Session, coach: Person, enrolments: list[tuple[Enrolment, Story]], zone: ZoneInfo, now: datetime
) -> None:
    """The first has news and a card, the second does not understand, the third was talked with."""
    people = [session.get_one(Person, enrolment.person_id) for enrolment, _story in enrolments[:3]]
    karin = asker(coach, "coach", zone)
    amina, yonas, mariam = (asker(person, "participant", zone) for person in people)
    _add(
        session,
        karin,
        amina,
        "Besök skolans kök tillsammans",
        now - timedelta(days=2),
        when="nästa vecka",
    )
    _add(session, karin, amina, "Prata om skulderna i lugn och ro", now - timedelta(days=1), in_portal=False)
    card_service.add(session, amina, ((uuid.uuid4(), entry) for entry in CARD), now - timedelta(days=30))
    card_service.propose(
        session, karin, person_id=amina.person_id, row_id=uuid.uuid4(), entry=PROPOSED, now=now
    )
    asked = _add(session, karin, yonas, "Träffa studievägledaren på Komvux", now - timedelta(days=3))
    answer = news_service.answer(
        session, yonas, event_id=asked, said="not_understood", now=now - timedelta(days=1)
    )
    news_service.add_words(session, yonas, answer_id=answer.id, words="What is Komvux?", now=now)
    asked_at = now - timedelta(days=8)
    asked = _add(session, karin, mariam, "Praktik i affären från måndag", now - timedelta(days=9))
    answer = news_service.answer(session, mariam, event_id=asked, said="disagree", now=asked_at)
    news_service.talk(
        session,
        karin,
        person_id=mariam.person_id,
        answer_ids=[answer.id],
        outcome="changed",
        words="Du börjar med två dagar i veckan.",
        now=now - timedelta(days=6),
    )


def add_climbs(
    session: Session, coach: Person, enrolments: list[tuple[Enrolment, Story]], now: datetime
) -> None:
    """Where everybody has been on the stairs since they began."""
    chance = random.Random(len(enrolments))
    for enrolment, story in enrolments:
        day, last = story.started_on, story.until or now.date()
        for code in STAIR[: chance.choice((1, 2, 3, 3, 4))]:
            if day >= last:
                break
            session.add(
                StairMove(enrolment_id=enrolment.id, code=code, on=day, by_id=coach.id, recorded_at=now)
            )
            day += timedelta(days=chance.randrange(50, 110))
    session.flush()


def asker(person: Person, role: str, zone: ZoneInfo) -> Asker:
    """Somebody as they ask, past both doors."""
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


def _add(
    session: Session,
    coach: Asker,
    participant: Asker,
    words: str,
    at: datetime,
    *,
    when: str = "",
    in_portal: bool = True,
) -> uuid.UUID:
    """A step that the coach adds; the id of the change."""
    step: PlanStep = service.add_step(
        session,
        coach,
        person_id=participant.person_id,
        step_id=uuid.uuid4(),
        kind="step",
        wording=Wording(words, when=when, in_portal=in_portal),
        now=at,
    )
    return session.scalars(select(PlanEvent.id).where(PlanEvent.step_id == step.id)).one()
