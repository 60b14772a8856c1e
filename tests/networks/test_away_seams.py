"""An absence: whoever was invited hears of it, and other times are such that all can."""

from flask import Flask
from sqlalchemy import select

from portal.availability.models import BusyTime
from portal.booking import rules
from portal.booking import service as booking
from portal.booking.network import service
from portal.booking.network.told_queries import stands
from portal.booking.time_service import Wish
from portal.messaging.models import OutboxMessage
from portal.notices.invitation_rules import KINDS
from tests.booking.conftest import ask_as, open_world
from tests.booking.test_away import Desk, desk
from tests.support.networks import GUEST

__all__ = ["ask_as", "desk", "open_world"]


def letters(desk: Desk) -> list[OutboxMessage]:
    rows = select(OutboxMessage).where(OutboxMessage.kind.in_(KINDS), OutboxMessage.state != "cancelled")
    return list(desk.session.scalars(rows.order_by(OutboxMessage.revision)))


def test_whoever_was_invited_still_is_when_a_stand_in_takes_the_meeting(app: Flask, desk: Desk) -> None:
    made = desk.meet()
    with app.app_context():
        service.invite(desk.session, desk.karin, made.id, GUEST, desk.now)
    desk.decide({made: rules.ALONG})
    assert any(stands(desk.session, one, desk.now) for one in letters(desk))


def test_new_times_are_such_that_the_colleague_can_too(app: Flask, desk: Desk) -> None:
    made = desk.meet()
    world = desk.world
    with app.app_context():
        service.ask_colleague(desk.session, desk.karin, made.id, world.other_coach.id, desk.now)
    (hit,) = desk.hits()
    assert hit.likest is not None
    with app.app_context():
        booking.book_for(
            desk.session,
            desk.ask_as(world.other_coach),
            world.other_participant.id,
            Wish(hit.likest.start, "phone"),
            desk.now,
            anyway=True,
        )
    (hit,) = desk.hits()
    taken = {one.start for one in hit.times}
    busy = desk.session.execute(
        select(BusyTime.starts_at, BusyTime.ends_at).where(
            BusyTime.subject_id == world.other_coach.id, BusyTime.cause_id != made.id
        )
    ).all()
    assert not [at for at in taken if any(row.starts_at <= at < row.ends_at for row in busy)]
