"""From the outbox to the phone: once, in order, through crashes, outages and doubt."""

import threading
import uuid
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from portal.crypto import CannotOpen
from portal.db import Database
from portal.messaging import rules, sender, service
from portal.messaging.gateways.base import Outcome, Outgoing
from portal.messaging.gateways.console import Console
from portal.messaging.models import OutboxMessage
from portal.messaging.pace_rules import Patience
from tests.support import outbox


def go(session: Session, row: OutboxMessage, now: datetime) -> rules.Verdict:
    return rules.Go()


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


class Phone:
    """A provider in the test's own hands: it keeps what it took on, and answers as told."""

    keeps_text = False

    def __init__(self, *answers: Outcome | BaseException) -> None:
        self.took: list[Outgoing] = []
        self.answers = list(answers)
        self.states: dict[str, Outcome] = {}
        self.asked = 0
        self._lock = threading.Lock()

    def send(self, message: Outgoing) -> Outcome:
        with self._lock:
            answer = self.answers.pop(0) if self.answers else Outcome(rules.SENT, f"SM{len(self.took)}")
            if isinstance(answer, BaseException):
                raise answer
            if answer.state != rules.QUEUED:
                self.took.append(message)
            return answer

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        self.asked += 1
        return self.states.get(reference)


REFUSED = Outcome(rules.QUEUED, error_code="http 429")


@pytest.fixture
def put(database: Database, now: datetime) -> Callable[..., uuid.UUID]:
    def make(**changes: object) -> uuid.UUID:
        with database.transaction() as session:
            return outbox.put(session, now, **changes).id

    return make


def row(database: Database, message_id: uuid.UUID) -> OutboxMessage:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).where(OutboxMessage.id == message_id)).one()


def states(database: Database) -> dict[str, int]:
    with database.reading() as session:
        counted = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
        return {state: int(number) for state, number in counted}


Put = Callable[..., uuid.UUID]


def test_a_message_is_sent_once(database: Database, put: Put, now: datetime) -> None:
    message, phone = put(), Phone()
    assert sender.send_due(database, phone, at(now), go) == 1
    assert sender.send_due(database, phone, at(now + timedelta(hours=1)), go) == 0
    sent = row(database, message)
    assert (sent.state, sent.provider_reference, sent.attempts) == (rules.SENT, "SM0", 1)
    assert [taken.address for taken in phone.took] == [outbox.PHONE]


def test_codes_go_first_and_alone_where_asked(database: Database, put: Put, now: datetime) -> None:
    put(body="påminnelse")
    with database.transaction() as session:
        outbox.put_code(session, now, body="kod")
    phone = Phone()
    assert sender.send_due(database, phone, at(now), go, lowest=sender.URGENT_ONLY) == 1
    assert sender.send_due(database, phone, at(now), go) == 1
    assert [taken.body for taken in phone.took] == ["kod", "påminnelse"]


def test_nothing_leaves_before_its_time_or_after_it(database: Database, put: Put, now: datetime) -> None:
    """S52."""
    put(not_before=now + timedelta(minutes=30))
    phone = Phone()
    assert sender.send_due(database, phone, at(now + timedelta(minutes=29)), go) == 0
    assert sender.send_due(database, phone, at(now + timedelta(hours=2)), go) == 0
    assert sender.send_due(database, phone, at(now + timedelta(minutes=30)), go) == 1
    assert phone.took[0].seconds_left == 5400


def test_what_has_the_least_time_left_leaves_first(database: Database, put: Put, now: datetime) -> None:
    """S52: after a long stop the meeting in an hour is spoken of before the one next week."""
    with database.transaction() as session:
        for hours in (168, 1, 48):
            outbox.put(
                session,
                now - timedelta(hours=hours),
                body=f"{hours}",
                expires_at=now + timedelta(hours=hours),
            )
        outbox.put(
            session, now, kind=rules.OWN_MESSAGE, body="till många", expires_at=now + timedelta(minutes=30)
        )
    phone = Phone()
    assert sender.send_due(database, phone, at(now), go) == 4
    assert [taken.body for taken in phone.took] == ["1", "48", "168", "till många"]


