"""Being away: who may say so, what is refused, and what others read of it; on both databases."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity.absence import desk_queries, queries, service
from portal.identity.absence.models import Absence
from portal.identity.absence.queries import Away
from portal.identity.absence.service import AwayToo, CannotStandIn, Overlaps, Wish, WrongDays
from portal.identity.models import Person, RoleGrant
from portal.journal.service import take_notes
from tests.support.objects import asker_of
from tests.support.world import World

TODAY = date(2026, 11, 24)
Take = Callable[..., Absence]


def day(number: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=number)


@pytest.fixture
def take(session: Session, world: World, now: datetime) -> Take:
    """`take(person, first, last, stand_in)`: the person says so themselves, in days from today."""

    def away(person: Person, first: int, last: int, stand_in: Person | None = None) -> Absence:
        wish = Wish(day(first), day(last), stand_in.id if stand_in else None)
        return service.take(session, asker_of(session, person), person.id, wish, now)

    return away


def away(session: Session, person: Person, number: int) -> Away | None:
    return queries.away(session, person.id, day(number))


def test_others_read_until_when_and_who_answers(world: World, session: Session, take: Take) -> None:
    take(world.coach, 0, 3, world.other_coach)
    whole = Away(day(3), world.other_coach.id, "Olof")
    assert [away(session, world.coach, number) for number in (-1, 0, 3, 4)] == [None, whole, whole, None]
    assert away(session, world.other_coach, 0) is None
    assert queries.stands_in_for(session, world.other_coach.id, day(3)) == {world.coach.id}
    assert queries.stands_in_for(session, world.other_coach.id, day(4)) == frozenset()
    (one,) = queries.standing_in(session, world.other_coach.id, day(0))
    assert (one.name, one.until) == ("Karin", day(3))


def test_nobody_may_answer_instead(world: World, session: Session, take: Take) -> None:
    take(world.coach, 0, 0)
    assert away(session, world.coach, 0) == Away(day(0), None, "")


@pytest.mark.parametrize("days", [(1, 0), (-3, -1), (0, 400)])
def test_days_that_cannot_be_are_refused(world: World, take: Take, days: tuple[int, int]) -> None:
    with pytest.raises(WrongDays):
        take(world.coach, *days)


def test_somebody_is_away_once_at_a_time(world: World, session: Session, take: Take) -> None:
    first = take(world.coach, 0, 3)
    assert take(world.coach, 0, 3).id == first.id
    for days in ((3, 5), (-2, 0), (1, 2)):
        with pytest.raises(Overlaps):
            take(world.coach, *days)
    take(world.coach, 4, 5)
    take(world.other_coach, 0, 3)


def test_a_stand_in_is_an_active_coach_or_lead_of_the_same_team(
    world: World, session: Session, take: Take
) -> None:
    for asker in (asker_of(session, world.coach), asker_of(session, world.lead)):
        found = desk_queries.colleagues(session, asker, world.coach.id)
        assert {one.name for one in found} == {"Lena Ek", "Olof Berg"}
    for person in (world.coach, world.admin, world.far_coach, world.participant, world.translator):
        with pytest.raises(CannotStandIn):
            take(world.coach, 0, 1, person)
    take(world.coach, 0, 1, world.lead)


def test_whoever_is_away_themselves_stands_in_for_nobody(world: World, session: Session, take: Take) -> None:
    take(world.other_coach, 2, 3)
    with pytest.raises(AwayToo):
        take(world.coach, 0, 2, world.other_coach)
    take(world.coach, 0, 1, world.other_coach)


def test_a_stand_in_who_falls_ill_answers_no_longer(world: World, session: Session, take: Take) -> None:
    """S6: a no beats a yes."""
    row = take(world.coach, 0, 5, world.other_coach)
    take(world.other_coach, 2, 3)
    answering = [
        (away(session, world.coach, number) or Away(TODAY, None, "?")).stand_in for number in (1, 2, 4)
    ]
    assert answering == ["Olof", "", "Olof"]
    assert queries.stands_in_for(session, world.other_coach.id, day(2)) == frozenset()
    assert desk_queries.relied_on(session, world.other_coach.id, row.days) == ("Karin",)
    assert queries.unanswered_days(session, world.participant.id, TODAY) == {day(2), day(3)}


@pytest.mark.parametrize("leaves", ["the team", "the house"])
def test_who_no_longer_works_there_stands_in_no_longer(
    world: World, session: Session, take: Take, now: datetime, leaves: str
) -> None:
    """S6"""
    take(world.coach, 0, 5, world.other_coach)
    if leaves == "the team":
        grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.other_coach.id)).one()
        grant.team_id = world.here.other_team.id
    else:
        session.get_one(Person, world.other_coach.id).disabled_at = now
    session.flush()
    assert away(session, world.coach, 0) == Away(day(5), None, "")
    assert queries.stands_in_for(session, world.other_coach.id, TODAY) == frozenset()
    assert len(queries.unanswered_days(session, world.participant.id, TODAY)) == 6


def test_a_lead_says_so_for_the_own_team_and_nobody_else_does(
    world: World, session: Session, now: datetime
) -> None:
    """S2, S42: both that they looked and that they could not are noted."""
    lead, wish = asker_of(session, world.lead), Wish(day(0), day(2))
    row = service.take(session, lead, world.coach.id, wish, now)
    assert row.made_by == world.lead.id
    notes = [(one["action"], one["kind"], one["subject_id"]) for one in take_notes(session)]
    assert notes == [("read", "absence", world.coach.id), ("change", "absence", world.coach.id)]
    others = (world.other_coach, world.admin, world.participant, world.far_coach)
    for asker in (asker_of(session, person) for person in others):
        with pytest.raises(NoResultFound):
            service.take(session, asker, world.coach.id, wish, now)
        with pytest.raises(NoResultFound):
            service.take_back(session, asker, world.coach.id, row.id, now)
        assert {one["action"] for one in take_notes(session)} == {"refused"}
    for subject in (world.far_coach.id, world.admin.id, world.participant.id, uuid.uuid4()):
        with pytest.raises(NoResultFound):
            service.take(session, lead, subject, wish, now)


def test_a_role_that_the_session_no_longer_has_leads_nobody(
    world: World, session: Session, now: datetime
) -> None:
    asker = replace(asker_of(session, world.lead), roles=frozenset({"coach"}))
    with pytest.raises(NoResultFound):
        service.take(session, asker, world.coach.id, Wish(day(0), day(2)), now)


def test_the_last_day_and_the_stand_in_are_changed(
    world: World, session: Session, take: Take, now: datetime
) -> None:
    row, asker = take(world.coach, -2, 3, world.other_coach), asker_of(session, world.coach)
    later = take(world.coach, 6, 7)

    def change(last: int, stand_in: Person | None) -> None:
        chosen = stand_in.id if stand_in else None
        service.change(session, asker, world.coach.id, row.id, last=day(last), stand_in_id=chosen, now=now)

    change(5, world.lead)
    assert away(session, world.coach, 5) == Away(day(5), world.lead.id, "Lena")
    for last, wrong in ((6, Overlaps), (-3, WrongDays)):
        with pytest.raises(wrong):
            change(last, None)
    change(-1, None)
    assert away(session, world.coach, 0) is None
    take(world.lead, 1, 1)
    with pytest.raises(AwayToo):
        change(2, world.lead)
    with pytest.raises(NoResultFound):
        service.change(
            session,
            asker_of(session, world.lead),
            world.lead.id,
            later.id,
            last=day(9),
            stand_in_id=None,
            now=now,
        )


def test_what_is_taken_back_is_gone_and_can_stand_again(
    world: World, session: Session, take: Take, now: datetime
) -> None:
    row, asker = take(world.coach, 0, 3, world.other_coach), asker_of(session, world.coach)
    for _twice in range(2):
        service.take_back(session, asker, world.coach.id, row.id, now)
    assert row.revision == 1
    assert away(session, world.coach, 0) is None
    assert queries.stands_in_for(session, world.other_coach.id, TODAY) == frozenset()
    with pytest.raises(NoResultFound):
        service.change(session, asker, world.coach.id, row.id, last=day(2), stand_in_id=None, now=now)
    for _twice in range(2):
        service.restore(session, asker, world.coach.id, row.id, now)
    assert queries.stands_in_for(session, world.other_coach.id, TODAY) == {world.coach.id}
    service.take_back(session, asker, world.coach.id, row.id, now)
    take(world.coach, 3, 4)
    with pytest.raises(Overlaps):
        service.restore(session, asker, world.coach.id, row.id, now)


def test_what_is_long_over_is_forgotten(world: World, session: Session, take: Take, now: datetime) -> None:
    over, back, stands = take(world.coach, 0, 3), take(world.coach, 5, 200), take(world.lead, 5, 200)
    service.take_back(session, asker_of(session, world.coach), world.coach.id, back.id, now)
    assert service.forget_old(session, now + timedelta(days=90)) == 0
    assert service.forget_old(session, now + timedelta(days=95)) == 2
    assert session.scalars(select(Absence.id)).all() == [stands.id]
    assert over.id != stands.id


def test_both_ends_of_a_lead_s_list(world: World, session: Session, take: Take) -> None:
    take(world.coach, 0, 3)
    take(world.other_coach, 1, 3)
    team = desk_queries.team(session, asker_of(session, world.lead), TODAY)
    assert [(one.name, until) for one, until in team] == [("Karin Lund", day(3)), ("Olof Berg", None)]
    assert desk_queries.team(session, asker_of(session, world.coach), TODAY) == ()
