"""Reads about organisations. None of them is about a person."""

import uuid

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.organisation import rules
from portal.organisation.models import CHOICE_KINDS, Choice, Organisation, Programme, Team
from portal.organisation.rules import Rules
from portal.web.asker import Asker


def organisation(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """The organisation with this id. Raises NoResultFound."""
    return session.scalars(select(Organisation).where(Organisation.id == organisation_id)).one()


def rules_of(session: Session, asker: Asker) -> Rules:
    """What the asker's organisation has decided; it comes with the asker's session."""
    if asker.house.settings is not None:
        return rules.read(asker.house.settings)
    return organisation(session, asker.organisation_id).rules


def phone_of(session: Session, asker: Asker) -> str:
    """The number to the asker's organisation; it comes with the asker's session."""
    return asker.house.phone or organisation(session, asker.organisation_id).phone


def by_slug(session: Session, slug: str) -> Organisation:
    """The organisation entered at `/<slug>`. Raises NoResultFound."""
    if not slug.isprintable():
        # PostgreSQL takes no NUL, not even to look for it.
        raise NoResultFound
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def only_one(session: Session) -> Organisation | None:
    """The organisation of an installation that has one; None where there are several, or none yet."""
    found = session.scalars(select(Organisation).limit(2)).all()
    return found[0] if len(found) == 1 else None


def everyone(session: Session) -> tuple[Organisation, ...]:
    """All organisations, by name."""
    return tuple(session.scalars(select(Organisation).order_by(Organisation.name)))


def choices(session: Session, organisation_id: uuid.UUID, kind: str) -> tuple[Choice, ...]:
    """The words in use of one list, in the organisation's order."""
    return tuple(
        session.scalars(
            select(Choice)
            .where(Choice.organisation_id == organisation_id, Choice.kind == kind, Choice.retired.is_(False))
            .order_by(Choice.position, Choice.code)
        )
    )


def word_lists(session: Session, organisation_id: uuid.UUID) -> dict[str, tuple[Choice, ...]]:
    """All words of all lists by kind, those out of use too, in the organisation's order; one query."""
    rows = session.scalars(
        select(Choice).where(Choice.organisation_id == organisation_id).order_by(Choice.position, Choice.code)
    ).all()
    return {kind: tuple(row for row in rows if row.kind == kind) for kind in CHOICE_KINDS}


def word(session: Session, organisation_id: uuid.UUID, kind: str, word_id: uuid.UUID) -> Choice:
    """One word of one list of this organisation. Raises NoResultFound."""
    return session.scalars(
        select(Choice).where(
            Choice.id == word_id, Choice.organisation_id == organisation_id, Choice.kind == kind
        )
    ).one()


def teams(session: Session, organisation_id: uuid.UUID) -> tuple[Team, ...]:
    """The organisation's teams, by name."""
    return tuple(
        session.scalars(select(Team).where(Team.organisation_id == organisation_id).order_by(Team.name))
    )


def team(session: Session, organisation_id: uuid.UUID, team_id: uuid.UUID) -> Team:
    """One team of this organisation. Raises NoResultFound."""
    return session.scalars(
        select(Team).where(Team.id == team_id, Team.organisation_id == organisation_id)
    ).one()


def programme(session: Session, organisation_id: uuid.UUID, programme_id: uuid.UUID) -> Programme:
    """One programme of this organisation. Raises NoResultFound."""
    return session.scalars(
        select(Programme).where(Programme.id == programme_id, Programme.organisation_id == organisation_id)
    ).one()


def programmes(session: Session, organisation_id: uuid.UUID) -> tuple[Programme, ...]:
    """The organisation's programmes, the newest first."""
    return tuple(
        session.scalars(
            select(Programme)
            .where(Programme.organisation_id == organisation_id)
            .order_by(Programme.starts_on.desc())
        )
    )
