"""Whoever was told of what an absence did hears of what becomes of it: the undoing, and what else it did."""

import uuid

import pytest
from sqlalchemy import select

from portal.booking import away_rules, away_service, service
from portal.booking.away_service import Undone
from portal.booking.models import AppointmentBefore
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices.models import CallWish
from tests.booking.test_away import APP, DAY, MINUTE, NEXT, Desk, desk

__all__ = ["desk"]


def test_whoever_was_rung_up_about_it_is_rung_up_about_the_undoing(desk: Desk) -> None:
    desk.session.get_one(Person, desk.amina.id).way = kinds.CALL
    desk.session.flush()
    meeting, other = desk.meet(), desk.meet(NEXT + DAY)

    def wishes() -> list[tuple[uuid.UUID, int, str]]:
        found = desk.session.scalars(select(CallWish).where(CallWish.revision > 0))
        return [(one.subject, one.revision, one.kind) for one in found]

    desk.decide({meeting: away_rules.MOVE})
    assert wishes() == [(meeting.id, 1, kinds.MOVED)]
    batch = desk.session.scalars(select(AppointmentBefore.batch_id)).one()
    with APP.app_context():
        undone = away_service.undo(
            desk.session, desk.karin, desk.gone, batch, desk.now + MINUTE, rung={(meeting.id, 1)}
        )
    assert undone == Undone(1, 0)
    assert wishes() == [(meeting.id, 2, kinds.MOVED)]
    desk.decide({other: away_rules.MOVE})
    assert desk.undo(MINUTE) == Undone(1, 0)
    # Nobody had rung about this one: there is nothing to take back by a call.
    assert wishes() == [(meeting.id, 2, kinds.MOVED)]


@pytest.mark.parametrize("by", ["staff", "participant"])
def test_what_else_the_decision_did_is_told_where_the_named_meeting_changes_before_the_message_leaves(
    desk: Desk, by: str
) -> None:
    named, other = desk.meet(), desk.meet(NEXT + DAY)
    desk.decide({named: away_rules.MOVE, other: away_rules.MOVE})
    (said,) = desk.said()
    assert said[0] == kinds.MOVED_MORE
    with APP.app_context():
        if by == "staff":
            service.cancel_for(desk.session, desk.ask_as(desk.world.lead), named.id, "", desk.now + MINUTE)
        else:
            service.cancel_own(desk.session, desk.ask_as(desk.amina), named.id, "", desk.now + MINUTE)
    about = select(OutboxMessage.subject).where(
        OutboxMessage.state == "queued", OutboxMessage.recipient_id == desk.amina.id
    )
    left = set(desk.session.scalars(about).all())
    assert other.id in left
    with APP.app_context():
        service.cancel_for(desk.session, desk.ask_as(desk.world.lead), other.id, "", desk.now + 2 * MINUTE)
    said_of_other = desk.session.scalars(
        select(OutboxMessage.kind).where(OutboxMessage.subject == other.id, OutboxMessage.state == "queued")
    )
    assert said_of_other.all() == [kinds.CANCELLED]
