"""Karin's desk and the agency that the house orders interpreters of by e-mail."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.booking import service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from portal.interpreting.order_models import InterpreterOrder
from portal.messaging.models import OutboxMessage
from portal.notices.agency_service import KIND
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.conftest import SignIn
from tests.interpreter.test_order_pages import LIST, post
from tests.support.pages import Client, text_of
from tests.support.world import World

LETTER = f"{LIST}/letter"
AGENCY = "bokning@tolkbyran.se"
NOTHING = "Det finns inget nytt att skicka"
Act = Callable[[Session, Asker], object]


@pytest.fixture
def address(database: Database, world: World) -> None:
    """The house has an agency."""
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"agency_email": AGENCY}


def sent(database: Database) -> list[OutboxMessage]:
    """Every e-mail to the agency, the first first."""
    with database.reading() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.kind == KIND)
        return list(session.scalars(wanted.order_by(OutboxMessage.created_at)))


def send(browser: Client) -> int:
    """Read it and send it."""
    found = re.search(r'name="seen" value="(\w+)"', browser.get(LETTER).text)
    return browser.post(LETTER, data={"seen": found[1] if found else ""}).status_code


def says(browser: Client) -> str:
    """What the next e-mail says, from its greeting on; NOTHING where there is none."""
    page = text_of(browser.get(LETTER))
    if NOTHING in page:
        return NOTHING
    assert "Hej! " in page
    return page.partition("Hej! ")[2]


def arrives(database: Database, state: str = "sent") -> None:
    """What becomes of the e-mails that wait."""
    with database.transaction() as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.state == "queued").values(state=state))


def protect(database: Database, world: World) -> None:
    """The participant gets protected identity, and Karin handles it."""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(protected=True))
        session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.coach.id))


@dataclass
class Desk:
    """What Karin does with one meeting that an interpreter is ordered for."""

    app: Flask
    database: Database
    browser: Client
    karin: Asker
    meeting: Appointment
    now: datetime

    def says(self) -> str:
        """As `says`."""
        return says(self.browser)

    def listed(self) -> str:
        """The list of orders."""
        return text_of(self.browser.get(LIST))

    def send(self, state: str = "sent") -> None:
        """She sends the e-mail, and this becomes of it."""
        assert send(self.browser) == 303
        arrives(self.database, state)

    def posts(self, act: str, **values: str) -> None:
        """She presses a button on the page of the order."""
        assert post(self.browser, self.last(), act, **values) == 303

    def last(self) -> InterpreterOrder:
        """The meeting's order as it stands: the open one, or the one that is off."""
        with self.database.reading() as session:
            wanted = select(InterpreterOrder).where(InterpreterOrder.meeting_id == self.meeting.id)
            return min(session.scalars(wanted), key=lambda one: one.state == "cancelled")

    def move(self, at: datetime) -> None:
        """The meeting gets this time."""
        wish = Wish(at, "on_site")
        now, meeting = self.now, self.meeting.id
        self._does(lambda session, karin: service.move_for(session, karin, meeting, wish, now, anyway=True))

    def cancel(self) -> None:
        """The meeting is off."""
        self._does(lambda session, karin: service.cancel_for(session, karin, self.meeting.id, "", self.now))

    def restore(self) -> None:
        """The meeting is on again."""
        now, meeting = self.now, self.meeting.id
        self._does(lambda session, karin: service.restore_for(session, karin, meeting, now, anyway=True))

    def _does(self, act: Act) -> None:
        with self.app.app_context(), self.database.transaction() as session:
            act(session, self.karin)


@pytest.fixture
def desk(
    app: Flask,
    database: Database,
    sign_in: SignIn,
    world: World,
    ask_as: AskAs,
    meeting: Appointment,
    now: datetime,
) -> Desk:
    """Karin's."""
    return Desk(app, database, sign_in(world.coach), ask_as(world.coach), meeting, now)
