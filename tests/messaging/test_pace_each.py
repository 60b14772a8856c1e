"""Each provider has a pace and a pause of its own: what one says holds back nothing by another (S52)."""

import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.config import Settings
from portal.db import Database
from portal.messaging import queries, rules, sender
from portal.messaging.gateways.base import Outcome, Outgoing
from portal.messaging.pace_rules import Paces, Patience, paces
from portal.organisation.models import Organisation
from tests.messaging.test_router import BOTH
from tests.messaging.test_sender import at, go
from tests.support import outbox
from tests.support.world import World

PACES = Paces("twilio", {"twilio": 60, "46elks": 100})
SECOND = timedelta(seconds=1)
TOO_FAST = Outcome(rules.QUEUED, error_code="http 429", retry_after=600)
DOUBT = Outcome(rules.UNKNOWN, error_code="no answer")


class Phones:
    """Both providers and a mail server in the test's own hands; `answers`: to everything by one of them."""

    keeps_text = False

    def __init__(self, **answers: Outcome) -> None:
        self.answers = answers
        self.took: Counter[str] = Counter()

    def send(self, message: Outgoing) -> Outcome:
        way = PACES.way(message.channel, message.provider)
        answer = self.answers.get(way.removeprefix("46"), Outcome(rules.SENT, "SM"))
        if answer.state == rules.SENT:
            self.took[way] += 1
        return replace(answer, provider=way)

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        return None


Fill = Callable[..., None]


@pytest.fixture
def fill(database: Database, world: World, now: datetime) -> Fill:
    """Put messages: of the organisation with the installation's provider, and of one that chose 46elks."""
    with database.transaction() as session:
        far = session.get_one(Organisation, world.elsewhere.organisation.id)
        far.settings = replace(far.rules, sms_provider="46elks").to_json()
    homes = {"twilio": world.organisation.id, "46elks": world.elsewhere.organisation.id}

    def put(provider: str, number: int, **changes: object) -> None:
        with database.transaction() as session:
            for _ in range(number):
                outbox.put(session, now, organisation_id=homes[provider], **changes)

    return put


def send(database: Database, phones: Phones, now: datetime) -> int:
    return sender.send_due(database, phones, at(now), go, paces=PACES)


def send_codes(database: Database, phones: Phones, now: datetime, patience: Patience) -> int:
    return sender.send_due(
        database, phones, at(now), go, paces=PACES, patience=patience, lowest=sender.URGENT_ONLY
    )


def test_a_morning_takes_each_provider_as_long_as_its_rate_says(
    database: Database, fill: Fill, now: datetime
) -> None:
    """40 parts by each: 40 seconds at 60 a minute, 24 at 100; four rounds a second."""
    fill("twilio", 40)
    fill("46elks", 40)
    phones = Phones()
    done: dict[str, int] = {}
    for quarter in range(4 * 45):
        send(database, phones, now + quarter * SECOND / 4)
        for name, number in phones.took.items():
            seconds = quarter // 4 + 1
            assert number <= PACES.rates[name] / 60 * seconds + 1
            if number == 40:
                done.setdefault(name, seconds)
    assert 39 <= done["twilio"] <= 41
    assert 23 <= done["46elks"] <= 31


def test_a_provider_that_is_too_busy_holds_back_no_other(
    database: Database, fill: Fill, now: datetime
) -> None:
    """What waits for it stands at the head of the line: the others go past, by several workers at once."""
    fill("twilio", 30)
    fill("46elks", 4, not_before=now + SECOND)
    phones = Phones(twilio=TOO_FAST)
    for second in range(1, 8):
        with ThreadPoolExecutor(4) as pool:
            for _ in range(4):
                pool.submit(send, database, phones, now + second * SECOND)
    assert phones.took == {"46elks": 4}
    with database.reading() as session:
        assert queries.backlog(session, now, outbox.ORGANISATION, PACES) == (0, 30)
    phones.answers = {}
    assert send(database, phones, now + 590 * SECOND) == 0
    assert send(database, phones, now + 610 * SECOND) == 1


def test_the_installations_own_goes_on_when_the_other_is_too_busy(
    database: Database, fill: Fill, now: datetime
) -> None:
    fill("46elks", 3)
    fill("twilio", 3, not_before=now + SECOND)
    phones = Phones(elks=TOO_FAST)
    for second in range(1, 5):
        send(database, phones, now + second * SECOND)
    assert phones.took == {"twilio": 3}


def test_a_silent_provider_costs_no_other_a_code(database: Database, fill: Fill, now: datetime) -> None:
    code = {"kind": rules.SIGN_IN_CODE, "body": "Din kod: 1234 5678"}
    fill("twilio", 5, **code)
    fill("46elks", 5, not_before=now + SECOND, **code)
    phones, patience = Phones(twilio=DOUBT), Patience()
    send_codes(database, phones, now + SECOND, patience)
    assert phones.took == {"46elks": 5}
    assert patience.left_alone(now + SECOND) == {"twilio"}
    assert send_codes(database, phones, now + SECOND, patience) == 0
    phones.answers = {}
    assert send_codes(database, phones, now + 4 * SECOND, patience) == 4


def test_e_mail_waits_for_no_turn(database: Database, fill: Fill, now: datetime) -> None:
    fill("twilio", 1)
    fill("twilio", 3, channel=rules.EMAIL, address="a@example.org", subject_line="Hej")
    phones = Phones(twilio=TOO_FAST)
    assert send(database, phones, now) == 4
    assert phones.took == {"smtp": 3}


def test_whose_turn_is_next(database: Database, fill: Fill, now: datetime) -> None:
    assert sender.next_turn(database, PACES, now) is None
    fill("twilio", 2)
    assert sender.next_turn(database, PACES, now) == timedelta()
    assert send(database, Phones(), now) == 1
    assert sender.next_turn(database, PACES, now) == SECOND
    fill("46elks", 2)
    assert send(database, Phones(), now) == 1
    assert sender.next_turn(database, PACES, now) == timedelta(seconds=0.6)


def test_a_queue_that_moves_hides_no_other_that_stands(database: Database, fill: Fill, now: datetime) -> None:
    """/health: by which provider nothing leaves is not hidden by the one that works."""
    late = {"expires_at": now + timedelta(hours=9)}
    fill("twilio", 2, **late)
    fill("46elks", 2, **late)
    later = now + timedelta(minutes=20)
    assert send(database, Phones(twilio=TOO_FAST), later) == 2
    with database.reading() as session:
        assert queries.oldest_unsent(session, later, PACES) == now


def test_the_other_provider_has_its_published_rate() -> None:
    settings = Settings.from_environment({**BOTH, "SMS_RATE_A_MINUTE": "600"})
    assert paces(settings) == Paces("twilio", {"twilio": 600, "46elks": 100})
    assert paces(Settings.from_environment({"DEPLOYMENT": "demo"})).paced == ()


def test_what_is_no_longer_set_up_leaves_by_the_installations_own() -> None:
    assert PACES.way(rules.SMS, "gone") == PACES.way(rules.SMS, "") == "twilio"
    assert PACES.way(rules.EMAIL, "46elks") == "smtp"
    assert PACES.of(str(uuid.uuid4())).takes(9) == timedelta()
