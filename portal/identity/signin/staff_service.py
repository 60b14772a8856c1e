"""Staff sign in with e-mail, password and the code of an app (S29). The seam for other ways stands here.

A passkey or OpenID Connect ends where a password and a code end: with a `StaffAccount` that is known to be
its owner's, handed to `let_in`. Neither may skip it, and neither needs anything else of this module.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.identity import sessions
from portal.identity.models import Person, RoleGrant, StaffAccount
from portal.identity.service import lock_people
from portal.identity.signin import attempts_service, queries, rules
from portal.identity.signin.service import Tries
from portal.journal import service as journal
from portal.web.asker import STAFF_ROLES, Asker
from portal.web.errors import Refused


class CodeUsed(Refused):
    """This code of the app has let somebody in already, or the account is not what it was."""


@dataclass(frozen=True)
class Change:
    """A password in place of another, both as they are stored."""

    present: str
    new: str


def count_try(session: Session, email: str, address: str, now: datetime) -> Tries:
    """Count one more try at an account, known or not (S12). In a session apart."""
    limit = rules.STAFF_GUESSES
    crowded = attempts_service.count_from(session, rules.STAFF_GUESSES_FROM, address, now)
    guesses = attempts_service.count(session, limit, _key(email), now, by=int(not crowded))
    return Tries(limit.most - guesses, crowded or guesses > limit.most, crowded)


def came_in(session: Session, address: str) -> None:
    """Let the try that succeeded cost its network address nothing (S12)."""
    attempts_service.give_back(session, address, rules.STAFF_GUESSES_FROM)


def use_code(session: Session, account: StaffAccount, step: int) -> None:
    """Use up the app's code of this step, so that it lets in once. Raises `CodeUsed`.

    `account` was looked at before this transaction began: it must still have that password and that app,
    and an owner who may sign in (S18).
    """
    lock_people(session, (account.person_id,))
    used = session.scalars(
        update(StaffAccount)
        .where(
            StaffAccount.id == account.id,
            StaffAccount.totp_last_step < step,
            StaffAccount.password_hash == account.password_hash,
            StaffAccount.totp_sealed == account.totp_sealed,
            StaffAccount.person_id.in_(select(Person.id).where(*queries.may_be_staff())),
        )
        .values(totp_last_step=step)
        .returning(StaffAccount.id)
    ).one_or_none()
    if used is None:
        raise CodeUsed


def let_in(session: Session, account: StaffAccount, now: datetime, longest: timedelta) -> str:
    """Open a session for the account's owner with their roles; returns its token (S16).

    With a temporary password it stays at the first door, where only another password can be chosen.
    """
    granted = session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.person_id == account.person_id, RoleGrant.role.in_(STAFF_ROLES)
        )
    )
    attempts_service.lift(session, rules.STAFF_GUESSES, _key(account.email))
    return sessions.open_session(
        session,
        account.person_id,
        roles=frozenset(granted),
        tier=1 if account.password_temporary else 2,
        now=now,
        longest=longest,
    )


def change_password(session: Session, asker: Asker, change: Change, now: datetime, longest: timedelta) -> str:
    """Let the asker's password be another: every session ends, a new one opens; returns its token (S18).

    Raises `sessions.Ended` when the session has ended since the password was looked at, or the password is
    another one by now.
    """
    sessions.hold(session, asker, now)
    account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == asker.person_id)).one()
    if account.password_hash != change.present:
        raise sessions.Ended
    account.password_hash = change.new
    account.password_temporary = False
    session.flush()
    sessions.end_all(session, asker.person_id, now)
    journal.note(session, asker, action="change", kind="password", subject=asker.person_id)
    return let_in(session, account, now, longest)


def _key(email: str) -> bytes:
    return attempts_service.key("staff", email.casefold())
