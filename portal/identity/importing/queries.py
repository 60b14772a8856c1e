"""What may stand in an organisation's file, and who of it is here already."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash, open_sealed
from portal.identity.importing.cell_rules import Menu
from portal.identity.importing.rules import Course, House, Newcomer
from portal.identity.models import Enrolment, Person, RoleGrant, StaffAccount
from portal.identity.people.rules import TEAM_ROLES, name_key
from portal.languages import LANGUAGES
from portal.organisation import queries as organisations
from portal.organisation.models import PROGRAMME_LISTS, Choice, Organisation, Programme

AT_ONCE = 500
"""How many people are looked for in one query."""
NUMBER_TAKEN = (
    "the number belongs to somebody who is here already. If it is the same person, enrol them again "
    "on the page for participants and take the row away"
)
HERE_ALREADY = "somebody with this name has this enrolment already: take the row away"


def house(session: Session, organisation: Organisation, now: datetime) -> House:
    """What may stand in the file of this organisation."""
    words = organisations.word_lists(session, organisation.id)
    programmes = organisations.programmes(session, organisation.id)
    teams = organisations.teams(session, organisation.id)
    return House(
        today=now.astimezone(organisation.zone).date(),
        foreign_numbers=organisation.rules.foreign_numbers,
        languages=_languages(organisation),
        programmes=Menu.of((str(one.id), (one.name,)) for one in programmes),
        teams=Menu.of((str(one.id), (one.name,)) for one in teams),
        coaches=_coaches(session, organisation.id),
        municipalities=_menu(words["municipality"]),
        education=_menu(words["education"]),
        lists={str(one.id): _lists(one, words) for one in programmes},
    )


def _languages(organisation: Organisation) -> Menu:
    spellings = {
        code: [LANGUAGES[code].name, code, *(_called(code, reader) for reader in ("sv", "en"))]
        for code in organisation.spoken
    }
    return Menu.of(spellings.items())


def _called(code: str, reader: str) -> str:
    return str(Locale.parse(reader).languages.get(code, ""))


def _menu(words: Iterable[Choice]) -> Menu:
    return Menu.of(
        (word.code, [word.label("sv"), *word.words.values(), word.code]) for word in words if not word.retired
    )


def _lists(programme: Programme, words: dict[str, tuple[Choice, ...]]) -> dict[str, Menu]:
    return {
        kind: _menu(word for word in words[kind] if programme.uses(kind, word.code))
        for kind in PROGRAMME_LISTS
    }


def _coaches(session: Session, organisation_id: uuid.UUID) -> dict[str, Menu]:
    """Those who can be somebody's coach, by name and e-mail, of each team."""
    rows = session.execute(
        select(Person.id, Person.name_sealed, RoleGrant.team_id, StaffAccount.id, StaffAccount.email_sealed)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(StaffAccount, StaffAccount.person_id == Person.id)
        .where(
            Person.organisation_id == organisation_id,
            Person.disabled_at.is_(None),
            RoleGrant.role.in_(TEAM_ROLES),
        )
        .distinct()
    )
    teams: dict[str, dict[str, list[str]]] = {}
    for person_id, name, team_id, account_id, email in rows:
        spellings = [
            open_sealed("person", "name_sealed", person_id, name),
            open_sealed("staff_account", "email_sealed", account_id, email),
        ]
        teams.setdefault(str(team_id), {})[str(person_id)] = spellings
    return {team: Menu.of(_by_name(people)) for team, people in teams.items()}


def _by_name(people: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return sorted(people.items(), key=lambda one: one[1])


# --- who is here already ------------------------------------------------------------------------


def here_already(
    session: Session, organisation: Organisation, people: Iterable[Newcomer]
) -> Iterator[tuple[int, str, str]]:
    """(line, column's key, reason) of whoever of the file is in the organisation already.

    People with protected identity cannot be looked up: they are opened and compared, and a row that meets
    one is told what any other row would be (S37).
    """
    newcomers = list(people)
    hidden = _protected(session, organisation.id)
    for start in range(0, len(newcomers), AT_ONCE):
        some = newcomers[start : start + AT_ONCE]
        numbers = _numbers(session, organisation.id, some)
        stays = _stays(session, organisation.id, some)
        for one in some:
            if one.own.phone and (one.own.phone in hidden or lookup_hash("phone", one.own.phone) in numbers):
                yield one.line, "phone", NUMBER_TAKEN
            elif name_key(one.own.name) in hidden:
                yield one.line, "name", HERE_ALREADY
            else:
                known = stays.get(_name_hash(one), ())
                yield from (
                    (course.line, "name", HERE_ALREADY)
                    for course in one.courses
                    if any(_same(course, stay, bool(one.own.phone)) for stay in known)
                )


def _name_hash(one: Newcomer) -> bytes:
    return lookup_hash("name", name_key(one.own.name))


def _protected(session: Session, organisation_id: uuid.UUID) -> set[str]:
    rows = session.scalars(
        select(Person).where(Person.organisation_id == organisation_id, Person.protected.is_(True))
    )
    return {mark for person in rows for mark in (person.phone, name_key(person.name)) if mark}


def _numbers(session: Session, organisation_id: uuid.UUID, people: list[Newcomer]) -> set[bytes | None]:
    hashes = [lookup_hash("phone", one.own.phone) for one in people if one.own.phone]
    asked = select(Person.phone_hash).where(
        Person.organisation_id == organisation_id, Person.phone_hash.in_(hashes)
    )
    return set(session.scalars(asked))


Stay = tuple[Enrolment, bool]


def _stays(
    session: Session, organisation_id: uuid.UUID, people: list[Newcomer]
) -> dict[bytes | None, list[Stay]]:
    """The enrolments of those with these names, and whether each has a number of their own."""
    rows = session.execute(
        select(Person.name_hash, Person.phone_hash, Enrolment)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Person.organisation_id == organisation_id,
            Person.name_hash.in_([_name_hash(one) for one in people]),
        )
    )
    found: dict[bytes | None, list[Stay]] = {}
    for name_hash, phone_hash, enrolment in rows:
        found.setdefault(name_hash, []).append((enrolment, phone_hash is not None))
    return found


def _same(course: Course, stay: Stay, has_phone: bool) -> bool:
    """Whether this is the enrolment that is there: two people of one name have different numbers."""
    enrolment, known_phone = stay
    if str(enrolment.programme_id) != course.programme or (has_phone and known_phone):
        return False
    both_open = enrolment.closed_on is None and course.dates.closed_on is None
    days = (enrolment.applied_on, enrolment.started_on)
    return both_open or days == (course.dates.applied_on, course.dates.started_on)
