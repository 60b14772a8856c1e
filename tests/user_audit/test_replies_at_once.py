"""Replies to one report that come at once are all told to the translators as they stand (S49)."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, update

from portal.db import Database
from portal.user_audit import report_service, staff_queries
from portal.user_audit.handover_rules import REPLY, part_id
from portal.user_audit.models import AuditProposal, AuditText
from portal.user_audit.report_service import Reply, Writing
from portal.wording.models import SourceText
from tests.support.objects import asker_of
from tests.user_audit.conftest import Audited

AT_ONCE, ROUNDS = 8, 4
MANY = tuple(f"Förslag {number}" for number in range(AT_ONCE))


def test_what_is_replied_at_once_is_known_as_it_stands(audited: Audited, database: Database) -> None:
    audited.close()
    with database.transaction() as session:
        auditor, audit = asker_of(session, audited.world.user_auditor), audited.audit(session)
        session.execute(update(AuditText).values(state="shown"))
        report_service.write(session, auditor, audit, Writing("Bra", "Bättre", MANY))
        report_service.publish(session, auditor, audit, audited.now)
        lead, audit_id = asker_of(session, audited.world.lead), audit.id
        ids = [row.id for row in staff_queries.proposals(session, audit)]

    def reply(proposal_id: uuid.UUID, words: str) -> None:
        with database.transaction() as session:
            found = staff_queries.proposal_of(session, lead, audit_id, proposal_id, lock=True)
            report_service.reply(session, lead, found, Reply("done", words, None), audited.now)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(ROUNDS):
            list(pool.map(reply, ids, [f"Svar {number} {place}" for place in range(AT_ONCE)]))
    with database.reading() as session:
        stands = {part_id(row.id, REPLY): row.why for row in session.scalars(select(AuditProposal))}
        known = select(SourceText).where(SourceText.object_id.in_(list(stands)))
        assert {row.object_id: row.source for row in session.scalars(known)} == stands
