"""What a participant is told by SMS when staff change a meeting: truly, and neutrally (S31)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import service
from portal.booking.time_service import Wish
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "away, minutes, place, kind",
    [
        (DAY, 60, "Torget", kinds.MOVED),
        (DAY, 60, "Biblioteket", kinds.MOVED_MORE),
        (timedelta(0), 60, "Biblioteket", kinds.CHANGED),
        (timedelta(0), 45, "Torget", kinds.CHANGED),
    ],
)
def test_the_text_says_what_changed_and_never_where(
    world: World, session: Session, now: datetime, *, away: timedelta, minutes: int, place: str, kind: str
) -> None:
    """S31: another place is no new time, and stands behind the second door alone."""
    starts_at = now + timedelta(days=3)
    meeting = add_meeting(session, world.participant, world.coach, starts_at, now, mode="walk")
    meeting.place = "Torget"
    wish = Wish(starts_at + away, "walk", place=place, length=timedelta(minutes=minutes))
    with APP.app_context():
        service.move_for(session, asker_of(session, world.coach), meeting.id, wish, now, anyway=True)
    said = session.scalars(select(OutboxMessage)).one()
    assert (said.kind, said.revision) == (kind, 1)
    assert place not in said.body
    assert ("nya mötestid" in said.body) == (away > timedelta(0))


def test_nothing_changed_is_no_news(world: World, session: Session, now: datetime) -> None:
    meeting = add_meeting(session, world.participant, world.coach, now + DAY, now, mode="phone")
    with APP.app_context():
        wish = Wish(meeting.starts_at, "phone")
        service.move_for(session, asker_of(session, world.coach), meeting.id, wish, now)
    assert session.scalars(select(OutboxMessage)).all() == []
