"""A meeting that is marked "not in the portal" leaves no trace for the participant (S33)."""

import uuid
from datetime import timedelta

from flask import Flask

from portal.booking import service as booking
from portal.booking.time_service import Wish
from portal.db import Database
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import asker_of
from tests.plan.test_hidden import pages, read
from tests.support.objects import populate
from tests.support.world import World

CANARY = "gömd-näktergal"


def test_every_page_of_the_participant_is_as_without_a_hidden_meeting(
    app: Flask, database: Database, world: World, frozen: FrozenClock, sign_in: SignIn
) -> None:
    """S33: no gap, no count, no notice, no check-in, no entry: booked and cancelled."""
    with database.transaction() as session:
        objects = populate(session, world, frozen.moment)
    amina, walked = sign_in(world.participant), pages(app, objects)
    assert {"GET home.show_home", "GET booking.show_meetings", "GET privacy.show_looked"} <= walked.keys()
    # Looking itself is noted, and stands on the page of who has looked: the second look is as the third.
    read(amina, walked)
    without = read(amina, walked)
    coach = asker_of(world.coach, "coach")
    # In the evening, when nobody is offered a time: a time that is taken looks like any other that is taken.
    evening, hour = frozen.moment.replace(hour=19), timedelta(hours=1)
    wishes = [
        Wish(evening + timedelta(days=day), "on_site", uuid.uuid4(), CANARY, hour, in_portal=False)
        for day in (1, 2)
    ]
    with database.transaction() as session:
        kept, gone = (
            booking.book_for(session, coach, world.participant.id, wish, frozen.moment, anyway=True).id
            for wish in wishes
        )
    for step in ("booked", "cancelled"):
        if step == "cancelled":
            with database.transaction() as session:
                booking.cancel_for(session, coach, gone, CANARY, frozen.moment)
        along = read(amina, walked)
        assert {name for name in along if along[name] != without[name]} == set(), step
        assert not any(CANARY in text for text in along.values())
    staff = sign_in(world.coach).get(f"/staff/people/{world.participant.id}/meetings")
    assert str(kept) in staff.text, "staff have it"
