"""Signing in with a code by SMS, stepping up with a PIN, and what is forgotten afterwards."""

import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from portal.crypto import code_hash
from portal.identity import sessions
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.identity.session_models import DeskCode, KeptForm, MailCode, PinRequest, SignInCode, WebSession
from portal.identity.signin import attempts_service, kept_rules, queries, rules, words
from portal.messaging import service as messaging
from portal.messaging.rules import SIGN_IN_CODE
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from portal.web.errors import Refused

BROWSER_BYTES = 32
PARTICIPANT = frozenset({"participant"})
OLD_SESSION_LIVES = timedelta(seconds=30)
"""A double tap on the PIN's button still brings the old session; it stays at the first door."""
KEPT_DAYS = timedelta(days=30)
"""How long an ended session is remembered: its id stands in the journal's notes of own reading."""


@dataclass(frozen=True)
class Tries:
    """What a counted attempt leaves: `left` more tries after this one; `over` when this one is too many.

    `crowded` says that too many came from the network address: then the account lost no try by it.
    """

    left: int
    over: bool
    crowded: bool = False


class CodeNotValid(Refused):
    """The code was used, has run out, or is nobody's."""


class _Nobody(Exception):
    """Takes back the message to a number that is nobody's."""


# --- the first door ------------------------------------------------------------------------------


def count_asking(
    session: Session, organisation: Organisation, phone: str, address: str, *, known: bool, now: datetime
) -> bool:
    """Count one more wish for a code; says whether it may be granted (S12, S14). In a session apart.

    Known and unknown numbers are judged by the same counts and cost the same work (S15). What one address
    or one number may not do counts no further: only codes that are really sent are the organisation's, so
    that nobody can use up the codes of all the others.
    """
    limits, own = organisation.rules, str(organisation.id)
    to, of = rules.codes_to(limits.codes_per_number_a_day), rules.codes_of(limits.codes_a_day)
    crowded = attempts_service.count_from(session, rules.CODES_FROM, address, now)
    wishes = attempts_service.count(session, to, attempts_service.key(own, phone), now, by=int(not crowded))
    sent = attempts_service.count(session, of, attempts_service.key(own), now, by=0)
    granted = not crowded and wishes <= to.most and sent < of.most
    attempts_service.count(session, of, attempts_service.key(own), now, by=int(granted and known))
    return granted


def ask_for_code(
    session: Session, organisation: Organisation, phone: str, to: queries.Reachable | None, now: datetime
) -> str:
    """Make a code for this number (E.164) and send it when somebody has the number.

    Returns the token that binds the code to the browser (S11). The same rows are written and the same
    hashes made for a number that is nobody's (S15): its message is taken back before it is seen.
    """
    browser = secrets.token_urlsafe(BROWSER_BYTES)
    code = rules.as_code(secrets.randbelow(10**rules.CODE_DIGITS))
    row = SignInCode(
        organisation_id=organisation.id,
        person_id=to.person_id if to else None,
        browser_hash=code_hash(browser, "browser"),
        phone_hash=attempts_service.key(str(organisation.id), phone),
        phone=phone,
        created_at=now,
        expires_at=now + rules.CODE_LIFE,
    )
    row.code_hash = code_hash(code, "sign-in", str(row.id))
    session.add(row)
    session.flush()
    language = to.language if to else "sv"
    with suppress(_Nobody), session.begin_nested():
        messaging.put(
            session,
            kind=SIGN_IN_CODE,
            subject=row.id,
            revision=0,
            recipient_id=to.person_id if to else uuid.uuid4(),
            organisation_id=organisation.id,
            address=phone,
            body=words.code_message(code, language),
            language=language,
            now=now,
            expires_at=row.expires_at,
        )
        if to is None:
            raise _Nobody
    return browser


def came_in(session: Session, address: str) -> None:
    """Let the code that let somebody in cost its network address nothing (S12)."""
    attempts_service.give_back(session, address, rules.CODES_FROM, rules.CODE_GUESSES_FROM)


def count_guess(session: Session, asked: SignInCode, address: str, now: datetime) -> Tries:
    """Count one more guess at a code (S12). In a session apart, so that it stands whatever follows."""
    crowded = attempts_service.count_from(session, rules.CODE_GUESSES_FROM, address, now)
    by = int(not crowded)
    tries = session.scalars(
        update(SignInCode)
        .where(SignInCode.id == asked.id)
        .values(tries=SignInCode.tries + by)
        .returning(SignInCode.tries)
    ).one()
    guesses = attempts_service.count(session, rules.CODE_GUESSES, asked.phone_hash, now, by=by)
    return Tries(rules.CODE_TRIES - tries, crowded or guesses > rules.CODE_GUESSES.most, crowded)


def code_fits(asked: SignInCode, typed: str) -> bool:
    """Whether these are the eight digits that were sent."""
    return secrets.compare_digest(asked.code_hash, code_hash(typed, "sign-in", str(asked.id)))


