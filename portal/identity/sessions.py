"""Server-side sessions: opened at sign-in and at step-up, ended all at once when trust changes (S16–S18)."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Row,
    String,
    bindparam,
    cast,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal import clock
from portal.crypto import code_hash
from portal.db import ask
from portal.identity.absence.models import Absence
from portal.identity.absence.queries import COACHING, stands_in_for
from portal.identity.models import CoachChange, Person, first_name, name_of
from portal.identity.service import lock_people
from portal.identity.session_models import WebSession
from portal.organisation.models import Organisation
from portal.web import access
from portal.web.asker import Asker, House
from portal.web.errors import Refused

TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)


class Ended(Refused):
    """The session has ended since the request began, or its person may no longer sign in."""


@dataclass(frozen=True)
class Lengths:
    """How long a session lives: `idle` without a touch, `longest` in all."""

    idle: timedelta
    longest: timedelta


def lengths() -> Lengths:
    """The installation's settings."""
    settings = current_app.config["STIGEN"]
    return Lengths(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.session_hours))


def open_session(
    session: Session,
    person_id: uuid.UUID,
    *,
    roles: frozenset[str],
    tier: int,
    now: datetime,
    longest: timedelta,
) -> str:
    """A new session for this person; returns the token for the cookie, kept nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        WebSession(
            token_hash=code_hash(token, "session"),
            person_id=person_id,
            roles=sorted(roles),
            tier=tier,
            created_at=now,
            last_seen_at=now,
            expires_at=now + longest,
        )
    )
    session.flush()
    return token


def end_all(session: Session, person_id: uuid.UUID, now: datetime, *, keep: uuid.UUID | None = None) -> int:
    """End all sessions of a person, but for `keep`; returns how many there were (S18)."""
    lock_people(session, (person_id,))
    ended = session.execute(
        update(WebSession)
        .where(
            WebSession.person_id == person_id,
            WebSession.ended_at.is_(None),
            *([WebSession.id != keep] if keep else []),
        )
        .values(ended_at=now)
    )
    assert isinstance(ended, CursorResult)
    return ended.rowcount


def hold(session: Session, asker: Asker, now: datetime) -> None:
    """Look again, inside the writing transaction, whether the asker's session stands. Raises `Ended`.

    A view that hashes before it writes has read the session a while ago. Whoever ends sessions locks the
    person first, as this does: what is opened in place of this session is either seen or not opened (S18).
    """
    lock_people(session, (asker.person_id,))
    row = session.execute(
        select(WebSession.roles, Person.protected)
        .join(Person, Person.id == WebSession.person_id)
        .where(WebSession.id == asker.session_id, *_alive(now))
    ).one_or_none()
    if row is None or _hidden(row.roles, row.protected):
        raise Ended


def _alive(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return (WebSession.ended_at.is_(None), WebSession.expires_at > now, Person.disabled_at.is_(None))


def _hidden(roles: list[str], protected: bool) -> bool:
    """Whether this is a participant with protected identity, who has no way in by phone (S6, S37)."""
    return protected and "participant" in roles


def load(session: Session, token: str, now: datetime, idle: timedelta) -> Asker | None:
    """Who holds this token, when the session is alive and the person may sign in; else None."""
    # No zone is further behind than a day: which day it is there is known once the row is.
    yesterday = now.date() - timedelta(days=1)
    asked = {
        "token_hash": code_hash(token, "session"),
        "not_idle": now - idle,
        "now": now,
        "yesterday": yesterday,
    }
    row = ask(session, WHO, asked).one_or_none()
    if row is None or _hidden(row.roles, row.protected):
        return None
    # A touch within the minute is not written down, so the session lives from the one before.
    touched = row.last_seen_at if now - row.last_seen_at < SEEN_EVERY else now
    ends = min(touched + idle, row.expires_at)
    zone = ZoneInfo(row.zone_name)
    return Asker(
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        roles=frozenset(row.roles),
        tier=row.tier,
        session_id=row.id,
        language=row.language,
        zone=zone,
        token=token,
        ends_in_seconds=int((ends - now).total_seconds()),
        last_seen_at=row.last_seen_at,
        began_at=row.created_at,
        house=House(row.name, row.phone, row.settings or "{}"),
        first_name=first_name(name_of(row.person_id, row.name_sealed)) if row.tier > 1 else "",
        has_pin=row.has_pin,
        coach_is_new=row.tier > 1 and row.coach_is_new,
        stands_in_for=_stands_in_for(session, row, now.astimezone(zone).date()),
        may_be_away=row.may_be_away,
    )


def _stands_in_for(session: Session, row: Row[Any], today: date) -> frozenset[uuid.UUID]:
    """Asked only of staff who stand in for somebody about now: nobody else's page waits for it."""
    if not row.may_stand_in or not set(COACHING) & set(row.roles):
        return frozenset()
    return stands_in_for(session, row.person_id, today)


WHO = (
    select(
        WebSession.id,
        WebSession.person_id,
        WebSession.roles,
        WebSession.tier,
        WebSession.created_at,
        WebSession.last_seen_at,
        WebSession.expires_at,
        Person.organisation_id,
        Person.language,
        Person.protected,
        Organisation.zone_name,
        Organisation.name,
        Organisation.phone,
        cast(Organisation.settings, String).label("settings"),
        Person.name_sealed,
        Person.pin_hash.is_not(None).label("has_pin"),
        exists()
        .where(CoachChange.person_id == Person.id, CoachChange.read_at.is_(None))
        .label("coach_is_new"),
        exists()
        .where(Absence.stand_in_id == Person.id, Absence.last_day >= bindparam("yesterday"))
        .label("may_stand_in"),
        exists()
        .where(Absence.person_id == Person.id, Absence.last_day >= bindparam("yesterday"))
        .label("may_be_away"),
    )
    .join(Person, Person.id == WebSession.person_id)
    .join(Organisation, Organisation.id == Person.organisation_id)
    .where(
        WebSession.token_hash == bindparam("token_hash"),
        WebSession.last_seen_at > bindparam("not_idle"),
        *_alive(bindparam("now")),
    )
)
"""Session, person and organisation in one joined read, said once: every request asks."""


class LastSeen:
    """Records, at most once a minute, that a person (not a polling page) used the session."""

    def pending(self, session: Session | None) -> Asker | None:
        """The viewer when it is time to note them again; None for a page that asks by itself."""
        viewer = access.known_viewer()
        if viewer is None or access.is_quiet():
            return None
        seen = viewer.last_seen_at
        return viewer if seen is None or clock.now() - seen >= SEEN_EVERY else None

    def write(self, session: Session, pending: Asker, now: datetime) -> None:
        """Move last-seen forward; an ended session stays ended."""
        session.execute(
            update(WebSession)
            .where(WebSession.id == pending.session_id, WebSession.ended_at.is_(None))
            .values(last_seen_at=now)
        )

    def kept(self, pending: Asker) -> None:
        """Nothing more to do: the row itself says when."""

    def spared(self, session: Session, pending: Asker) -> bool:
        """It may be left out: the session then ends sooner, not later."""
        return True
