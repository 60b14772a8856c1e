"""Who to sign in as, for a newcomer to read and for a program to parse."""

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.people import PIN, STAFF_PASSWORD
from portal.identity.models import Person, RoleGrant, StaffAccount
from portal.organisation.models import Organisation
from portal.web.formats import phone_text

WITH_A_STORY = ("Amina Hassan", "Mariam Haddad", "Yonas Tesfay")


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
    """The lines that `make run` prints: where, all staff, and some participants of each organisation."""
    staff = [card for card in everybody if card["email"]]
    lines = [
        "",
        f"Stigen is on {address} (everybody here is made up; Ctrl-C stops it)",
        "",
        "  A participant signs in with a phone number, at the address of the organisation. The code comes to",
        f"  {address}/dev/phone, where the demo's clock stands too.",
    ]
    for entry in dict.fromkeys(card["entry"] for card in everybody):
        lines += [f"    {address}{entry}", *_participants(everybody, entry)]
    lines += [
        "",
        f"  Staff sign in at {address}/staff/sign-in with the password {STAFF_PASSWORD} and a code from",
        "  an authenticator app; /dev/phone shows the codes of the demo.",
    ]
    lines += [
        f"    {card['name']:<16} {card['email']:<24} {card['role'].replace('_', ' '):<13} {card['entry']}"
        for card in staff
    ]
    lines += [
        "",
        "  An interpreter gets in at /tolk, by a code from the coach's page about a meeting.",
        "  ORS, SRS and GSRS, with made-up wording: Frida Norén (coach), her participants and",
        "  Maj Lundin (lead, who has the report), in /soderby.",
    ]
    return [*lines, "", "  All of them: flask --app wsgi demo --json", ""]


def _participants(everybody: list[Card], entry: str) -> list[str]:
    """Those of one organisation to begin with: the ones who have a story, or all where they are few."""
    here = [card for card in everybody if card["entry"] == entry and card["role"] == "participant"]
    shown = [card for card in here if card["name"] in WITH_A_STORY] or here
    return [
        f"      {card['name']:<16} {phone_text(card['phone'])}   PIN {card['pin']}   ({card['language']})"
        for card in shown
    ]
