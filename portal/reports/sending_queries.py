"""How many SMS went out each month, what came of them, and how many parts they took."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.identity.people import case_queries
from portal.journal import service as journal
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.reports.sending_rules import LEFT, months_back
from portal.web.asker import Asker


@dataclass(frozen=True)
class Month:
    """The SMS that were put in one month, by state; codes to sign in apart. `parts`: of what has left."""

    first: date
    states: Mapping[str, int] = field(default_factory=dict)
    parts: int = 0
    codes: int = 0
    code_parts: int = 0

    @property
    def number(self) -> int:
        """All of them, codes aside."""
        return sum(self.states.values())


def months(session: Session, asker: Asker, now: datetime) -> tuple[Month, ...]:
    """The last twelve months, this one first; one query.

    A lead's are of the teams, an admin's of the organisation. Looking at figures is noted too (S42).
    """
    firsts = months_back(now.astimezone(asker.zone).date())
    starts = [datetime.combine(day, time(), asker.zone).astimezone(UTC) for day in firsts]
    place = case(*((OutboxMessage.created_at >= start, at) for at, start in enumerate(starts)))
    rows = session.execute(
        select(
            place.label("place"),
            (OutboxMessage.kind == messaging.SIGN_IN_CODE).label("is_code"),
            OutboxMessage.state,
            func.count().label("number"),
            func.sum(OutboxMessage.parts).label("parts"),
        )
        .where(
            OutboxMessage.organisation_id == asker.organisation_id,
            OutboxMessage.channel == messaging.SMS,
            OutboxMessage.created_at >= starts[-1],
            OutboxMessage.created_at <= now,
            _counted(asker),
        )
        .group_by("place", "is_code", OutboxMessage.state)
    )
    states: list[Counter[str]] = [Counter() for _ in firsts]
    sums: list[Counter[str]] = [Counter() for _ in firsts]
    for row in rows:
        left = int(row.parts) if row.state in LEFT else 0
        if row.is_code:
            sums[row.place].update(codes=row.number, code_parts=left)
        else:
            states[row.place][row.state] += row.number
            sums[row.place]["parts"] += left
    journal.note(session, asker, action="read", kind="report", subject=None)
    return tuple(
        Month(first, states[at], sums[at]["parts"], sums[at]["codes"], sums[at]["code_parts"])
        for at, first in enumerate(firsts)
    )


def _counted(asker: Asker) -> ColumnElement[bool]:
    """Whose SMS are counted: the organisation's for an admin, else those of people of the teams (S4, S37)."""
    if "admin" in asker.roles:
        protected = exists().where(Person.id == OutboxMessage.recipient_id, Person.protected.is_(True))
        return ~protected
    stays = case_queries.counted_enrolments(asker)
    return OutboxMessage.recipient_id.in_(select(Enrolment.person_id).where(Enrolment.id.in_(stays)))
