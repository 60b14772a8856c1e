"""Which texts of an audit participants read, and the id by which translators know each. Pure."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.user_audit.bank_rules import FALLBACK
from portal.user_audit.models import CLOSED, PUBLISHED, Audit, AuditProposal, AuditQuestion

PURPOSE, WORKS, IMPROVE, REPLY = "purpose", "works", "improve", "reply"


def part_id(owner: uuid.UUID, part: str) -> uuid.UUID:
    """The id of a text that has no row of its own: a part of an audit, or the reply to a proposal.

    An audit's title goes by the audit's own id.
    """
    return uuid.uuid5(owner, part)


@dataclass(frozen=True)
class Part:
    """A text that participants read, in Swedish."""

    kind: str
    object_id: uuid.UUID
    text: str


def planned(audit: Audit, questions: Iterable[AuditQuestion]) -> Iterator[Part]:
    """What is read before and while one answers: the title, why one asks, and the auditor's own questions."""
    yield Part("audit_title", audit.id, audit.title)
    if audit.state in (CLOSED, PUBLISHED):
        return
    yield Part("audit_purpose", part_id(audit.id, PURPOSE), audit.purpose)
    for one in questions:
        if not one.bank:
            yield Part("audit_question", one.id, one.words[FALLBACK])


def reported(audit: Audit, proposals: Iterable[AuditProposal]) -> Iterator[Part]:
    """What is read of a report once it is published; before that it may quote what nobody has screened."""
    if audit.state != PUBLISHED:
        return
    yield Part("audit_works", part_id(audit.id, WORKS), audit.works)
    yield Part("audit_improve", part_id(audit.id, IMPROVE), audit.improve)
    for one in proposals:
        yield Part("audit_proposal", one.id, one.text)
        if one.why:
            yield Part("audit_reply", part_id(one.id, REPLY), one.why)


def texts_of(parts: Iterable[Part]) -> Mapping[uuid.UUID, str]:
    """The words of these parts by their ids."""
    return {one.object_id: one.text for one in parts}
