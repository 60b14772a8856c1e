"""What staff, /health and the rooms above read from the outbox."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.messaging import heard_queries, queries, rules
from portal.messaging.models import OutboxMessage
from tests.support import outbox

ANNA, ALI = uuid.UUID(int=11), uuid.UUID(int=12)
HOUR = timedelta(hours=1)


def both() -> Select[uuid.UUID]:
    return select(OutboxMessage.recipient_id).where(OutboxMessage.recipient_id.in_((ANNA, ALI))).distinct()


def settled(
    session: Session, who: uuid.UUID, state: str, at: datetime, code: str = "", kind: str = "reminder_one_day"
) -> OutboxMessage:
    row = outbox.put(session, at, recipient_id=who, kind=kind)
    row.state, row.error_code = state, code
    session.flush()
    return row


def test_a_person_whose_latest_sms_did_not_arrive_is_in_trouble(session: Session, now: datetime) -> None:
    settled(session, ANNA, rules.DELIVERED, now - timedelta(days=3))
    row = settled(session, ANNA, rules.FAILED, now - timedelta(days=1), "30003")
    settled(session, ALI, rules.UNKNOWN, now - timedelta(days=3))
    settled(session, ALI, rules.DELIVERED, now - timedelta(days=2))
    (trouble,) = queries.troubles(session, both(), now)
    assert (trouble.recipient_id, trouble.state, trouble.code) == (ANNA, rules.FAILED, "30003")
    assert (trouble.at, trouble.message_id) == (row.changed_at, row.id)


@pytest.mark.parametrize("state", [rules.QUEUED, rules.SENT, rules.CANCELLED, rules.EXPIRED])
def test_what_is_under_way_or_dropped_neither_makes_nor_mends_trouble(
    session: Session, now: datetime, state: str
) -> None:
    settled(session, ANNA, rules.UNKNOWN, now - timedelta(days=1))
    settled(session, ANNA, state, now)
    settled(session, ALI, state, now)
    assert [one.recipient_id for one in queries.troubles(session, both(), now)] == [ANNA]


def mailed(session: Session, state: str, at: datetime, code: str = "", **more: str) -> OutboxMessage:
    """An e-mail to Anna that came to this then."""
    row = outbox.put(session, at, recipient_id=ANNA, channel=rules.EMAIL, address="anna@example.se", **more)
    row.state, row.error_code, row.changed_at = state, code, at
    session.flush()
    return row


def test_an_e_mail_says_nothing_of_a_phone(session: Session, now: datetime) -> None:
    """S36: neither that it works nor that it does not."""
    for state, code in ((rules.SENT, ""), (rules.FAILED, "21211")):
        mailed(session, state, now, code)
    assert heard_queries.heard(session, ANNA, None) == heard_queries.Heard(bounces=False, delivered_at=None)
    assert heard_queries.last_delivered(session, [ANNA]) == {}
    settled(session, ANNA, rules.DELIVERED, now - HOUR)
    assert not heard_queries.heard(session, ANNA, None).mail_bounces


@pytest.mark.parametrize("code, bounces", [("smtp 550", True), ("smtp address", True), ("smtp 552", False)])
def test_an_address_bounces_until_it_is_confirmed_or_takes_a_letter(
    session: Session, now: datetime, code: str, bounces: bool
) -> None:
    """S36: a full mailbox, or a server that is set up wrong, says nothing of the address."""
    mailed(session, rules.FAILED, now, code)
    assert heard_queries.heard(session, ANNA, None).mail_bounces == bounces
    assert not heard_queries.heard(session, ANNA, None, now + HOUR).mail_bounces
    assert heard_queries.heard(session, ANNA, now + HOUR, now - HOUR).mail_bounces == bounces
    mailed(session, rules.SENT, now + HOUR)
    assert not heard_queries.heard(session, ANNA, None).mail_bounces


def test_digits_to_an_address_that_is_not_theirs_yet_say_nothing_of_their_own(
    session: Session, now: datetime
) -> None:
    mailed(session, rules.FAILED, now, "smtp 550", kind=rules.MAIL_CODE)
    assert not heard_queries.heard(session, ANNA, None).mail_bounces
    assert queries.troubles(session, both(), now) == ()


def test_trouble_with_e_mail_stands_beside_sms_that_arrive(session: Session, now: datetime) -> None:
    failed = mailed(session, rules.FAILED, now, "smtp 550")
    settled(session, ANNA, rules.DELIVERED, now + HOUR)
    (found,) = queries.troubles(session, both(), now + HOUR)
    assert (found.message_id, found.channel) == (failed.id, rules.EMAIL)
    mailed(session, rules.SENT, now + HOUR)
    assert queries.troubles(session, both(), now + HOUR) == ()


def test_trouble_is_only_seen_among_those_asked_about(session: Session, now: datetime) -> None:
    """S4: and it is forgotten after a quarter of a year."""
    settled(session, uuid.uuid4(), rules.FAILED, now)
    settled(session, ANNA, rules.FAILED, now - timedelta(days=91))
    assert queries.troubles(session, both(), now) == ()


def test_a_number_that_bounces_hard_is_known_until_it_is_confirmed_or_works(
    session: Session, now: datetime
) -> None:
    """S36."""
    assert not heard_queries.heard(session, ANNA, None).bounces
    settled(session, ANNA, rules.FAILED, now, "30003")
    assert not heard_queries.heard(session, ANNA, None).bounces
    settled(session, ANNA, rules.FAILED, now, "21211")
    assert heard_queries.heard(session, ANNA, None).bounces
    assert heard_queries.heard(session, ANNA, now - timedelta(days=1)).bounces
    assert not heard_queries.heard(session, ANNA, now + timedelta(minutes=1)).bounces
    assert not heard_queries.heard(session, ALI, None).bounces
    settled(session, ANNA, rules.DELIVERED, now + timedelta(minutes=5))
    assert not heard_queries.heard(session, ANNA, None).bounces


def test_health_sees_what_has_waited_longest(session: Session, now: datetime) -> None:
    assert queries.oldest_unsent(session, now) is None
    outbox.put(session, now, not_before=now + timedelta(hours=1))
    assert queries.oldest_unsent(session, now) is None
    settled(session, ANNA, rules.SENT, now - timedelta(hours=1))
    outbox.put(session, now - timedelta(minutes=20))
    outbox.put(session, now - timedelta(minutes=30)).state = rules.ATTEMPTING
    assert queries.oldest_unsent(session, now) == now - timedelta(minutes=30)


def test_lists_of_a_person_leave_out_codes_and_others(session: Session, now: datetime) -> None:
    old = settled(session, ANNA, rules.DELIVERED, now - timedelta(days=2))
    new = settled(session, ANNA, rules.SENT, now)
    settled(session, ANNA, rules.SENT, now, kind=rules.SIGN_IN_CODE)
    settled(session, ALI, rules.SENT, now)
    assert queries.to_person(session, ANNA) == (new, old)
    assert queries.changed_since(session, ANNA, now - timedelta(days=1)) == (new,)
    assert queries.about(session, new.subject) == (new,)


def test_what_was_ever_put_is_known_by_key(session: Session, now: datetime) -> None:
    """S53: cancelled because of the meeting stands; because of the person, it may be said once more."""
    row = settled(session, ANNA, rules.CANCELLED, now, "changed")
    other = settled(session, ANNA, rules.SENT, now)
    back = settled(session, ANNA, rules.CANCELLED, now, "number changed")
    assert queries.said_about(session, [row.subject]) == {("reminder_one_day", row.subject, 0): None}
    assert queries.said_about(session, [back.subject]) == {("reminder_one_day", back.subject, 0): 1}
    assert len(queries.said_about(session, [row.subject, other.subject])) == 2
    assert queries.said_about(session, []) == {}
    outbox.put(session, now, recipient_id=ANNA, subject=back.subject, again=1)
    assert queries.said_about(session, [back.subject]) == {("reminder_one_day", back.subject, 0): None}


def test_the_demo_phones_show_what_arrived(session: Session, now: datetime) -> None:
    shown = settled(session, ANNA, rules.DELIVERED, now)
    settled(session, ANNA, rules.QUEUED, now)
    settled(session, ANNA, rules.DELIVERED, now, kind=rules.SIGN_IN_CODE).body = ""
    settled(session, ALI, rules.DELIVERED, now)
    session.flush()
    assert queries.on_phones(session, [ANNA]) == (shown,)
