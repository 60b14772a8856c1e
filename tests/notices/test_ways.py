"""Told by e-mail: what waits turns, what an e-mail asks of its reader, nothing twice: on both databases."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.people import access_service
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import reach_service, rules, service
from portal.notices.models import CallWish
from portal.notices.rules import Detail, Held
from portal.web.asker import Asker
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
ADDRESS = "amina@example.org"
MEETING = uuid.UUID(int=77)
SAID = "Du har ett möte torsdag 26 november klockan 09.00."


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def amina(session: Session, world: World, now: datetime) -> Person:
    person = session.get_one(Person, world.participant.id)
    person.email, person.email_confirmed_at, person.way = ADDRESS, now - timedelta(days=9), rules.EMAIL
    session.flush()
    return person


@pytest.fixture
def herself(session: Session, world: World) -> Asker:
    return asker_of(session, world.participant)


def booked(session: Session, person: Person, now: datetime, **more: Any) -> OutboxMessage | None:
    values: dict[str, Any] = {"appointment_id": MEETING, "revision": 0, "kind": "booked"}
    starts_at = now + timedelta(days=2)
    return service.meeting_changed(
        session, person_id=person.id, starts_at=starts_at, now=now, **{**values, **more}
    )


def choose(session: Session, asker: Asker, person: Person, way: str, now: datetime) -> None:
    def how_held(_: Session, meeting_id: uuid.UUID) -> Held:
        assert meeting_id == MEETING
        return Held("on_site", "Storgatan 1", person.id)

    reach_service.choose_way(session, asker, person, way, now, how_held)


def test_an_e_mail_says_the_same_under_a_neutral_line(session: Session, amina: Person, now: datetime) -> None:
    """S31: what they chose to read beside the time stands in it too."""
    message = booked(session, amina, now)
    assert message
    assert (message.channel, message.address, message.parts) == ("email", ADDRESS, 0)
    assert (message.body, message.subject_line) == (SAID, "Ett meddelande till dig")
    assert service.check(session, message, now) == messaging.Go(ADDRESS)
    amina.sms_place = True
    held = Held("on_site", "Storgatan 1", amina.id)
    more = booked(session, amina, now, revision=1, held=held)
    assert more
    assert more.body == f"{SAID} Plats: Storgatan 1."
    new = service.something_new(session, amina.id, number=7, expires_at=now + timedelta(hours=2), now=now)
    assert new
    assert (new.channel, new.body) == ("email", "Det finns något nytt till dig. Logga in som vanligt.")


def test_what_waits_turns_and_stays_one_row(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    amina.way = rules.SMS
    message, code = booked(session, amina, now), outbox.put_code(session, now, recipient_id=amina.id)
    assert message
    for way, address, parts in ((rules.EMAIL, ADDRESS, 0), (rules.SMS, amina.phone, 1)):
        choose(session, herself, amina, way, now)
        assert (message.channel, message.address, message.parts) == (way, address, parts)
        assert booked(session, amina, now) is message, "said once, whatever its way"
        assert service.check(session, message, now) == messaging.Go(address)
    assert (code.channel, code.state) == ("sms", messaging.QUEUED)


def test_from_e_mail_to_a_call_and_back(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    message = booked(session, amina, now)
    choose(session, herself, amina, rules.CALL, now)
    assert message
    assert (message.state, message.error_code) == (messaging.CANCELLED, "calls")
    assert [one.kind for one in session.scalars(select(CallWish))] == [rules.BOOKED]
    choose(session, herself, amina, rules.EMAIL, now)
    assert session.scalars(select(CallWish)).all() == []
    again = session.scalars(select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)).one()
    assert (again.channel, again.again) == ("email", 1)


def test_only_a_confirmed_address_can_be_chosen(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    amina.way, amina.email_confirmed_at = rules.SMS, None
    with pytest.raises(ValueError, match="theirs"):
        choose(session, herself, amina, rules.EMAIL, now)


def test_stop_is_about_sms(session: Session, amina: Person, herself: Asker, now: datetime) -> None:
    """Whoever is told by e-mail goes on getting it, and is rung up with SMS as their way."""
    message = booked(session, amina, now)
    assert reach_service.stop_sms(session, herself, amina, now)
    assert message
    assert service.check(session, message, now) == messaging.Go(ADDRESS)
    choose(session, herself, amina, rules.SMS, now)
    assert (message.state, message.error_code) == (messaging.CANCELLED, "stop")
    assert [one.kind for one in session.scalars(select(CallWish))] == [rules.BOOKED]
    choose(session, herself, amina, rules.EMAIL, now)
    assert session.scalars(select(CallWish)).all() == []


def test_a_number_that_bounces_stops_no_e_mail_and_an_address_no_code(
    session: Session, amina: Person, now: datetime
) -> None:
    """S36: each way has its own trouble."""
    message, code = booked(session, amina, now), outbox.put_code(session, now, recipient_id=amina.id)
    code.address = amina.phone
    amina.phone_confirmed_at = now - timedelta(days=9)
    dead = outbox.put(session, now, recipient_id=amina.id)
    dead.state, dead.error_code = messaging.FAILED, "21211"
    session.flush()
    assert message
    assert service.check(session, message, now) == messaging.Go(ADDRESS)
    assert service.check(session, code, now) == messaging.Drop("bounces")
    dead.channel, dead.error_code = "email", "smtp 550"
    session.flush()
    assert service.check(session, message, now) == messaging.Drop("mail bounces")
    assert service.check(session, code, now) == messaging.Go()
    assert booked(session, amina, now, revision=1) is None
    amina.email_confirmed_at = now + timedelta(minutes=1)
    assert booked(session, amina, now, revision=2) is not None


def test_it_follows_to_another_address_and_not_another_way(
    session: Session, amina: Person, now: datetime
) -> None:
    """S35: the old one is not written to."""
    message = booked(session, amina, now)
    assert message
    amina.email = "new@example.org"
    assert service.check(session, message, now) == messaging.Go("new@example.org")
    amina.way = rules.SMS
    assert service.check(session, message, now) == messaging.Drop("way")


@pytest.mark.parametrize("change", ["sms_unsafe", "protected"])
def test_nothing_goes_to_whom_it_may_endanger(
    session: Session, amina: Person, now: datetime, change: str
) -> None:
    """S34, S37"""
    message = booked(session, amina, now)
    setattr(amina, change, True)
    assert message
    assert service.check(session, message, now) == messaging.Drop("no sms")
    assert booked(session, amina, now, revision=1) is None
    assert session.scalars(select(CallWish)).all() == []


def test_unsafe_takes_back_what_waits_as_e_mail(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    """S34: every channel at once."""
    message = booked(session, amina, now)
    access_service.mark_unsafe(session, herself, amina, now=now)
    assert message
    session.refresh(message)
    assert message.state == messaging.CANCELLED


def test_saying_less_rewords_e_mail_too(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    reach_service.choose_detail(session, herself, amina, Detail(place=True))
    message = booked(session, amina, now, held=Held("on_site", "Storgatan 1", amina.id))
    reach_service.say_less(session, herself, amina)
    assert message
    assert (message.body, message.parts) == (SAID, 0)


def test_e_mail_keeps_the_persons_own_hours(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    """It is 9 in the morning; news that cannot wait gives way."""
    reach_service.choose_hours(session, herself, amina, 11, 17)
    at = now.replace(minute=0, second=0)
    message, soon = booked(session, amina, at), booked(session, amina, at, appointment_id=uuid.UUID(int=7))
    assert message
    assert soon
    opens = service.check(session, message, at)
    assert isinstance(opens, messaging.Wait)
    assert opens.until.astimezone(herself.zone).hour == 11
    soon.expires_at = at + timedelta(hours=3)
    assert service.check(session, soon, at) == messaging.Go(ADDRESS)
