"""Answering without a name: a form that travels sealed, a ticket, and the urn.

The person is known here up to `issue`, the answers from `redeem` on; nothing that is stored knows both.
"""

import base64
import binascii
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import crypto, leftovers
from portal.user_audit import queries
from portal.user_audit.draft_rules import Draft, Ticket, ticket_of
from portal.user_audit.models import OPEN, Audit, AuditIssue, AuditUrn
from portal.user_audit.urn_rules import Urn
from portal.web.asker import Asker
from portal.web.errors import Refused

DRAFTS, TICKETS = "audit-draft", "audit-ticket"
NAME_BYTES = 16


class NotReadable(Refused):
    """A form or a ticket that was changed, is too old, or belongs to another audit."""


class AlreadySent(Refused):
    """A ticket was issued to this person before, for another form."""


class Over(Refused):
    """The audit is closed, or its last day has gone: nothing can be counted any more."""


@dataclass(frozen=True)
class Redeemed:
    """An answer that is counted, now or before; `language` is the one it was given in."""

    language: str


def begin(language: str, questions: int, now: datetime) -> Draft:
    """An empty form. Nothing of it is stored."""
    mark, ballot = secrets.token_hex(NAME_BYTES), secrets.token_hex(NAME_BYTES)
    return Draft(mark, ballot, language, now, (None,) * questions)


def seal(draft: Draft, audit_id: uuid.UUID) -> str:
    """The form as the page carries it: nobody can read or change it on the way."""
    return _sealed(draft.packed(), f"{DRAFTS}:{audit_id}")


def unseal(text: str, audit_id: uuid.UUID, questions: int, now: datetime) -> Draft:
    """The form that a page carried. Raises NotReadable."""
    draft = Draft.unpacked(_opened(text, f"{DRAFTS}:{audit_id}"))
    if not draft.alive(now) or len(draft.answers) != questions:
        raise NotReadable
    return draft


def issue(session: Session, asker: Asker, audit_id: uuid.UUID, draft: Draft, now: datetime) -> str:
    """The ticket for this form: issued once to a person, and the same again for the same form (S40).

    Raises NoResultFound for an audit that does not ask this person, Over, AlreadySent. It is in no journal:
    a line there would say when (S39).
    """
    sheet = queries.sheet(session, asker, audit_id, now)
    fresh = AuditIssue(
        audit_id=sheet.audit_id, person_id=asker.person_id, draft_hash=crypto.code_hash(draft.mark, "mark")
    )
    if sheet.issued_hash is None:
        # Whoever closes it waits until this is committed, and then forgets this row with the others.
        held = select(Audit.state).where(Audit.id == audit_id).with_for_update(read=True)
        if not sheet.can_answer or session.scalar(held) != OPEN:
            raise Over
        standing = _insert(session, fresh)
    else:
        standing = sheet.issued_hash
    if standing != fresh.draft_hash:
        raise AlreadySent
    return _sealed(ticket_of(draft, str(sheet.audit_id)).packed(), TICKETS)


def redeem(session: Session, text: str) -> Redeemed:
    """Count the answer that a ticket brings; a ticket that comes again is counted once (S40).

    Nobody is asked who sends it. Raises NotReadable, and Over when the audit is closed.
    """
    ticket = open_ticket(text)
    audit_id = uuid.UUID(ticket.audit)
    # One at a time for each audit: what is read here is what is written below.
    row = session.scalars(
        select(AuditUrn).where(AuditUrn.id == audit_id).with_for_update(of=AuditUrn)
    ).one_or_none()
    state = session.scalar(select(Audit.state).where(Audit.id == audit_id))
    if row is None or state != OPEN:
        raise Over
    urn = Urn.unpacked(row.content)
    language = ticket.language if queries.is_common(session, audit_id, ticket.language) else ""
    ballot = crypto.code_hash(ticket.ballot, "ballot").hex()
    if urn.drop(ballot, language, queries.asked(session, audit_id), ticket.answers):
        row.content = urn.packed()
        session.flush()
        # Two states of the urn side by side are an answer.
        leftovers.sweep_after(session, [AuditUrn.__tablename__])
    return Redeemed(ticket.language)


def open_ticket(text: str) -> Ticket:
    """What stands on a ticket. Raises NotReadable."""
    return Ticket.unpacked(_opened(text, TICKETS))


def _insert(session: Session, fresh: AuditIssue) -> bytes:
    """Store that a ticket was issued; returns the hash that stands, another tap's where that was first."""
    try:
        with session.begin_nested():
            session.add(fresh)
            session.flush()
    except IntegrityError:
        return session.scalars(
            select(AuditIssue.draft_hash).where(
                AuditIssue.audit_id == fresh.audit_id, AuditIssue.person_id == fresh.person_id
            )
        ).one()
    return fresh.draft_hash


def _sealed(text: str, place: str) -> str:
    return base64.urlsafe_b64encode(crypto.keys().seal(text, place)).decode("ascii")


def _opened(text: str, place: str) -> str:
    try:
        return crypto.keys().open(base64.urlsafe_b64decode(text.encode("ascii")), place)
    except (crypto.CannotOpen, binascii.Error, ValueError, IndexError):
        raise NotReadable from None
