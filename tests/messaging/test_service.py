"""The outbox: each message once, taken back in time, settled by receipts, forgotten when secret."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.messaging import rules, service
from portal.messaging.models import OutboxMessage
from tests.support import outbox


def stored(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage)))


def test_the_same_key_twice_is_one_message(session: Session, now: datetime) -> None:
    """S53."""
    key = {"subject": uuid.uuid4(), "recipient_id": uuid.uuid4()}
    first = outbox.put(session, now, **key)
    second = outbox.put(session, now + timedelta(minutes=1), body="Något annat", **key)
    assert second is first
    assert len(stored(session)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "reminder_three_days"},
        {"subject": uuid.uuid4()},
        {"revision": 1},
        {"recipient_id": uuid.uuid4()},
        {"again": 1},
    ],
)
def test_each_part_of_the_key_makes_another_message(
    session: Session, now: datetime, changes: dict[str, object]
) -> None:
    key: dict[str, object] = {"subject": uuid.uuid4(), "recipient_id": uuid.uuid4()}
    outbox.put(session, now, **key)
    outbox.put(session, now, **{**key, **changes})
    assert len(stored(session)) == 2


def test_a_key_that_another_transaction_put_meanwhile_is_one_message(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S53: the look-up saw nothing, the insert meets the other row, and the transaction can go on."""
    key = {"subject": uuid.uuid4(), "recipient_id": uuid.uuid4()}
    first = outbox.put(session, now, **key)
    session.flush()
    found = [None, first]
    monkeypatch.setattr(service, "_by_key", lambda *_: found.pop(0))
    assert outbox.put(session, now, **key) is first
    monkeypatch.undo()
    outbox.put(session, now)
    assert len(stored(session)) == 2


def test_number_and_text_are_sealed(session: Session, now: datetime) -> None:
    """S38, S44."""
    outbox.put(session, now, body="Möte klockan 13.00")
    raw = repr(session.execute(text("select * from outbox_message")).all())
    assert "701740605" not in raw
    assert "13.00" not in raw
    assert stored(session)[0].body == "Möte klockan 13.00"


def test_a_message_knows_its_parts_and_its_place_in_the_line(session: Session, now: datetime) -> None:
    assert outbox.put(session, now, body="a" * 161).parts == 2
    assert outbox.put(session, now, body="م" * 71, language="ar").parts == 2
    assert outbox.put_code(session, now).priority < outbox.put(session, now).priority


def test_what_could_never_be_sent_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="time to leave"):
        outbox.put(session, now, expires_at=now)
    with pytest.raises(ValueError, match="time to leave"):
        outbox.put(session, now, not_before=now + timedelta(hours=2))


def test_taking_back_touches_only_what_is_queued(session: Session, now: datetime) -> None:
    """S34, S35: and it says how many."""
    person, meeting = uuid.uuid4(), uuid.uuid4()
    queued = outbox.put(session, now, subject=meeting, recipient_id=person)
    code = outbox.put_code(session, now, recipient_id=person)
    gone = outbox.put(session, now, subject=meeting, recipient_id=person, revision=1)
    gone.state = rules.SENT
    other = outbox.put(session, now)
    same = outbox.put(session, now, subject=meeting, recipient_id=person, revision=2)
    assert service.cancel(session, subject=meeting, before_revision=2, reason="changed", now=now) == 1
    assert (queued.state, queued.error_code) == (rules.CANCELLED, "changed")
    assert service.cancel_all(session, recipient_id=person, reason="no sms", now=now) == 2
    assert (code.state, code.body) == (rules.CANCELLED, "")
    assert (same.state, gone.state, other.state) == (rules.CANCELLED, rules.SENT, rules.QUEUED)


def test_what_is_too_late_is_dropped_and_stays_to_be_seen(session: Session, now: datetime) -> None:
    """S52."""
    row = outbox.put(session, now)
    code = outbox.put_code(session, now)
    assert service.expire(session, now + timedelta(minutes=9)) == 0
    assert service.expire(session, now + timedelta(hours=2)) == 2
    assert (row.state, code.state) == (rules.EXPIRED, rules.EXPIRED)
    assert (bool(row.body), bool(code.body)) == (True, False)


def test_an_attempt_whose_sender_is_gone_becomes_unknown(session: Session, now: datetime) -> None:
    """S53."""
    row, fresh, queued = outbox.put(session, now), outbox.put(session, now), outbox.put(session, now)
    row.state = fresh.state = rules.ATTEMPTING
    row.leased_until, fresh.leased_until = now, now + timedelta(seconds=20)
    assert service.give_up_stale(session, now) == 1
    assert (row.state, row.error_code) == (rules.UNKNOWN, "stopped")
    assert (fresh.state, queued.state) == (rules.ATTEMPTING, rules.QUEUED)


def report(session: Session, row: OutboxMessage, state: str, now: datetime, reference: str = "SM1") -> bool:
    return service.receive_receipt(
        session, row.id, provider="twilio", state=state, reference=reference, error_code="", now=now
    )


@pytest.mark.parametrize("order", list(permutations([rules.SENT, rules.SENT, rules.DELIVERED])))
def test_receipts_in_any_order_end_delivered(session: Session, now: datetime, order: list[str]) -> None:
    """S26: reordered and repeated receipts."""
    row = outbox.put(session, now)
    row.state, row.provider_reference = rules.SENT, "SM1"
    for state in order:
        report(session, row, state, now)
    assert row.state == rules.DELIVERED


@pytest.mark.parametrize("before", [rules.ATTEMPTING, rules.UNKNOWN])
def test_a_receipt_settles_what_was_in_doubt(session: Session, now: datetime, before: str) -> None:
    """S53: unknown is settled by the receipt, which brings the provider's reference along."""
    row = outbox.put(session, now)
    row.state = before
    assert report(session, row, rules.DELIVERED, now)
    assert (row.state, row.provider_reference) == (rules.DELIVERED, "SM1")


