"""An e-mail address becomes somebody's with the digits that were sent to it: on both databases."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.people import access_service
from portal.identity.session_models import MailCode
from portal.journal.service import take_notes
from portal.languages import LANGUAGES
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import mail_queries, mail_service, mail_words, rules, service
from portal.notices.rules import Held
from portal.web.asker import Asker
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
ADDRESS = "amina@example.org"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def amina(session: Session, world: World) -> Person:
    return session.get_one(Person, world.participant.id)


@pytest.fixture
def herself(session: Session, world: World) -> Asker:
    return asker_of(session, world.participant)


def digits_of(message: OutboxMessage) -> str:
    found = re.search(r"[0-9]{6}", message.body)
    assert found
    return found[0]


def by_phone(*_: object) -> Held:
    return Held("phone", "", uuid.uuid4())


def test_digits_go_to_the_address_alone_and_say_nothing_more(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    """S31: no link, name, service or reason, in the subject neither."""
    take_notes(session)
    message = mail_service.ask(session, herself, amina, ADDRESS, now)
    assert (message.channel, message.address, message.parts) == ("email", ADDRESS, 0)
    assert message.subject_line == "Ett meddelande till dig"
    assert message.body == (
        f"Din kod är {digits_of(message)}. Den gäller i 30 minuter. "
        "Har du inte bett om den? Då behöver du inte göra något."
    )
    assert (message.expires_at, message.is_secret) == (now + timedelta(minutes=30), True)
    assert (amina.email, amina.email_confirmed_at) == ("", None), "it is not theirs yet"
    assert mail_queries.pending(session, amina.id, now) == mail_queries.Pending(ADDRESS, refused=False)
    assert service.check(session, message, now) == messaging.Go()
    assert [one["kind"] for one in take_notes(session)] == ["email_asked"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_mail_carries_a_link_in_any_language(code: str) -> None:
    """S31"""
    said = mail_words.code("123456", LANGUAGES[code]) + mail_words.subject(LANGUAGES[code])
    assert not re.search(r"://|www|stigen|coach|möte", said, re.IGNORECASE)
    assert "123456" in said


def test_with_the_digits_it_is_theirs_and_can_be_chosen(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    message = mail_service.ask(session, herself, amina, ADDRESS, now)
    take_notes(session)
    mail_service.confirm(session, herself, amina, digits_of(message), now + MINUTE)
    assert (amina.email, amina.email_confirmed_at) == (ADDRESS, now + MINUTE)
    assert mail_queries.pending(session, amina.id, now) is None
    assert [one["kind"] for one in take_notes(session)] == ["email_confirmed"]
    with pytest.raises(mail_service.NoCode):
        mail_service.confirm(session, herself, amina, digits_of(message), now + MINUTE)
    assert rules.offered("sms", mail=True, has_mail=True) == ("sms", "email", "call")
    assert rules.offered("sms", mail=False, has_mail=True) == ("sms", "call")
    assert rules.offered("email", mail=False, has_mail=True) == ("sms", "call", "email")


def test_five_tries_and_half_an_hour(session: Session, amina: Person, herself: Asker, now: datetime) -> None:
    message = mail_service.ask(session, herself, amina, ADDRESS, now)
    right = digits_of(message)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(4):
        with pytest.raises(mail_service.WrongCode):
            mail_service.confirm(session, herself, amina, wrong, now)
    with pytest.raises(mail_service.NoCode):
        mail_service.confirm(session, herself, amina, wrong, now)
    with pytest.raises(mail_service.NoCode):
        mail_service.confirm(session, herself, amina, right, now)
    fresh = mail_service.ask(session, herself, amina, ADDRESS, now)
    with pytest.raises(mail_service.NoCode):
        mail_service.confirm(session, herself, amina, digits_of(fresh), now + 30 * MINUTE)
    assert amina.email == ""


def test_another_code_makes_the_first_void_and_five_are_a_days(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    first = mail_service.ask(session, herself, amina, "wrong@example.org", now)
    second = mail_service.ask(session, herself, amina, ADDRESS, now)
    assert service.check(session, first, now) == messaging.Drop("newer code")
    assert service.check(session, second, now) == messaging.Go()
    for _ in range(3):
        mail_service.ask(session, herself, amina, ADDRESS, now)
    with pytest.raises(mail_service.TooMany):
        mail_service.ask(session, herself, amina, ADDRESS, now + timedelta(hours=23))
    mail_service.ask(session, herself, amina, ADDRESS, now + timedelta(hours=25))


def test_nobody_is_written_to_whom_it_may_endanger(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    """S34: a code under way is void as well."""
    message = mail_service.ask(session, herself, amina, ADDRESS, now)
    right = digits_of(message)
    access_service.mark_unsafe(session, herself, amina, now=now)
    session.refresh(message)
    assert message.state == messaging.CANCELLED
    with pytest.raises(mail_service.NoCode):
        mail_service.confirm(session, herself, amina, right, now)
    with pytest.raises(mail_service.NotWritten):
        mail_service.ask(session, herself, amina, ADDRESS, now)


def test_a_refused_address_is_told_beside_the_code(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    message = mail_service.ask(session, herself, amina, ADDRESS, now)
    message.state, message.error_code = messaging.FAILED, "smtp 550"
    session.flush()
    assert mail_queries.pending(session, amina.id, now) == mail_queries.Pending(ADDRESS, refused=True)


def test_without_an_address_they_get_sms(
    session: Session, amina: Person, herself: Asker, now: datetime
) -> None:
    amina.email, amina.email_confirmed_at, amina.way = ADDRESS, now, rules.EMAIL
    mail_service.ask(session, herself, amina, "new@example.org", now)
    row = outbox.put(
        session, now, recipient_id=amina.id, channel="email", address=ADDRESS, subject_line="Hej"
    )
    mail_service.remove(session, herself, amina, now, by_phone)
    session.refresh(amina)
    assert (amina.email, amina.way) == ("", "sms")
    assert session.scalars(select(MailCode)).all() == []
    assert (row.channel, row.address, row.subject_line, row.parts) == ("sms", amina.phone, "", 1)
    assert "Du har ett möte" in row.body
