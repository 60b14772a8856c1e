"""Who could interpret at a meeting: free then, with what speaks for and against each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.availability.rules import Span, within_hours
from portal.interpreting import hours_queries, order_queries
from portal.interpreting.order_models import InterpreterOrder
from portal.interpreting.order_queries import Known
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is free then. Not `works_then`: of staff, and outside their own hours."""

    who: Known
    works_then: bool


def candidates(session: Session, asker: Asker, order: InterpreterOrder) -> Sequence[Candidate]:
    """Who has the language and is free, as wished and within their hours first. The caller has checked it."""
    found = order_queries.free_for(session, order)
    staff = [one.person_id for one in found if one.person_id]
    calendars = hours_queries.calendars_of(session, asker, staff)
    span = Span(order.starts_at, order.ends_at)
    named = [
        Candidate(
            one,
            one.person_id is None
            or one.person_id not in calendars
            or within_hours(span, calendars[one.person_id]),
        )
        for one in found
    ]
    return sorted(named, key=lambda one: (not one.works_then, not one.who.suits))
