"""Wishes to choose a PIN, and whose PIN a member of staff may clear."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.models import Person, RoleGrant
from portal.identity.session_models import PinRequest, WebSession
from portal.identity.signin import pin_rules, queries, rules
from portal.journal import service as journal
from portal.web.asker import Asker

CONFIRMERS = frozenset({"coach", "lead"})
"""Those who may read what is behind the second door. An admin may clear a PIN and change a number, and
so must not be able to confirm one as well."""


@dataclass(frozen=True)
class PinState:
    """Whether a participant has a PIN, and whether five wrong ones have locked it."""

    chosen: bool
    locked: bool


def own_state(session: Session, asker: Asker) -> PinState:
    """The asker's own."""
    return state_of(session, queries.own_person(session, asker))


def state_of(session: Session, person: Person) -> PinState:
    """A person's; the caller has checked that the asker may know."""
    locked = queries.pin_guesses(session, person.id) >= rules.PIN_GUESSES.most
    return PinState(person.pin_hash is not None, locked)


def own_request(session: Session, asker: Asker, now: datetime) -> PinRequest | None:
    """The wish that stands in this very session, waiting or confirmed."""
    return session.scalars(
        select(PinRequest)
        .where(
            PinRequest.person_id == asker.person_id,
            PinRequest.session_id == asker.session_id,
            PinRequest.used_at.is_(None),
            PinRequest.expires_at > now,
        )
        .order_by(PinRequest.asked_at.desc())
        .limit(1)
    ).first()


def person_for(session: Session, asker: Asker, person_id: uuid.UUID) -> Person:
    """The participant whose PIN the asker may clear: a coach's own, a lead's team's, an admin's all.

    Raises NoResultFound. Protected people are their named handlers' alone.
    """
    if asker.roles & CONFIRMERS:
        try:
            return scope.participant(session, asker, person_id, what="pin")
        except NoResultFound:
            if "admin" not in asker.roles:
                raise
    person = session.scalars(
        select(Person).where(
            Person.id == person_id,
            Person.organisation_id == asker.organisation_id,
            Person.protected.is_(False),
            exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == "participant"),
        )
    ).one_or_none()
    journal.note(session, asker, action="read" if person else "refused", kind="pin", subject=person_id)
    if person is None:
        raise NoResultFound
    return person


def person_to_confirm(session: Session, asker: Asker, person_id: uuid.UUID) -> Person:
    """The participant for whom the asker may open the second door. Raises NoResultFound."""
    return scope.participant(session, asker, person_id, what="pin")


def waiting(session: Session, person: Person, now: datetime) -> tuple[PinRequest, ...]:
    """The person's wishes that nobody has confirmed, the newest first; one for each live session."""
    return tuple(
        session.scalars(
            select(PinRequest)
            .join(WebSession, WebSession.id == PinRequest.session_id)
            .where(
                PinRequest.person_id == person.id,
                PinRequest.confirmed_at.is_(None),
                PinRequest.expires_at > now,
                WebSession.ended_at.is_(None),
            )
            .order_by(PinRequest.asked_at.desc())
        )
    )


def confirmed_until(session: Session, person: Person, now: datetime) -> datetime | None:
    """Until when the person may choose a PIN that was confirmed but not chosen yet."""
    return session.scalar(
        select(PinRequest.expires_at)
        .where(
            PinRequest.person_id == person.id,
            PinRequest.confirmed_at > now - pin_rules.CHOOSE_LIFE,
            PinRequest.used_at.is_(None),
            PinRequest.expires_at > now,
        )
        .order_by(PinRequest.expires_at.desc())
        .limit(1)
    )