def test_the_connection_is_free_while_the_provider_answers(
    database: Database, put: Put, now: datetime
) -> None:
    """The row stands as `attempting` for everybody to see, and others can write."""
    message = put()
    open_now: list[int] = [0]
    for engine in database.engines:
        event.listen(engine, "checkout", lambda *_: open_now.__setitem__(0, open_now[0] + 1))
        event.listen(engine, "checkin", lambda *_: open_now.__setitem__(0, open_now[0] - 1))

    class Looking(Phone):
        def send(self, message_out: Outgoing) -> Outcome:
            assert open_now == [0]
            assert row(database, message).state == rules.ATTEMPTING
            with database.transaction() as session:
                outbox.put(session, now, not_before=now + timedelta(hours=1))
            return super().send(message_out)

    assert sender.send_due(database, Looking(), at(now), go) == 1


@pytest.mark.parametrize(
    "outcome, state",
    [(Outcome(rules.FAILED, error_code="21211"), rules.FAILED), (Outcome(rules.UNKNOWN), rules.UNKNOWN)],
)
def test_a_refusal_and_a_doubt_end_it(
    database: Database, put: Put, now: datetime, outcome: Outcome, state: str
) -> None:
    """S53: neither is ever sent again."""
    message, phone = put(), Phone(outcome)
    sender.send_due(database, phone, at(now), go)
    for minutes in range(1, 120, 7):
        sender.send_due(database, phone, at(now + timedelta(minutes=minutes)), go)
    assert len(phone.took) == 1
    assert (row(database, message).state, row(database, message).error_code) == (state, outcome.error_code)


def test_a_provider_that_refuses_for_now_is_tried_again_later(
    database: Database, put: Put, now: datetime
) -> None:
    message, phone = put(), Phone(REFUSED, REFUSED)
    assert sender.send_due(database, phone, at(now), go) == 1
    waiting = row(database, message)
    assert (waiting.state, waiting.attempts, waiting.error_code) == (rules.QUEUED, 1, "http 429")
    assert sender.send_due(database, phone, at(now + timedelta(seconds=14)), go) == 0
    assert sender.send_due(database, phone, at(now + timedelta(seconds=15)), go) == 1
    assert sender.send_due(database, phone, at(now + timedelta(seconds=44)), go) == 0
    assert sender.send_due(database, phone, at(now + timedelta(seconds=45)), go) == 1
    assert (row(database, message).state, row(database, message).error_code) == (rules.SENT, "")


DOUBT = Outcome(rules.UNKNOWN, error_code="no answer")


def test_a_provider_that_does_not_answer_is_left_alone_for_a_while(database: Database, now: datetime) -> None:
    """S52: each doubt costs somebody an SMS, so two silent hours must not swallow a whole backlog."""
    with database.transaction() as session:
        for _ in range(100):
            outbox.put(session, now, expires_at=now + timedelta(hours=9))
    phone, patience = Phone(*[DOUBT] * 1000), Patience()
    for seconds in range(0, 7200, 20):
        sender.send_due(database, phone, at(now + timedelta(seconds=seconds)), go, patience=patience)
    assert 20 < states(database)[rules.UNKNOWN] < 40
    phone.answers = []
    sender.send_due(database, phone, at(now + timedelta(seconds=7500)), go, patience=patience, most=200)
    assert rules.QUEUED not in states(database)


def test_patience_is_not_stretched_by_a_clock_set_back(now: datetime) -> None:
    """S54."""
    patience = Patience()
    patience.heard(DOUBT, now)
    assert patience.left_alone(now + timedelta(seconds=1))
    assert not patience.left_alone(now + timedelta(seconds=2))
    assert not patience.left_alone(now - timedelta(hours=1))


def test_a_report_that_never_came_is_asked_for(database: Database, put: Put, now: datetime) -> None:
    """Providers report twice and then give up: what stays `sent` is settled all the same."""
    message, phone = put(), Phone()
    sender.send_due(database, phone, at(now), go)
    assert not sender.ask_next(database, phone, now + timedelta(minutes=14))
    assert sender.ask_next(database, phone, now + timedelta(minutes=15))
    assert not sender.ask_next(database, phone, now + timedelta(minutes=60))
    assert row(database, message).state == rules.SENT
    phone.states["SM0"] = Outcome(rules.FAILED, "SM0", "30003")
    assert sender.ask_next(database, phone, now + timedelta(minutes=76))
    assert (row(database, message).state, row(database, message).error_code) == (rules.FAILED, "30003")
    assert not sender.ask_next(database, phone, now + timedelta(hours=5))
    assert phone.asked == 2


def test_an_answer_about_another_message_says_nothing(database: Database, put: Put, now: datetime) -> None:
    message, phone = put(), Phone()
    sender.send_due(database, phone, at(now), go)
    phone.states["SM0"] = Outcome(rules.FAILED, "SM1", "30003")
    assert sender.ask_next(database, phone, now + timedelta(minutes=15))
    assert row(database, message).state == rules.SENT


