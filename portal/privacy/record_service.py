"""Taking everything about a person out of the portal, and noting that it was (S47, S42)."""

import io
import json
import uuid
import zipfile
from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity import scope, sessions
from portal.identity.models import Person
from portal.identity.signin import attempts_service, rules
from portal.identity.signin import queries as signin
from portal.journal.service import note
from portal.privacy import record_queries
from portal.privacy.record_queries import Record
from portal.web.asker import Asker

KIND = "record"


def own_record(session: Session, asker: Asker, pin_hash: str, now: datetime) -> Record:
    """Everything about the asker, but what must leave no trace in the portal.

    `pin_hash` is what the PIN given just now fitted, before this transaction began. Raises
    `sessions.Ended` when the session has ended since, or the PIN is another one (S18).
    """
    sessions.hold(session, asker, now)
    person = signin.own_person(session, asker)
    if person.pin_hash != pin_hash:
        raise sessions.Ended
    attempts_service.lift(session, rules.PIN_GUESSES, signin.pin_key(asker.person_id))
    note(session, asker, action="export", kind=KIND, subject=asker.person_id)
    return record_queries.record(session, asker, person, hidden_too=False)


def record_of(session: Session, asker: Asker, person_id: uuid.UUID) -> Record:
    """Everything about a participant, for staff who look it through. Raises NoResultFound."""
    person: Person = scope.participant(session, asker, person_id, what=KIND)
    note(session, asker, action="export", kind=KIND, subject=person.id)
    return record_queries.record(session, asker, person, hidden_too=True)


def packed(record: Record, page: str) -> bytes:
    """A ZIP file: the page to read, and the same as data."""
    out = io.BytesIO()
    data = {"people": record.people, "tables": record.data}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("mina-uppgifter.html", page)
        folder.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
    return out.getvalue()
