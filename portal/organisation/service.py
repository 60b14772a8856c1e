"""What admins change: rules, crisis lines, lists of words; and the founding of an organisation."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.organisation import setting_rules
from portal.organisation.models import Choice, Organisation, Programme, Team
from portal.organisation.rules import Rules
from portal.web.asker import Asker
from portal.web.errors import Refused


class WrongRules(Refused):
    """Settings that do not hold together; `problems` is {name: code}."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems


class SlugTaken(Refused):
    """Another organisation is entered at this address."""


@dataclass(frozen=True)
class Founding:
    """A new organisation with its first programme and team."""

    slug: str
    name: str
    phone: str
    programme: str
    starts_on: date
    team: str
    municipality: str
    languages: tuple[str, ...]
    partners: tuple[str, ...] = ()


def hold(session: Session, organisation_id: uuid.UUID) -> None:
    """Let one transaction at a time change this organisation: whoever changes it reads it after this."""
    row = select(Organisation).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    session.scalars(row.execution_options(populate_existing=True)).one()


def change_rules(
    session: Session, asker: Asker, organisation: Organisation, rules: Rules, *, kind: str = "rules"
) -> None:
    """Let these rules hold from now on; `kind` names them in the journal. Raises WrongRules."""
    if problems := setting_rules.problems(rules):
        raise WrongRules(problems)
    organisation.settings = rules.to_json()
    session.flush()
    _note(session, asker, kind, organisation.id)


def change_contact(
    session: Session, asker: Asker, organisation: Organisation, name: str, phone: str, *, languages: list[str]
) -> None:
    """Change the name, the number that people are told to ring, and the languages they choose among."""
    organisation.name = name
    organisation.phone = phone
    organisation.languages = languages
    session.flush()
    _note(session, asker, "contact", organisation.id)


def add_word(
    session: Session, asker: Asker, kind: str, words: dict[str, str], *, counts_as: str = ""
) -> Choice:
    """Put a word at the end of a list; one that is there already, retired or not, is in use again."""
    organisation_id = asker.organisation_id
    hold(session, organisation_id)
    rows = session.scalars(
        select(Choice).where(Choice.organisation_id == organisation_id, Choice.kind == kind)
    ).all()
    for row in rows:
        if row.words.get("sv", "").casefold() == words["sv"].casefold():
            row.retired = False
            session.flush()
            _note(session, asker, "word", row.id)
            return row
    fresh = Choice(
        organisation_id=organisation_id,
        kind=kind,
        code=setting_rules.code_of(words["sv"], {row.code for row in rows}),
        words=words,
        position=max((row.position for row in rows), default=-1) + 1,
        counts_as=counts_as,
    )
    session.add(fresh)
    session.flush()
    _note(session, asker, "word", fresh.id)
    return fresh


def change_word(
    session: Session,
    asker: Asker,
    word: Choice,
    words: dict[str, str],
    *,
    retired: bool,
    counts_as: str = "",
) -> None:
    """Change a word, or take it out of use; what was chosen before keeps it. Its code stays."""
    word.words = words
    word.retired = retired
    word.counts_as = counts_as
    session.flush()
    _note(session, asker, "word", word.id)


def move_word(session: Session, asker: Asker, word: Choice, *, up: bool) -> None:
    """Let a word change places with the one above or below it; at the end of its list nothing happens.

    The caller holds the organisation. The order is everything where the list is a staircase.
    """
    own = select(Choice).where(Choice.organisation_id == asker.organisation_id, Choice.kind == word.kind)
    rows = list(session.scalars(own.order_by(Choice.position, Choice.code)))
    place = rows.index(word)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    session.flush()
    _note(session, asker, "word", word.id)


def _note(session: Session, asker: Asker, kind: str, object_id: uuid.UUID) -> None:
    journal.note(session, asker, action="change", kind=kind, subject=None, object_id=object_id)


def found(session: Session, new: Founding) -> Organisation:
    """Found an organisation. Raises SlugTaken."""
    organisation = Organisation(
        slug=new.slug, name=new.name, phone=new.phone, languages=list(new.languages), settings={}
    )
    try:
        with session.begin_nested():
            session.add(organisation)
    except IntegrityError:
        raise SlugTaken from None
    session.add(
        Programme(
            organisation_id=organisation.id,
            name=new.programme,
            starts_on=new.starts_on,
            targets={},
            partners=list(new.partners),
        )
    )
    session.add(Team(organisation_id=organisation.id, name=new.team, municipality=new.municipality))
    session.flush()
    return organisation
