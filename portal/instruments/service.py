"""Starting, saving line by line, and sending once.

Each verb takes the response's row first (a lock on PostgreSQL; SQLite has one writer), so that a double
tap or two tabs stand in a queue and the second finds what the first did.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.instruments import queries, rules
from portal.instruments.models import Response, ResponseLine
from portal.instruments.rules import Instrument
from portal.languages import Language
from portal.web.errors import Refused


class AlreadySent(Refused):
    """It has been sent and stands as it is."""


class NothingSaid(Refused):
    """Nothing is answered, skipped or written, so there is nothing to send."""


class WrongKey(Refused):
    """The submission key is not this response's own."""


@dataclass(frozen=True)
class Writer:
    """In which sign-in session and in which language, as shown, an answer is given, and when."""

    session_id: uuid.UUID
    shown_in: Language
    now: datetime


def start(session: Session, instrument: Instrument, writer: Writer) -> Response:
    """A new draft with a submission key of its own."""
    draft = Response(
        instrument=instrument.key,
        version=instrument.version,
        language=writer.shown_in.code,
        direction=writer.shown_in.dir,
        submission_key=uuid.uuid4(),
    )
    session.add(draft)
    session.flush()
    return draft


def save_line(
    session: Session, response_id: uuid.UUID, line: str, tenths: int | None, writer: Writer
) -> None:
    """Store one line (tenths, or None to skip it) in place of what stood there. Raises AlreadySent."""
    _draft(session, response_id)
    found = session.scalars(
        select(ResponseLine).where(ResponseLine.response_id == response_id, ResponseLine.line == line)
    ).one_or_none()
    row = found or ResponseLine(response_id=response_id, line=line)
    row.tenths = tenths
    row.language, row.direction = writer.shown_in.code, writer.shown_in.dir
    row.session_id = writer.session_id
    session.add(row)
    session.flush()


def save_comment(session: Session, response_id: uuid.UUID, text: str, writer: Writer) -> None:
    """Store the free answer, sealed; "" when there is none. Raises AlreadySent."""
    draft = _draft(session, response_id)
    draft.comment = text
    draft.commented_at, draft.comment_session_id = writer.now, writer.session_id
    session.flush()


def send(session: Session, response_id: uuid.UUID, key: uuid.UUID, writer: Writer) -> bool:
    """Send it once. True the first time; False when this same sending had come already.

    A line that is neither answered nor skipped is skipped. Raises WrongKey and NothingSaid.
    """
    response = hold(session, response_id)
    if response.submission_key != key:
        raise WrongKey
    if response.sent_at is not None:
        return False
    instrument = queries.instrument(response.instrument, response.version)
    values = {line: given.tenths for line, given in queries.given(session, response_id).items()}
    if not values and not response.comment:
        raise NothingSaid
    for line in instrument.lines:
        if line.key not in values:
            save_line(session, response_id, line.key, None, writer)
    response.total = rules.total(instrument, values)
    response.sent_at = writer.now
    session.flush()
    return True


def hold(session: Session, response_id: uuid.UUID) -> Response:
    """The response as it stands now, for this transaction alone to change. Raises NoResultFound."""
    row = select(Response).where(Response.id == response_id).with_for_update()
    return session.scalars(row.execution_options(populate_existing=True)).one()


def _draft(session: Session, response_id: uuid.UUID) -> Response:
    response = hold(session, response_id)
    if response.sent_at is not None:
        raise AlreadySent
    return response
