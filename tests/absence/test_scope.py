"""What standing in opens, on the days of the absence where the organisation is and no longer (S2, S6)."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity import scope, sessions
from portal.identity.absence import service
from portal.identity.absence.service import CannotStandIn, Wish
from portal.identity.models import Enrolment, Person, ProtectedHandler, RoleGrant
from portal.identity.people import queries as people
from portal.web.asker import Asker
from tests.support.objects import asker_of
from tests.support.world import World

MIDNIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
"""When Tuesday 24 November begins in Stockholm."""
TODAY = date(2026, 11, 24)
SECOND, IDLE = timedelta(seconds=1), timedelta(hours=1)


def signed_in(session: Session, person: Person, at: datetime) -> Asker:
    """Somebody as the portal knows them at a moment, from a session as a request finds it."""
    roles = asker_of(session, person).roles
    token = sessions.open_session(session, person.id, roles=roles, tier=2, now=at, longest=timedelta(hours=8))
    found = sessions.load(session, token, at, IDLE)
    assert found is not None
    return found


def reach(session: Session, asker: Asker) -> set[uuid.UUID]:
    return set(session.scalars(scope.participants_of(asker)))


@pytest.fixture
def two_days(session: Session, world: World, now: datetime) -> uuid.UUID:
    """Karin is away today and tomorrow, and Olof stands in."""
    wish = Wish(TODAY, TODAY + timedelta(days=1), world.other_coach.id)
    return service.take(session, asker_of(session, world.coach), world.coach.id, wish, now).id


@pytest.mark.parametrize(
    ("at", "open_to_them"),
    [
        (MIDNIGHT - SECOND, False),
        (MIDNIGHT, True),
        (MIDNIGHT + timedelta(days=2) - SECOND, True),
        (MIDNIGHT + timedelta(days=2), False),
    ],
)
def test_a_stand_in_reaches_the_absent_coachs_people_on_those_days_alone(
    world: World, session: Session, two_days: uuid.UUID, at: datetime, open_to_them: bool
) -> None:
    """S2: by the organisation's days, not by those of UTC."""
    asker = signed_in(session, world.other_coach, at)
    theirs = {world.participant.id, world.second_participant.id}
    own = {world.other_participant.id}
    assert reach(session, asker) == (theirs | own if open_to_them else own)
    listed = {row.person_id for row in people.people(session, asker, at).page.items}
    assert listed == (theirs | own if open_to_them else own)


def test_the_absent_coach_and_everybody_else_reach_what_they_did(
    world: World, session: Session, now: datetime, two_days: uuid.UUID
) -> None:
    theirs = {world.participant.id, world.second_participant.id}
    assert reach(session, signed_in(session, world.coach, now)) == theirs
    assert reach(session, signed_in(session, world.lead, now)) == theirs
    assert reach(session, signed_in(session, world.far_coach, now)) == {world.far_participant.id}
    assert reach(session, signed_in(session, world.admin, now)) == set()


def test_what_is_taken_back_closes_at_once(
    world: World, session: Session, now: datetime, two_days: uuid.UUID
) -> None:
    service.take_back(session, asker_of(session, world.coach), world.coach.id, two_days, now)
    assert reach(session, signed_in(session, world.other_coach, now)) == {world.other_participant.id}


def test_a_protected_person_stays_with_named_handlers_alone(
    world: World, session: Session, now: datetime, two_days: uuid.UUID
) -> None:
    """S37"""
    session.get_one(Person, world.participant.id).protected = True
    session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.coach.id))
    session.flush()
    asker = signed_in(session, world.other_coach, now)
    assert world.participant.id not in reach(session, asker)
    assert not scope.reaches(session, asker, world.participant.id)


def test_only_of_who_stands_in_it_is_asked_for_whom(
    database: Database, world: World, session: Session, now: datetime, two_days: uuid.UUID
) -> None:
    """A participant's page asks no more than it did, nor does that of staff who stand in for nobody."""
    ran: list[str] = []
    event.listen(database.engine, "before_cursor_execute", note := lambda *call: ran.append(str(call[2])))
    for person in (world.participant, world.admin, world.translator):
        signed_in(session, person, now)
    signed_in(session, world.coach, now)
    asked = [one for one in ran if one.startswith("SELECT absence")]
    signed_in(session, world.other_coach, now)
    event.remove(database.engine, "before_cursor_execute", note)
    assert asked == []
    assert len([one for one in ran if one.startswith("SELECT absence")]) == 1


def test_a_lead_opens_no_team_of_others_by_naming_a_stand_in(
    world: World, session: Session, now: datetime
) -> None:
    """S2: Karin coaches in a second team, whose participants her lead in the first one may not read."""
    other = world.here.other_team.id
    session.add(RoleGrant(person_id=world.coach.id, role="coach", team_id=other))
    stay = session.scalars(select(Enrolment).where(Enrolment.person_id == world.second_participant.id)).one()
    stay.team_id = other
    session.flush()
    lead = signed_in(session, world.lead, now)
    assert reach(session, lead) == {world.participant.id}
    for stand_in in (world.lead, world.other_coach):
        with pytest.raises(CannotStandIn):
            service.take(session, lead, world.coach.id, Wish(TODAY, TODAY, stand_in.id), now)
    service.take(session, lead, world.coach.id, Wish(TODAY, TODAY), now)
    assert reach(session, signed_in(session, world.lead, now)) == reach(session, lead)
    coach = signed_in(session, world.coach, now)
    tomorrow = TODAY + timedelta(days=1)
    service.take(session, coach, world.coach.id, Wish(tomorrow, tomorrow, world.other_coach.id), now)
