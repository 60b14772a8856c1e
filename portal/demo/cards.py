"""Who to sign in as, for a newcomer to read and for a program to parse."""

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.people import PIN, STAFF_PASSWORD
from portal.identity.models import Person, RoleGrant, StaffAccount
from portal.organisation.models import Organisation
from portal.web.formats import phone_text


class Card(TypedDict):
    """One demo person. Empty where it does not apply."""

    organisation: str
    entry: str
    role: str
    name: str
    language: str
    phone: str
    pin: str
    email: str
    password: str
    totp_secret: str


def cards(session: Session) -> list[Card]:
    """Everybody in the demo, staff first, then participants by name."""
    rows = session.execute(
        select(Person, RoleGrant.role, Organisation, StaffAccount)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(StaffAccount, StaffAccount.person_id == Person.id)
    ).all()
    found = [_card(*row) for row in rows]
    return sorted(found, key=lambda card: (card["organisation"], card["role"] == "participant", card["name"]))


def _card(person: Person, role: str, organisation: Organisation, account: StaffAccount | None) -> Card:
    return Card(
        organisation=organisation.name,
        entry=f"/{organisation.slug}",
        role=role,
        name=person.name,
        language=person.language,
        phone=person.phone,
        pin=PIN if person.pin_hash else "",
        email=account.email if account else "",
        password=STAFF_PASSWORD if account else "",
        totp_secret=account.totp_secret if account else "",
    )


def describe(everybody: list[Card], address: str) -> list[str]:
    """The few lines that `make run` prints: where, and the first of each kind."""
    first = everybody[0]["organisation"]
    here = [card for card in everybody if card["organisation"] == first]
    wanted = ("Amina Hassan", "Mariam Haddad", "Yonas Tesfay")
    participants = [card for card in here if card["name"] in wanted]
    staff = [card for card in here if card["role"] in ("coach", "lead", "admin")]
    lines = ["", f"Stigen is on {address} (everybody here is made up; Ctrl-C stops it)", ""]
    lines.append(
        f"  A participant signs in at {address}{here[0]['entry']} with a phone number. The code comes to"
    )
    lines.append(f"  {address}/dev/phone, where the demo's clock stands too.")
    lines += [
        f"    {card['name']:<16} {phone_text(card['phone'])}   PIN {card['pin']}   ({card['language']})"
        for card in participants
    ]
    lines += [
        "",
        f"  Staff sign in at {address}/staff/sign-in with the password {STAFF_PASSWORD} and a code from",
    ]
    lines.append("  an authenticator app; /dev/phone shows the codes of the demo.")
    lines += [f"    {card['name']:<16} {card['email']:<24} {card['role']}" for card in staff]
    lines += [
        "",
        "  ORS and SRS, with made-up wording: the coach Frida Norén in /soderby, and her participants.",
    ]
    return [*lines, "", "  All of them: flask --app wsgi demo --json", ""]
