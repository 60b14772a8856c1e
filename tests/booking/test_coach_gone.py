"""A coach who has left, or is no coach any longer, is nobody to book with."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.booking import queries, service
from portal.booking.hold_service import CoachGone
from portal.booking.service import NotFree
from portal.booking.time_service import Wish
from portal.identity.models import Person, RoleGrant
from tests.booking.conftest import AskAs
from tests.booking.test_service import FRIDAY_9, FRIDAY_13, wish
from tests.support.world import World


def disable(session: Session, coach: Person, now: datetime) -> None:
    session.execute(update(Person).where(Person.id == coach.id).values(disabled_at=now))


def take_role(session: Session, coach: Person, now: datetime) -> None:
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == coach.id))
    session.add(RoleGrant(person_id=coach.id, role="translator"))
    session.flush()


GOING = pytest.mark.parametrize("go", [disable, take_role])


@GOING
def test_there_are_no_times_and_none_is_booked(
    session: Session, open_world: World, ask_as: AskAs, now: datetime, go: object
) -> None:
    amina, karin = ask_as(open_world.participant), ask_as(open_world.lead)
    booked = service.book_own(session, amina, wish(FRIDAY_9), now)
    cancelled = service.book_own(session, amina, wish(FRIDAY_13), now)
    service.cancel_own(session, amina, cancelled.id, "", now)
    assert callable(go)
    go(session, open_world.coach, now)
    offer = queries.offer(session, amina, now)
    assert offer is not None
    assert (offer.times, offer.able) == ((), False)
    with pytest.raises(NotFree):
        service.book_own(session, amina, wish(FRIDAY_13), now)
    with pytest.raises(NotFree):
        service.move_own(session, amina, booked.id, FRIDAY_13, now)
    with pytest.raises(CoachGone):
        service.restore_own(session, amina, cancelled.id, now)
    with pytest.raises(CoachGone):
        service.book_for(session, karin, open_world.participant.id, wish(FRIDAY_13), now, anyway=True)
    with pytest.raises(CoachGone):
        service.move_for(session, karin, booked.id, wish(FRIDAY_13), now, anyway=True)


@GOING
def test_what_stands_can_still_be_cancelled(
    session: Session, open_world: World, ask_as: AskAs, now: datetime, go: object
) -> None:
    amina = ask_as(open_world.participant)
    booked = service.book_own(session, amina, Wish(now + timedelta(days=3), "phone", uuid.uuid4()), now)
    assert callable(go)
    go(session, open_world.coach, now)
    assert service.cancel_own(session, amina, booked.id, "", now).state == "cancelled"
