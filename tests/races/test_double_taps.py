"""A tap that comes many times at once on a page for staff is one change, on both databases (S49)."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.availability import service as availability
from portal.availability.models import HoursException, OwnTerms, WeeklyHours
from portal.availability.rules import Departure, Interval, WeekHours
from portal.crypto import Keyring
from portal.db import Base, Database
from portal.identity.models import RoleGrant
from portal.identity.people import member_service
from portal.identity.people.member_service import Grant
from portal.organisation import service as organisation
from portal.organisation.models import Choice, Organisation
from portal.staff import service as staff
from portal.staff.models import Attention, CopyMark
from portal.user_audit import service as audits
from portal.user_audit.models import Audit, AuditQuestion
from portal.user_audit.service import Plan
from tests.plan.conftest import asker_of
from tests.support.world import SETTINGS, World

AT_ONCE = 6
DAY_OFF = Departure(date(2026, 12, 1), date(2026, 12, 1), None)


@pytest.fixture
def at_once(database: Database) -> Callable[[Callable[[Session, int], object]], None]:
    """Let several connections do the same at once; what any of them raises is raised here."""

    def all_of(act: Callable[[Session, int], object]) -> None:
        def one(number: int) -> None:
            with database.transaction() as session:
                act(session, number)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, range(AT_ONCE)))

    return all_of


Race = Callable[[Callable[[Session, int], object]], None]


def count(database: Database, table: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_cause_is_handled_once_and_a_copy_marked_once(
    database: Database, world: World, now: datetime, at_once: Race
) -> None:
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id
    done = staff.Handling(person_id, ("missed:1", "no_meeting:1"), "called")
    at_once(lambda session, _: staff.handle(session, coach, done, now))
    at_once(lambda session, _: staff.mark_copied(session, coach, person_id, now))
    assert (count(database, Attention), count(database, CopyMark)) == (2, 1)
    at_once(lambda session, _: staff.take_back(session, coach, person_id, now, now))
    assert count(database, Attention) == 0


def test_hours_are_those_of_one_form(database: Database, world: World, at_once: Race) -> None:
    """Two weeks that were saved at once never become a mixture of both."""
    coach = asker_of(world.coach, "coach")

    def week(session: Session, number: int) -> None:
        hours = [WeekHours(day, Interval(time(8 + number % 2), time(12))) for day in range(5)]
        availability.set_week(session, coach, hours)

    at_once(week)
    at_once(lambda session, _: availability.add_exception(session, coach, DAY_OFF))
    at_once(lambda session, _: availability.set_terms(session, coach, meeting_minutes=45, place="", video=""))
    assert count(database, WeeklyHours) == 5
    assert (count(database, HoursException), count(database, OwnTerms)) == (1, 1)


def test_a_word_is_added_once(database: Database, world: World, at_once: Race) -> None:
    before = count(database, Choice)
    at_once(
        lambda session, _: organisation.add_word(
            session, asker_of(world.admin, "admin"), "outcome", {"sv": "Praktik"}
        )
    )
    assert count(database, Choice) == before + 1


def test_settings_that_are_changed_at_once_are_all_kept(
    database: Database, world: World, at_once: Race
) -> None:
    names = ["default_place", "complaint_name", "complaint_phone", "crisis_lines_checked_on"]

    def change(session: Session, number: int) -> None:
        organisation.hold(session, world.organisation.id)
        own = session.get_one(Organisation, world.organisation.id)
        own.settings = {**own.settings, names[number % 4]: str(number)}

    at_once(change)
    with database.reading() as session:
        assert set(session.get_one(Organisation, world.organisation.id).settings) == {*names, *SETTINGS}


def test_an_audit_is_planned_once(database: Database, world: World, at_once: Race, now: datetime) -> None:
    """Every tap gets the one that stands; an id that another organisation has is not there."""
    auditor, audit_id = asker_of(world.user_auditor, "user_auditor"), uuid.uuid4()
    facts = Plan(world.here.team.id, "Hur är det?", "Vi vill veta.", date(2026, 12, 1), date(2026, 12, 20))
    found: list[uuid.UUID] = []
    at_once(lambda session, _: found.append(audits.plan(session, auditor, audit_id, facts, ["kind"], now).id))
    assert found == [audit_id] * AT_ONCE
    assert (count(database, Audit), count(database, AuditQuestion)) == (1, 1)
    far = asker_of(world.far_coach, "user_auditor")
    elsewhere = replace(facts, team_id=world.elsewhere.team.id)
    with pytest.raises(NoResultFound), database.transaction() as session:
        audits.plan(session, far, audit_id, elsewhere, ["kind"], now)


def test_roles_that_are_given_at_once_stand_once(
    database: Database, world: World, now: datetime, at_once: Race, keys: Keyring
) -> None:
    admin = asker_of(world.admin, "admin")
    wanted = frozenset({Grant("translator"), Grant("user_auditor")})

    def give(session: Session, _: int) -> None:
        person = session.get_one(type(world.translator), world.translator.id)
        member_service.set_roles(session, admin, person, wanted, now=now)

    at_once(give)
    with database.reading() as session:
        roles = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == world.translator.id))
        assert sorted(roles) == ["translator", "user_auditor"]