def test_nobody_is_asked_about_what_is_a_day_old(database: Database, put: Put, now: datetime) -> None:
    phone = Phone()
    put()
    sender.send_due(database, phone, at(now), go)
    assert not sender.ask_next(database, phone, now + timedelta(hours=25))


def test_a_clock_set_back_does_not_stretch_a_wait(database: Database, put: Put, now: datetime) -> None:
    """S54."""
    with database.transaction() as session:
        outbox.put(session, now - timedelta(hours=2), expires_at=now + timedelta(hours=5))
    phone = Phone(REFUSED)
    sender.send_due(database, phone, at(now), go)
    assert sender.send_due(database, phone, at(now - timedelta(hours=1)), go) == 1
    assert len(phone.took) == 1


def test_two_hours_without_a_provider(database: Database, now: datetime) -> None:
    """S52: the backlog drains, what became stale is dropped and can be seen."""
    with database.transaction() as session:
        for number in range(16):
            outbox.put(session, now, expires_at=now + timedelta(minutes=45 + 10 * number))
    phone, clock = Phone(*[REFUSED] * 10_000), now
    while clock < now + timedelta(hours=2):
        sender.send_due(database, phone, at(clock), go)
        clock += timedelta(seconds=20)
        with database.transaction() as session:
            service.expire(session, clock)
    assert states(database) == {rules.QUEUED: 8, rules.EXPIRED: 8}
    phone.answers = []
    for _ in range(50):
        sender.send_due(database, phone, at(clock), go)
        clock += timedelta(seconds=10)
    assert len(phone.took) == 8
    assert states(database) == {rules.SENT: 8, rules.EXPIRED: 8}


def test_what_is_no_longer_true_is_dropped_at_the_last_moment(
    database: Database, put: Put, now: datetime
) -> None:
    stale, true = put(), put()

    def check(session: Session, message: OutboxMessage, then: datetime) -> rules.Verdict:
        return rules.Drop("changed") if message.id == stale else rules.Go()

    phone = Phone()
    sender.send_due(database, phone, at(now), check)
    assert [taken.id for taken in phone.took] == [true]
    assert (row(database, stale).state, row(database, stale).error_code) == (rules.CANCELLED, "changed")


def test_what_must_wait_is_looked_at_again(database: Database, put: Put, now: datetime) -> None:
    message = put()
    late = put(expires_at=now + timedelta(minutes=30))

    def check(session: Session, message: OutboxMessage, then: datetime) -> rules.Verdict:
        morning = now + timedelta(hours=1)
        return rules.Go() if then >= morning else rules.Wait(morning)

    phone = Phone()
    assert sender.send_due(database, phone, at(now), check) == 0
    assert row(database, late).state == rules.EXPIRED
    assert sender.send_due(database, phone, at(now + timedelta(hours=1)), check) == 1
    assert [taken.id for taken in phone.took] == [message]


def test_a_new_number_gets_it_and_the_old_one_does_not(database: Database, put: Put, now: datetime) -> None:
    """S35."""
    message, phone = put(), Phone()
    sender.send_due(database, phone, at(now), lambda *_: rules.Go("+46701740606"))
    assert phone.took[0].address == row(database, message).address == "+46701740606"


def test_a_row_that_cannot_be_opened_does_not_stop_the_others(
    database: Database, put: Put, now: datetime
) -> None:
    """S38: its number was moved from another row."""
    broken, whole = put(not_before=now), put(not_before=now + timedelta(seconds=1))
    with database.transaction() as session:
        rows = {r.id: r for r in session.scalars(select(OutboxMessage))}
        rows[broken].address_sealed = rows[whole].address_sealed
    phone = Phone()
    sender.send_due(database, phone, at(now + timedelta(seconds=1)), go)
    assert [taken.id for taken in phone.took] == [whole]
    left = row(database, broken)
    assert (left.state, left.attempts, left.error_code) == (rules.QUEUED, 0, "unreadable")


def test_a_person_whose_number_cannot_be_opened_does_not_stop_the_others(
    database: Database, put: Put, now: datetime
) -> None:
    """S38: the check just before sending reads the person too."""
    broken, whole = put(not_before=now), put(not_before=now + timedelta(seconds=1))

    def check(session: Session, message: OutboxMessage, then: datetime) -> rules.Verdict:
        if message.id == broken:
            raise CannotOpen("the key is not here")
        return rules.Go()

    phone = Phone()
    sender.send_due(database, phone, at(now + timedelta(seconds=1)), check)
    assert [taken.id for taken in phone.took] == [whole]
    sender.send_due(database, phone, at(now + timedelta(minutes=6)), go)
    assert [taken.id for taken in phone.took] == [whole, broken]


