"""A coach, a colleague and a nurse around a participant."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.booking.models import Appointment
from portal.booking.network import service
from portal.booking.network.models import MeetingParty
from portal.booking.network.service import Plan
from portal.booking.network.told_service import active
from portal.booking.time_service import Wish
from portal.db import Database
from portal.messaging.models import OutboxMessage
from portal.notices.invitation_rules import CANCELLED, KINDS
from portal.web.asker import Asker
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.support.networks import GUEST, outside
from tests.support.world import World

__all__ = ["ask_as", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Table:
    """Whoever plans, with one open transaction."""

    session: Session
    world: World
    coach: Asker
    colleague: Asker
    participant: Asker
    now: datetime

    def book(
        self, at: datetime = FRIDAY_9, *, alone: bool = False, key: uuid.UUID | None = None
    ) -> Appointment:
        """A network meeting of an hour with the colleague, or without."""
        staff = () if alone else (self.world.other_coach.id,)
        wished = Wish(at, "phone", key, length=HOUR)
        plan = Plan("network", staff)
        return service.book(self.session, self.coach, self.world.participant.id, wished, plan, self.now)

    def nurse(self, meeting: Appointment) -> MeetingParty:
        """The nurse is invited."""
        service.invite(self.session, self.coach, meeting.id, GUEST, self.now)
        return outside(self.session, meeting.id)

    def parties(self, meeting: Appointment) -> list[MeetingParty]:
        """Who is to be there."""
        return active(self.session, meeting.id)

    def held(self, meeting: Appointment) -> set[object]:
        """Whose time the meeting holds."""
        rows = select(BusyTime.subject_id).where(BusyTime.cause_id == meeting.id)
        return set(self.session.scalars(rows))

    def letters(self, party: MeetingParty) -> list[OutboxMessage]:
        """What was put for a party, what was taken back aside, the first first."""
        rows = select(OutboxMessage).where(
            OutboxMessage.subject == party.id,
            OutboxMessage.kind.in_(KINDS),
            OutboxMessage.state != "cancelled",
        )
        # That one need not come is said last of one revision; the clock of the tests stands still.
        off = OutboxMessage.kind == CANCELLED
        return list(self.session.scalars(rows.order_by(OutboxMessage.revision, OutboxMessage.again, off)))

    def sent(self) -> None:
        """Everything that waits has left."""
        for row in self.session.scalars(select(OutboxMessage).where(OutboxMessage.state == "queued")):
            row.state = "sent"
        self.session.flush()


@pytest.fixture
def table(app: Flask, database: Database, open_world: World, ask_as: AskAs, now: datetime) -> Iterator[Table]:
    world = open_world
    with app.app_context(), database.transaction() as session:
        yield Table(
            session, world, ask_as(world.coach), ask_as(world.other_coach), ask_as(world.participant), now
        )
