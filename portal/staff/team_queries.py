"""What a lead has to act on: coaches with too many, who waits to be met, how many meetings are missed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from portal.booking import figure_queries as meetings
from portal.booking.figure_queries import Attendance
from portal.identity.people import case_queries
from portal.identity.people.case_rules import Waiting, loads, waiting
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


@dataclass(frozen=True)
class Team:
    """The figures of the teams that somebody leads. `over`: how many coaches have more than the ceiling."""

    over: int
    waiting: Waiting
    missed: Attendance


def team(session: Session, asker: Asker, now: datetime) -> Team:
    """What stands on a lead's first page about the teams: this month's meetings, the rest as of now."""
    local = now.astimezone(asker.zone)
    cases = case_queries.cases(session, asker, only_open=True, first_kept=meetings.first_kept())
    every = loads(cases, (), frozenset(), rules_of(session, asker).caseload_ceiling)
    month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    stays = case_queries.counted_enrolments(asker)
    note(session, asker, action="read", kind="report", subject=None)
    return Team(
        sum(load.over > 0 for load in every),
        waiting((), cases, local.date()),
        meetings.altogether(meetings.attendance(session, stays, month, now)),
    )