class Killed(BaseException):
    """The process is gone."""


def steps(database: Database, phone: Phone, now: datetime) -> Generator[None]:
    """One sending that stops at each boundary between two steps, inside its transactions as well."""
    with database.writing() as claiming:
        claimed = sender.claim(claiming, now, go)
        yield
        claiming.commit()
    yield
    assert claimed is not None
    outcome = phone.send(claimed.message)
    yield
    with database.writing() as settling:
        sender.settle(settling, claimed, outcome, now)
        yield
        settling.commit()


@pytest.mark.parametrize("killed_after", range(5))
def test_a_worker_killed_between_any_two_steps_sends_at_most_once(
    database: Database, put: Put, now: datetime, killed_after: int
) -> None:
    """S53: what was surely not sent is sent by the next worker; what may have been is `unknown`."""
    message, phone = put(), Phone()
    if killed_after:
        walk = steps(database, phone, now)
        for _ in range(killed_after):
            next(walk)
        walk.close()
    for minutes in range(0, 100, 5):
        later = now + timedelta(minutes=minutes)
        with database.transaction() as session:
            service.give_up_stale(session, later)
        sender.send_due(database, phone, at(later), go)
    sent_before = killed_after >= 3
    claimed = killed_after >= 2
    assert len(phone.took) == (1 if sent_before or not claimed else 0)
    expected = rules.UNKNOWN if claimed else rules.SENT
    assert row(database, message).state == expected


@pytest.mark.parametrize("where", ["claim", "send", "settle"])
def test_a_worker_that_breaks_inside_a_step_leaves_a_whole_row(
    database: Database, put: Put, now: datetime, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """S53."""
    message, phone = put(), Phone()

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        if where == "send":
            phone.answers = [Killed()]
        else:
            broken.setattr(sender, where, killed)
        with pytest.raises(Killed):
            sender.send_due(database, phone, at(now), go)
    assert row(database, message).state == (rules.QUEUED if where == "claim" else rules.ATTEMPTING)
    later = now + timedelta(minutes=5)
    with database.transaction() as session:
        service.give_up_stale(session, later)
    sender.send_due(database, phone, at(later), go)
    assert len(phone.took) == (0 if where == "send" else 1)


def test_a_receipt_that_comes_before_the_answer_is_not_overwritten(
    database: Database, put: Put, now: datetime
) -> None:
    """S26: the provider may report delivery before we have written down its answer."""
    message = put()

    class Quick(Phone):
        def send(self, taken: Outgoing) -> Outcome:
            with database.transaction() as session:
                service.receive_receipt(
                    session,
                    taken.id,
                    provider="twilio",
                    state=rules.DELIVERED,
                    reference="SM0",
                    error_code="",
                    now=now,
                )
            return super().send(taken)

    sender.send_due(database, Quick(), at(now), go)
    assert row(database, message).state == rules.DELIVERED


def test_an_outcome_that_comes_after_we_gave_up_still_counts(
    database: Database, put: Put, now: datetime
) -> None:
    message = put()

    class Slow(Phone):
        def send(self, taken: Outgoing) -> Outcome:
            with database.transaction() as session:
                service.give_up_stale(session, now + timedelta(minutes=3))
            return super().send(taken)

    sender.send_due(database, Slow(), at(now), go)
    assert row(database, message).state == rules.SENT


def test_two_workers_at_once_send_each_message_once(database: Database, now: datetime) -> None:
    """S53."""
    with database.transaction() as session:
        for number in range(60):
            outbox.put(session, now, body=f"nummer {number}")
    phone = Phone()
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(sender.send_due, database, phone, at(now), go, most=100) for _ in range(4)]
        assert sum(future.result() for future in done) >= 60
    while sender.send_due(database, phone, at(now), go):
        pass
    assert sorted(taken.body for taken in phone.took) == sorted(f"nummer {n}" for n in range(60))
    assert states(database) == {rules.SENT: 60}


def test_the_demo_keeps_a_code_to_be_read(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        message = outbox.put_code(session, now).id
    sender.send_due(database, Console(), at(now), go)
    shown = row(database, message)
    assert (shown.state, shown.provider, shown.body) == (rules.DELIVERED, "console", "Din kod: 1234 5678")