@pytest.mark.parametrize(
    "final", [rules.QUEUED, rules.DELIVERED, rules.FAILED, rules.EXPIRED, rules.CANCELLED]
)
@pytest.mark.parametrize("told", [rules.SENT, rules.DELIVERED, rules.FAILED])
def test_a_receipt_changes_nothing_that_is_settled_or_not_yet_sent(
    session: Session, now: datetime, final: str, told: str
) -> None:
    """S26."""
    row = outbox.put(session, now)
    row.state = final
    assert not report(session, row, told, now + timedelta(hours=1))
    assert (row.state, row.changed_at) == (final, now)


def test_a_receipt_for_another_sending_is_passed_over(session: Session, now: datetime) -> None:
    """S26."""
    row = outbox.put(session, now)
    row.state, row.provider_reference = rules.SENT, "SM1"
    assert not report(session, row, rules.FAILED, now, reference="SM2")
    assert row.state == rules.SENT


def test_a_receipt_of_another_provider_is_passed_over(session: Session, now: datetime) -> None:
    """S26: even where the name is the same; the first report says who it was."""
    row = outbox.put(session, now)
    row.state = rules.UNKNOWN
    assert report(session, row, rules.SENT, now)
    assert (row.provider, row.provider_reference) == ("twilio", "SM1")
    row.provider = "46elks"
    assert not report(session, row, rules.DELIVERED, now)
    assert row.state == rules.SENT


def test_a_receipt_for_nothing_is_not_found(session: Session, now: datetime) -> None:
    """S26."""
    with pytest.raises(NoResultFound):
        service.receive_receipt(
            session,
            uuid.uuid4(),
            provider="twilio",
            state=rules.SENT,
            reference="SM1",
            error_code="",
            now=now,
        )


def test_the_text_of_a_code_goes_when_it_is_no_longer_needed(session: Session, now: datetime) -> None:
    """S44: at once when its provider has it; when the code is void in the demo, which shows it."""
    sent, shown, reminder = (
        outbox.put_code(session, now),
        outbox.put_code(session, now),
        outbox.put(session, now),
    )
    for row in (sent, shown, reminder):
        row.state = rules.ATTEMPTING
    service.become(sent, rules.SENT, now)
    service.become(shown, rules.DELIVERED, now, keep_text=True)
    service.become(reminder, rules.DELIVERED, now)
    assert (sent.body, shown.body) == ("", "Din kod: 1234 5678")
    session.flush()
    assert service.forget_codes(session, now + timedelta(minutes=9)) == 0
    assert service.forget_codes(session, now + timedelta(minutes=10)) == 1
    session.expire_all()
    assert (shown.body, bool(reminder.body)) == ("", True)


def test_number_and_text_are_forgotten_a_week_after_a_message_was_settled(
    session: Session, now: datetime
) -> None:
    """S38, S44: what staff and the rules of S36 need is the state, which stays."""
    rows = {state: outbox.put(session, now, expires_at=now + timedelta(days=30)) for state in rules.STATES}
    for state, row in rows.items():
        row.state, row.error_code = state, "30003"
    fresh = outbox.put(session, now)
    fresh.state, fresh.changed_at = rules.DELIVERED, now + timedelta(seconds=1)
    session.flush()
    week = timedelta(days=7)
    assert service.forget_texts(session, now + week - timedelta(seconds=1)) == 0
    assert service.forget_texts(session, now + week) == 6
    session.expire_all()
    kept = {state for state, row in rows.items() if row.address and row.body}
    gone = {state for state, row in rows.items() if not row.address and not row.body}
    assert kept == {rules.QUEUED, rules.ATTEMPTING}
    assert gone == set(rules.STATES) - kept
    assert {(row.state, row.error_code) for row in rows.values()} == {(state, "30003") for state in rows}
    assert (fresh.address, bool(fresh.body)) == (outbox.PHONE, True)
    assert service.forget_texts(session, now + week) == 0


def test_the_subject_of_an_e_mail_goes_with_its_text(session: Session, now: datetime) -> None:
    row = outbox.put(
        session, now, channel=rules.EMAIL, address="anna@example.se", subject_line="Hej", body="x" * 500
    )
    assert (row.parts, row.subject_line) == (0, "Hej"), "an e-mail is no SMS"
    row.state, row.changed_at = rules.SENT, now
    session.flush()
    assert service.forget_texts(session, now + timedelta(days=7)) == 1
    session.expire_all()
    assert (row.address, row.body, row.subject_line) == ("", "", "")


@pytest.mark.parametrize(
    "forget, index",
    [
        (service.forget_texts, "ix_outbox_message_remembered"),
        (service.forget_codes, "ix_outbox_message_readable"),
    ],
)
def test_what_is_to_be_forgotten_is_found_without_reading_every_message(
    session: Session, now: datetime, forget: Callable[[Session, datetime], int], index: str
) -> None:
    statements: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: statements.append((told[2], told[3])))
    forget(session, now)
    statement, values = statements[0]
    if connection.dialect.name == "postgresql":
        # A table of a few rows is quicker to read whole; what counts is that the index can be used.
        session.execute(text("set local enable_seqscan = off"))
        # Which of two indexes is cheaper depends on what other tests have left; this is taken back.
        session.execute(text("drop index ix_outbox_message_due"))
    explain = "explain query plan " if connection.dialect.name == "sqlite" else "explain "
    plan = str(connection.exec_driver_sql(explain + statement, values).all())
    assert index in plan
    assert "SCAN outbox_message" not in plan
