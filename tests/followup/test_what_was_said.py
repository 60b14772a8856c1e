"""What somebody says to being asked, as figures of an earlier day read it (S41)."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.followup import queries, service
from portal.followup.figure_queries import followed
from portal.followup.figure_rules import Followed, came_of
from portal.followup.models import FollowUpConsent
from portal.followup.rules import DECLINED, NEVER, NO, OPEN, UNREACHED, YES
from portal.identity.models import Enrolment, Person
from portal.identity.people import case_queries
from tests.followup.test_followup_figures import DAY
from tests.support.objects import asker_of
from tests.support.world import World


@pytest.fixture
def stay(session: Session, world: World, now: datetime) -> Enrolment:
    """The participant's enrolment, closed 200 days ago; nobody has asked."""
    one = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
    one.closed_on = (now - 200 * DAY).date()
    session.flush()
    return one


def say(session: Session, world: World, what: str, at: datetime) -> None:
    """Through the services: a yes and a no of staff, or the person's own no."""
    person = session.get_one(Person, world.participant.id)
    if what == NEVER:
        service.refuse(session, asker_of(session, person), person, at)
    else:
        service.note_consent(session, asker_of(session, world.coach), person, yes=what == YES, now=at)
    session.expire_all()


def read(session: Session, world: World, stay: Enrolment) -> Followed:
    lead = asker_of(session, world.lead)
    return followed(session, lead, case_queries.counted_enrolments(lead))[stay.id]


def frozen_at(stay: Enrolment) -> date:
    """The last day that counts for a follow-up after three months."""
    assert stay.closed_on
    return stay.closed_on + 92 * DAY + OPEN


BEFORE: tuple[tuple[Sequence[str], str, str | None], ...] = (
    ((), "", None),
    ((YES,), YES, UNREACHED),
    ((YES, NO), NO, None),
    ((YES, NEVER), NEVER, None),
    ((YES, NO, YES), YES, UNREACHED),
    ((NEVER,), NEVER, None),
)


@pytest.mark.parametrize("said, had, came", BEFORE)
@pytest.mark.parametrize(
    "later", [(NO,), (YES,), (NEVER,), (NO, YES), (YES, NO, YES), (NO, NEVER), (YES, NEVER)]
)
def test_nothing_that_is_said_afterwards_changes_what_had_been_said(
    session: Session,
    world: World,
    stay: Enrolment,
    now: datetime,
    said: Sequence[str],
    had: str,
    came: str | None,
    later: Sequence[str],
) -> None:
    """S41. What came first was said well before the follow-up's day, what came later after all counted."""
    until = frozen_at(stay)
    for number, what in enumerate(said):
        say(session, world, what, now - (200 - number) * DAY)
    assert until < (now - len(later) * DAY).date()
    for number, what in enumerate(("", *later)):
        if what:
            say(session, world, what, now - (len(later) - number) * DAY)
        one = read(session, world, stay)
        assert one.had_said(until) == had
        assert came_of(one, 3, until) == (None if came is None else "waiting")
        assert came_of(one, 3, until + DAY) == came


def test_whoever_says_no_without_having_been_asked_had_said_nothing(
    session: Session, world: World, stay: Enrolment, now: datetime
) -> None:
    """S41, S45: it is a no from that day, for good, and no follow-up that was refused."""
    on = frozen_at(stay) - DAY
    say(session, world, NEVER, now - ((now.date() - on).days * DAY))
    one = read(session, world, stay)
    assert [one.had_said(day) for day in (on - DAY, on)] == ["", NEVER]
    assert came_of(one, 3, now.date()) is None
    say(session, world, YES, now)
    assert queries.said_of(session, stay.id) == NEVER
    assert came_of(read(session, world, stay), 6, now.date()) is None


@pytest.mark.parametrize("what", [NO, NEVER])
def test_a_yes_that_is_taken_back_within_the_days_is_a_follow_up_that_was_refused(
    session: Session, world: World, stay: Enrolment, now: datetime, what: str
) -> None:
    say(session, world, YES, now - 200 * DAY)
    say(session, world, what, now - 80 * DAY)
    assert came_of(read(session, world, stay), 3, now.date()) == DECLINED


def test_what_was_said_stays_and_one_thing_alone_holds(
    session: Session, world: World, stay: Enrolment, now: datetime
) -> None:
    for days, what in ((9, YES), (8, YES), (7, NO), (6, YES), (6, NEVER)):
        say(session, world, what, now - days * DAY)
    rows = session.scalars(select(FollowUpConsent)).all()
    kept = [(YES, 9, 7), (NO, 7, 6), (YES, 6, 6), (NEVER, 6, None)]
    assert sorted((one.said, one.said_at, one.said_until) for one in rows if one.said_until) == sorted(
        (what, now - since * DAY, now - until * DAY) for what, since, until in kept if until is not None
    )
    holds = next(one for one in rows if one.said_until is None)
    assert (holds.said, holds.said_at) == (NEVER, now - 6 * DAY)
    facts = {"person_id": stay.person_id, "enrolment_id": stay.id, "noted_by": world.coach.id}
    session.add(FollowUpConsent(said=YES, said_at=now, **facts))
    with pytest.raises(IntegrityError):
        session.flush()
