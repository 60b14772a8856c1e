"""The agency as a machine: it knows how each order stands, or staff see that it does not."""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.booking import service
from portal.booking.models import Appointment, MeetingChange
from portal.booking.time_service import Wish
from portal.db import Database
from portal.interpreter import letter_queries, letter_service, order_queries
from portal.interpreter.order_words import lines_of
from portal.interpreting import assign_service, order_rules
from portal.interpreting.letter_rules import CHANGED, NEW, OFF
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.languages import SWEDISH
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices.agency_service import KIND
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from portal.web.errors import Refused
from portal.web.words import spoken_in
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.interpreter.agency import AGENCY
from tests.support.ordering import outside
from tests.support.world import World

__all__ = ["ask_as", "open_world"]

NEXT = datetime.fromisoformat("2026-12-01T09:00+00:00")
HEADINGS = {"Vi beställer:": NEW, "Ändrat. Så här är det nu:": CHANGED, "Vi avbokar:": OFF}
WHOSE = st.integers(0, 1)
OUTCOMES = st.sampled_from(
    [
        (messaging.SENT, True),
        (messaging.FAILED, False),
        (messaging.EXPIRED, False),
        (messaging.UNKNOWN, True),
        (messaging.UNKNOWN, False),
    ]
)
"""What the portal takes an e-mail to be, and whether somebody at the agency has read it."""


class Line(NamedTuple):
    """What an e-mail says of one order; `text` is "" where it is off."""

    kind: str
    number: str
    text: str


def read(body: str) -> list[Line]:
    """What somebody at the agency takes out of an e-mail."""
    kind, found = "", []
    for paragraph in body.split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        kind = HEADINGS.get(first, kind)
        if first.startswith("Beställning "):
            found.append(Line(kind, first.removeprefix("Beställning "), paragraph))
        elif kind == OFF and first in HEADINGS:
            numbers = (line.removeprefix("Beställning ").partition(",")[0] for line in rest.split("\n"))
            found += [Line(OFF, number, "") for number in numbers]
    return found


def number_of(order: InterpreterOrder) -> str:
    """What the agency calls it."""
    return str(order.id)[:8]


