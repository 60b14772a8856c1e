"""Signing in the way people do: a number, the SMS as the phone shows it, the code, the PIN."""

import re

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.config import DEMO_KEY
from portal.crypto import lookup_hash
from portal.db import Database
from portal.identity.models import Person, StaffAccount
from portal.identity.signin import hashing
from portal.messaging.models import OutboxMessage
from tests.support.pages import Client

PIN = "402957"
PASSWORD = "fyra helt olika ord"
EMAIL = "karin@example.se"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOME = "/norrby/sign-in"


def messages(database: Database) -> list[OutboxMessage]:
    """Every SMS in the outbox, the oldest first."""
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)))


def code_in(text: str) -> str:
    """The eight digits of an SMS."""
    found = re.search(r"(\d{4}) (\d{4})", text)
    assert found, text
    return found[1] + found[2]


def ask(client: Client, phone: str, *, at: str = HOME) -> TestResponse:
    """Ask for a code, as typed."""
    return client.post(at, data={"phone": phone})


def come_in(client: Client, database: Database, phone: str, *, at: str = HOME) -> TestResponse:
    """Ask for a code and give it."""
    before = {message.id for message in messages(database)}
    assert ask(client, phone, at=at).status_code == 303
    (sent,) = [message for message in messages(database) if message.id not in before]
    return client.post(f"{at}/code", data={"code": code_in(sent.body)})


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def give_pin(database: Database, person: Person, pin: str = PIN) -> None:
    """Let the person have chosen this PIN some time ago."""
    with database.transaction() as session:
        session.execute(
            update(Person).where(Person.id == person.id).values(pin_hash=hashing.hash_pin(pin, DEMO_KEY))
        )


def give_account(database: Database, person: Person, *, temporary: bool = False) -> None:
    """Let the member of staff sign in with EMAIL, PASSWORD and TOTP_SECRET."""
    with database.transaction() as session:
        account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == person.id)).one()
        account.email = EMAIL
        account.email_hash = lookup_hash("email", EMAIL)
        account.password_hash = hashing.hash_password(PASSWORD)
        account.totp_secret = TOTP_SECRET
        account.password_temporary = temporary
