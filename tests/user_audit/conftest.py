"""An audit of the first team, opened, and a crowd to answer it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person
from portal.user_audit import answer_service, queries, service
from portal.user_audit.draft_rules import Draft
from portal.user_audit.models import Audit
from portal.user_audit.service import Plan
from portal.web.asker import Asker
from tests.support.objects import asker_of
from tests.support.world import Place, World, add_participant

CHOSEN = ("how_long", "kind", "listens", "good")
FIRST, LAST = date(2026, 11, 20), date(2026, 12, 10)


@dataclass
class Audited:
    """A database with an audit in it that is open."""

    database: Database
    world: World
    audit_id: uuid.UUID
    now: datetime

    def asker(self, person: Person) -> Asker:
        """The person as they ask."""
        with self.database.reading() as session:
            return asker_of(session, person)

    def draft(self, answers: tuple[str, ...], language: str = "sv") -> Draft:
        """A form that has been answered."""
        draft = answer_service.begin(language, len(CHOSEN), self.now)
        for number, given in enumerate(answers, 1):
            draft = draft.answered(number, given)
        return draft

    def issue(self, person: Person, draft: Draft) -> str:
        """The person's ticket, committed."""
        asker = self.asker(person)
        with self.database.transaction() as session:
            return answer_service.issue(session, asker, self.audit_id, draft, self.now)

    def redeem(self, ticket: str) -> None:
        """Send a ticket."""
        with self.database.transaction() as session:
            answer_service.redeem(session, ticket)

    def answer(self, person: Person, answers: tuple[str, ...], language: str = "sv") -> None:
        """The whole way."""
        self.redeem(self.issue(person, self.draft(answers, language)))

    def close(self) -> Audit:
        """Freeze it."""
        with self.database.transaction() as session:
            audit = session.get_one(Audit, self.audit_id)
            service.close(session, None, audit)
        return audit

    def audit(self, session: Session) -> Audit:
        """The audit as it stands."""
        return session.get_one(Audit, self.audit_id)

    def question(self, bank: str) -> str:
        """The key under which a question of the bank is counted."""
        with self.database.reading() as session:
            return str(queries.questions(session, self.audit_id)[CHOSEN.index(bank)].id)


def plan_of(place: Place) -> Plan:
    """A plan for the first team of a place."""
    return Plan(place.team.id, "Hur är det hos oss?", "Vi vill veta vad som är bra.", FIRST, LAST)


def open_audit(session: Session, world: World, now: datetime) -> Audit:
    """An audit of the first team, open from the twentieth of November on."""
    auditor = asker_of(session, world.user_auditor)
    audit = service.plan(session, auditor, uuid.uuid4(), plan_of(world.here), CHOSEN, now)
    service.start(session, auditor, audit, now)
    return audit


@pytest.fixture
def audited(database: Database, world: World, now: datetime) -> Audited:
    """The first team's audit."""
    with database.transaction() as session:
        audit_id = open_audit(session, world, now).id
    return Audited(database, world, audit_id, now)


Crowd = Callable[..., list[Person]]


@pytest.fixture
def crowd(database: Database, world: World, now: datetime) -> Crowd:
    """`crowd(60, languages=("sv", "ar"))` makes so many participants in the first team."""

    def made(size: int, languages: tuple[str, ...] = ("sv",)) -> list[Person]:
        with database.transaction() as session:
            return [
                add_participant(
                    session,
                    world.here,
                    f"Person {number}",
                    now,
                    coach=world.coach,
                    phone=f"+467017{number:05d}",
                    language=languages[number % len(languages)],
                )
                for number in range(size)
            ]

    return made