def redeem(session: Session, asked: SignInCode, now: datetime) -> uuid.UUID:
    """Use the code; returns whose it was. Raises `CodeNotValid`.

    One conditional statement decides: of many at once, one gets in (S10). Somebody who was disabled,
    protected or given another number in the meantime does not; the person is locked first, so that a
    session is never opened behind the back of whoever shuts them out (S18).
    """
    if asked.person_id:
        lock_people(session, (asked.person_id,))
    still = select(Person.id).where(
        Person.id == SignInCode.person_id, *queries.may_get_codes(), Person.phone_hash.is_not(None)
    )
    person_id = session.scalars(
        update(SignInCode)
        .where(
            SignInCode.id == asked.id,
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > now,
            SignInCode.person_id.in_(still),
        )
        .values(used_at=now)
        .returning(SignInCode.person_id)
    ).one_or_none()
    person = session.get(Person, person_id) if person_id else None
    if person is None or person.phone != asked.phone:
        raise CodeNotValid
    person.phone_heard_at = now
    return person.id


# --- the second door -----------------------------------------------------------------------------


def count_pin(session: Session, person_id: uuid.UUID, address: str, now: datetime) -> Tries:
    """Count one more PIN (S13). In a session apart, so that it stands whatever follows."""
    limit, own = rules.PIN_GUESSES, queries.pin_key(person_id)
    crowded = attempts_service.count_from(session, rules.PIN_GUESSES_FROM, address, now)
    guesses = attempts_service.count(session, limit, own, now, by=int(not crowded))
    return Tries(limit.most - guesses, crowded or guesses > limit.most, crowded)


def went_up(session: Session, address: str) -> None:
    """Let the PIN that fitted cost its network address nothing (S12)."""
    attempts_service.give_back(session, address, rules.PIN_GUESSES_FROM)


def step_up(session: Session, asker: Asker, pin_hash: str, now: datetime, longest: timedelta) -> str:
    """Open a session behind the second door in place of the asker's; returns its token (S16).

    `pin_hash` is what the PIN that was given fitted, before this transaction began. Raises
    `sessions.Ended` when the session has ended since, or the PIN is another one or gone (S18).
    """
    sessions.hold(session, asker, now)
    if session.scalars(select(Person.pin_hash).where(Person.id == asker.person_id)).one() != pin_hash:
        raise sessions.Ended
    attempts_service.lift(session, rules.PIN_GUESSES, queries.pin_key(asker.person_id))
    session.execute(
        update(WebSession)
        .where(WebSession.id == asker.session_id, WebSession.expires_at > now + OLD_SESSION_LIVES)
        .values(expires_at=now + OLD_SESSION_LIVES)
    )
    return sessions.open_session(
        session, asker.person_id, roles=asker.roles, tier=2, now=now, longest=longest
    )


# --- around it -----------------------------------------------------------------------------------


def choose_language(session: Session, person_id: uuid.UUID, language: str) -> None:
    """Let pages and SMS be in this language from now on."""
    session.execute(update(Person).where(Person.id == person_id).values(language=language))


def keep_form(
    session: Session, person_id: uuid.UUID, *, tier: int, path: str, fields: kept_rules.Fields, now: datetime
) -> None:
    """Keep what was typed, sealed, in place of what was kept before (S17)."""
    session.execute(delete(KeptForm).where(KeptForm.person_id == person_id))
    row = KeptForm(person_id=person_id, tier=tier, path=path, kept_at=now)
    row.fields = kept_rules.packed(fields)
    session.add(row)
    session.flush()


def drop_kept(session: Session, asker: Asker) -> None:
    """Throw away what was kept for the asker."""
    session.execute(delete(KeptForm).where(KeptForm.person_id == asker.person_id))


def let_go(session: Session, asker: Asker, kept_id: uuid.UUID, path: str) -> None:
    """Forget this kept form of the asker's, which has come to its own address."""
    session.execute(
        delete(KeptForm).where(
            KeptForm.id == kept_id, KeptForm.person_id == asker.person_id, KeptForm.path == path
        )
    )


def forget_old(session: Session, now: datetime) -> int:
    """Remove codes, counters, kept forms and sessions that nobody needs any more; returns how many rows.

    For the worker, once an hour. A code counts no longer than its number's day.
    """
    removed = attempts_service.forget_old(session, now)
    for statement in (
        delete(SignInCode).where(SignInCode.expires_at <= now - rules.CODE_LIFE),
        delete(KeptForm).where(KeptForm.kept_at <= now - kept_rules.LIFE),
        delete(PinRequest).where(PinRequest.asked_at <= now - KEPT_DAYS),
        delete(MailCode).where(MailCode.expires_at <= now),
        delete(DeskCode).where(DeskCode.expires_at <= now - KEPT_DAYS),
        delete(WebSession).where(
            or_(WebSession.ended_at <= now - KEPT_DAYS, WebSession.expires_at <= now - KEPT_DAYS),
            WebSession.id.not_in(select(PinRequest.session_id)),
        ),
    ):
        removed += cast("CursorResult[object]", session.execute(statement)).rowcount
    return removed