class Letters(RuleBasedStateMachine):
    """Two meetings of one coach, an interpreter with a name, and the agency.

    `believed`: how the agency takes each order to stand, in the words of an e-mail, "" for off. `doubted`:
    the orders whose last e-mail may have arrived; of these nobody at the desk knows what the agency knows.
    """

    def __init__(
        self,
        session: Session,
        karin: Asker,
        people: list[uuid.UUID],
        samir: Interpreter,
        now: datetime,
    ) -> None:
        super().__init__()
        self.session, self.karin, self.samir, self.now = session, karin, samir, now
        self.believed: dict[str, str] = {}
        self.before_the_call: dict[uuid.UUID, tuple[str, bool]] = {}
        self.doubted: set[str] = set()
        self.on_the_phone: set[str] = set()
        self.unread: set[uuid.UUID] = set()
        self.meetings = [
            service.book_for(session, karin, person, self.wish(number, 0), now, anyway=True).id
            for number, person in enumerate(people)
        ]

    def wish(self, whose: int, hours: int) -> Wish:
        """A meeting with an interpreter, on a day of its own; at one of its hours by phone."""
        mode, place = ("phone", "") if hours == 1 else ("on_site", "Biblioteket")
        at = NEXT + timedelta(days=whose, hours=hours)
        return Wish(at, mode, uuid.uuid4(), place=place, interpreter="ar")

    def does(self, act: Any, *values: Any, **more: Any) -> bool:
        """Karin does it; whether she could."""
        with suppress(Refused):
            act(self.session, self.karin, *values, self.now, **more)
            return True
        return False

    def order(self, whose: int) -> InterpreterOrder | None:
        """The open order of a meeting."""
        wanted = select(InterpreterOrder).where(
            InterpreterOrder.meeting_id == self.meetings[whose],
            InterpreterOrder.state != order_rules.CANCELLED,
        )
        return self.session.scalars(wanted).one_or_none()

    def as_said(self, order: InterpreterOrder) -> str:
        """An order in the words of an e-mail."""
        with spoken_in(SWEDISH):
            return lines_of([order_queries.one(self.session, self.karin, order.id, self.now)])

    def letters(self, *states: str) -> list[OutboxMessage]:
        """The e-mails in these states, the first first."""
        wanted = select(OutboxMessage).where(OutboxMessage.kind == KIND, OutboxMessage.state.in_(states))
        return list(self.session.scalars(wanted.order_by(OutboxMessage.created_at)))

    def hears(self, order: InterpreterOrder, text: str) -> None:
        """The agency hears by phone how an order stands."""
        self.believed[number_of(order)] = text
        self.doubted.discard(number_of(order))
        self.on_the_phone.add(number_of(order))

    @initialize(outcome=OUTCOMES)
    def begin(self, outcome: tuple[str, bool]) -> None:
        """Most of what can happen, happens after the first e-mail."""
        self.send(True, outcome)

    @rule(whose=WHOSE, hours=st.integers(0, 2))
    def move(self, whose: int, hours: int) -> None:
        """The meeting gets another time, and maybe another place."""
        self.does(service.move_for, self.meetings[whose], self.wish(whose, hours), anyway=True)

    @rule(whose=WHOSE)
    def cancel_or_restore(self, whose: int) -> None:
        """The meeting is off, or on again."""
        meeting = self.session.get_one(Appointment, self.meetings[whose])
        if meeting.state == "booked":
            self.does(service.cancel_for, meeting.id, "")
        else:
            self.does(service.restore_for, meeting.id, anyway=True)

    @rule(whose=WHOSE)
    def find_samir(self, whose: int) -> None:
        """Samir is to come."""
        if order := self.order(whose):
            self.does(assign_service.assign, order.id, self.samir.id)

    @rule(whose=WHOSE)
    def ring(self, whose: int) -> None:
        """The agency says on the phone that it sends somebody, or that they come as it is now."""
        order = self.order(whose)
        if order is None:
            return
        number, asked = number_of(order), order.state == order_rules.ASKED
        before = self.believed.get(number, ""), number in self.doubted
        if asked and self.does(assign_service.assign_agency, order.id, "Tolkbyrån", ""):
            self.before_the_call[order.id] = before
            self.hears(order, self.as_said(order))
        elif order.by_agency and self.does(assign_service.confirm, order.id):
            self.hears(order, self.as_said(order))

    @rule(whose=WHOSE)
    def say_no(self, whose: int) -> None:
        """Whoever was to come cannot."""
        order = self.order(whose)
        if order and self.does(assign_service.decline, order.id) and order.by_agency:
            self.hears(order, "")

    @rule(whose=WHOSE)
    def let_go(self, whose: int) -> None:
        """Another interpreter is wanted; or a slip is undone, of which nobody has heard."""
        order = self.order(whose)
        if order is None:
            return
        by_agency = order.by_agency
        gone = self.does(assign_service.let_go, order.id)
        if gone and by_agency and order.state == order_rules.ASKED:
            known, doubted = self.before_the_call[order.id]
            self.believed[number_of(order)] = known
            if doubted:
                self.doubted.add(number_of(order))

    @rule(left=st.booleans(), outcome=OUTCOMES)
    def send(self, left: bool, outcome: tuple[str, bool]) -> None:
        """Karin sends the e-mail, which says nothing that the agency knows; it leaves at once, or waits."""
        letter = letter_queries.letter(self.session, self.karin, self.now)
        self.now += timedelta(seconds=1)
        if not self.does(letter_service.send, letter.seen):
            assert not letter.told
            return
        sent = self.letters(messaging.QUEUED)[-1]
        for kind, number, text in read(sent.body):
            known = self.believed.get(number, "")
            # A time that was agreed on the phone stands in the e-mail too: the agency has it in writing.
            again = number in self.on_the_phone
            news = {NEW: not known, CHANGED: known not in ("", text) or again, OFF: known != ""}
            assert news[kind] or number in self.doubted, (kind, known, text)
        if left:
            self.becomes(sent, *outcome)

    @precondition(lambda self: self.letters(messaging.QUEUED))
    @rule(outcome=OUTCOMES)
    def leave(self, outcome: tuple[str, bool]) -> None:
        """The first that waits leaves, or does not."""
        self.becomes(self.letters(messaging.QUEUED)[0], *outcome)

    def becomes(self, letter: OutboxMessage, state: str, arrives: bool) -> None:
        """This becomes of it. Whoever reads it learns something."""
        letter.state = state
        self.session.flush()
        if not arrives:
            self.unread.add(letter.subject)
        for line in read(letter.body):
            if arrives:
                self.believed[line.number] = line.text
                self.on_the_phone.discard(line.number)
                self.doubted.discard(line.number)
            if state == messaging.UNKNOWN:
                self.doubted.add(line.number)

    @rule(whose=WHOSE)
    def say_again(self, whose: int) -> None:
        """The agency has not had the e-mail of which nobody knew."""
        order = self.order(whose)
        if order and order.letter_id in self.unread:
            self.does(assign_service.name_again, order.id)

    def untold(self) -> list[InterpreterOrder]:
        """Those that are off, of which somebody is to be told."""
        listed = order_queries.listed(self.session, self.karin, self.now)
        return [self.session.get_one(InterpreterOrder, one.id) for one in listed.to_tell]

    @precondition(lambda self: self.untold())
    @rule()
    def tell(self) -> None:
        """Karin rings whoever stands first in the list of those to tell."""
        order = self.untold()[0]
        assert self.does(assign_service.tell, order.id, told=True)
        if order.interpreter_id is None:
            self.hears(order, "")

    @rule()
    def wait(self) -> None:
        """Nothing is a slip any longer."""
        self.now += order_rules.UNDO_FOR + timedelta(minutes=1)

    @invariant()
    def the_agency_knows_or_staff_see_that_it_does_not(self) -> None:
        """In the next e-mail or one that waits, in the list of those to tell, at an order without a yes."""
        seen = {one.id for one in self.untold()}
        seen |= {one.order.id for one in letter_queries.letter(self.session, self.karin, self.now).told}
        waiting = {one.subject for one in self.letters(messaging.QUEUED)}
        for order in self.session.scalars(select(InterpreterOrder)):
            if order.id in seen or order.letter_id in waiting or number_of(order) in self.doubted:
                continue
            comes = order.by_agency and order.state in order_rules.HELD
            if comes and order.state == order_rules.CHANGED:
                continue
            truth = self.as_said(order) if comes or order.state == order_rules.ASKED else ""
            assert self.believed.get(number_of(order), "") == truth

    def teardown(self) -> None:
        """Leave nothing to the next run."""
        for table in (OutboxMessage, InterpreterOrder, BusyTime, MeetingChange, Appointment):
            self.session.execute(delete(table))
        self.session.expunge_all()


def test_the_agency_knows_how_orders_stand_or_staff_see_that_it_does_not(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.notices.service.meeting_changed", lambda _session, **_said: None)
    few = settings(
        max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    people = [open_world.participant.id, open_world.second_participant.id]
    with database.transaction() as session:
        session.get_one(Organisation, open_world.organisation.id).settings = {"agency_email": AGENCY}
    with app.app_context(), database.writing() as session:
        samir = outside(session, ask_as(open_world.admin), now)

        class Here(Letters):
            def __init__(self) -> None:
                super().__init__(session, ask_as(open_world.coach), people, samir, now)

        run_state_machine_as_test(Here, settings=few)
