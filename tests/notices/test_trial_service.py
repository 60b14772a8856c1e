"""A test message: to a number of one's own, neutral, few, and gone after an hour."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.identity.models import Person, StaffAccount
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import trial_service
from portal.reminders import service as reminders
from portal.web.asker import Asker
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

OWN = "+46701740699"


APP = speaking_app()


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def admin(session: Session, world: World) -> Asker:
    return asker_of(session, world.admin)


def send(session: Session, admin: Asker, now: datetime, number: str = OWN) -> OutboxMessage:
    return trial_service.send(session, admin, number, now)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_it_is_neutral_waits_its_turn_and_lives_an_hour(
    session: Session, admin: Asker, now: datetime
) -> None:
    """S31."""
    row = send(session, admin, now)
    assert (row.kind, row.priority, row.state) == ("test", messaging.ROUTINE, messaging.QUEUED)
    assert (row.expires_at, row.recipient_id) == (now + timedelta(hours=1), admin.person_id)
    assert (row.body, row.parts) == ("Det här är ett test. Du behöver inte göra något.", 1)


def test_pressing_twice_sends_once(session: Session, admin: Asker, now: datetime) -> None:
    first = send(session, admin, now)
    assert send(session, admin, now) is first
    first.state = messaging.DELIVERED
    assert send(session, admin, now) is not first


def test_an_organisation_sends_five_an_hour(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    for number in range(trial_service.MOST_AN_HOUR):
        send(session, admin, now, f"+4670174069{number}")
    with pytest.raises(trial_service.TooMany):
        send(session, admin, now + timedelta(minutes=59))
    assert count(session) == trial_service.MOST_AN_HOUR
    far = replace(admin, organisation_id=world.elsewhere.organisation.id)
    send(session, far, now + timedelta(minutes=59))
    send(session, admin, now + timedelta(hours=1))
    assert count(session) == trial_service.MOST_AN_HOUR + 2


@pytest.mark.parametrize("spoil", [{}, {"sms_unsafe": True}, {"protected": True}])
def test_nobody_whom_the_organisation_knows_is_written_to(
    session: Session, world: World, admin: Asker, now: datetime, spoil: dict[str, bool]
) -> None:
    """S34, S37: whoever asked for silence gets it, and the answer is the same about everybody."""
    person = session.get_one(Person, world.participant.id)
    for name, value in spoil.items():
        setattr(person, name, value)
    with pytest.raises(trial_service.NotOnesOwn):
        send(session, admin, now, person.phone)
    assert count(session) == 0


def test_it_passes_the_last_check_before_sending(session: Session, admin: Asker, now: datetime) -> None:
    """At any hour: whoever sends it holds the phone."""
    row = send(session, admin, now)
    assert reminders.check(session, row, now + timedelta(minutes=30)) == messaging.Go()


def test_by_e_mail_it_goes_to_the_address_that_one_signs_in_with(
    session: Session, admin: Asker, now: datetime
) -> None:
    """S31: neutral there too, and counted with the others."""
    row = trial_service.send_mail(session, admin, now)
    account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == admin.person_id)).one()
    assert (row.channel, row.address, row.parts) == ("email", account.email, 0)
    assert (row.subject_line, row.body) == ("Ett test", "Det här är ett test. Du behöver inte göra något.")
    assert trial_service.send_mail(session, admin, now) is row
    for number in range(trial_service.MOST_AN_HOUR - 1):
        send(session, admin, now, f"+4670174069{number}")
    row.state = messaging.SENT
    with pytest.raises(trial_service.TooMany):
        trial_service.send_mail(session, admin, now)
