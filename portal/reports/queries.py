"""Everything the report counts, asked in a fixed number of queries; nobody's name but the coaches'."""

import uuid
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.booking import figure_queries as meetings
from portal.booking.figure_queries import Attendance, Numbers, altogether
from portal.booking.models import Appointment
from portal.feedback.alert_queries import IN_TIME
from portal.feedback.models import CheckIn, ScaleReading
from portal.followup.figure_queries import followed
from portal.followup.figure_rules import Followed
from portal.identity.models import Enrolment
from portal.identity.people import case_queries, person_queries
from portal.identity.people import queries as people
from portal.identity.people.case_rules import Case, Load, loads
from portal.instruments.models import Response
from portal.journal import service as journal
from portal.organisation import queries as organisations
from portal.organisation.models import Choice, Programme, Team
from portal.organisation.rules import Rules
from portal.plan import stair_queries
from portal.plan.stair_queries import Course
from portal.reports.change_rules import COMPARED, Reading
from portal.reports.forms import Asked
from portal.reports.reminder_queries import reminded
from portal.reports.rules import Period, stay_on
from portal.surveys import result_queries as survey_results
from portal.surveys.result_queries import Overview
from portal.web.asker import Asker


@dataclass(frozen=True)
class Choices:
    """What can be asked for, and the words of the organisation's lists."""

    programmes: tuple[Programme, ...]
    teams: tuple[Team, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    earliest: date | None


@dataclass(frozen=True)
class Given:
    """Check-ins of one instrument that were sent, by person."""

    instrument: str
    version: int
    by: Numbers


@dataclass(frozen=True)
class Figures:
    """What is counted. `cases` are those asked for, of all times; `coaches` are names by id.

    `mixed`: the lists of which programmes use words of their own. `reminded`: meetings by how many
    reminders of them arrived. `followed`: what came of asking afterwards, by enrolment;
    the forgotten have none.
    """

    asked: Asked
    today: date
    rules: Rules
    programme: Programme | None
    cases: tuple[Case, ...]
    teams: tuple[Team, ...]
    loads: tuple[Load, ...]
    coaches: Mapping[uuid.UUID, str]
    attendance: tuple[Attendance, ...]
    reminded: tuple[Attendance, ...]
    given: tuple[Given, ...]
    readings: tuple[Reading, ...]
    moments: tuple[datetime, datetime]
    courses: Mapping[uuid.UUID, Course]
    followed: Mapping[uuid.UUID, Followed]
    surveys: tuple[Overview, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    mixed: frozenset[str]
    language: str

    @property
    def whole(self) -> Attendance:
        """Meetings of every way to meet. A check-in was offered about those that are `shown`."""
        return altogether(self.attendance)

    def started(self) -> tuple[Case, ...]:
        """Those who started in the period."""
        return tuple(case for case in self.cases if self.asked.period.holds(case.begins))

    def enrolled(self) -> tuple[Case, ...]:
        """Those who were enrolled some time in the period."""
        first, last = self.asked.period.first, self.asked.period.last
        return tuple(
            case
            for case in self.cases
            if not (last and case.begins and case.begins > last)
            and not (first and case.closed_on and case.closed_on < first)
        )

    def closed(self) -> tuple[Case, ...]:
        """Those who ended in the period, those who left early among them."""
        return tuple(
            case for case in self.cases if case.closed_on and self.asked.period.holds(case.closed_on)
        )

    def codes(self, kind: str, occurring: Container[str]) -> tuple[str, ...]:
        """The words of a list that have a place in a table, in order: those in use, and those that occur.

        Where programmes use words of their own and none is chosen, only those that occur.
        """

        def stands(row: Choice) -> bool:
            used = self.programme.uses(kind, row.code) if self.programme else kind not in self.mixed
            return row.code in occurring or (used and not row.retired)

        return tuple(row.code for row in self.lists[kind] if stands(row))

    def counted_as(self, how: str) -> frozenset[str]:
        """The outcomes that are counted in this way."""
        return frozenset(row.code for row in self.lists["outcome"] if row.counts_as == how)

    def labels(self) -> dict[str, dict[str, str]]:
        """{list: {code: word}} in the reader's language, words out of use too."""
        return {
            kind: {row.code: row.label(self.language) for row in rows} for kind, rows in self.lists.items()
        }


def choices(session: Session, asker: Asker, cases: tuple[Case, ...]) -> Choices:
    """What the asker can ask for; `cases` are all that they may count."""
    here = asker.organisation_id
    days = [day for case in cases for day in (case.begins, case.closed_on) if day]
    return Choices(
        organisations.programmes(session, here),
        case_queries.teams(session, asker),
        organisations.word_lists(session, here),
        min(days, default=None),
    )


def cases(session: Session, asker: Asker) -> tuple[Case, ...]:
    """Every enrolment that the asker may count, first meetings filled in."""
    return case_queries.cases(session, asker, first_kept=meetings.first_kept())


def figures(
    session: Session, asker: Asker, asked: Asked, known: Choices, every: tuple[Case, ...], now: datetime
) -> Figures:
    """What is asked for, of `every` case that the asker may count. Looking at figures is noted too (S42)."""
    today = now.astimezone(asker.zone).date()
    chosen = tuple(
        case
        for case in every
        if asked.programme_id in (None, case.programme_id) and asked.team_id in (None, case.team_id)
    )
    rules = organisations.rules_of(session, asker)
    stays = case_queries.counted_enrolments(asker, programme_id=asked.programme_id, team_id=asked.team_id)
    first, last = moments(asked.period, asker, now)
    attendance = meetings.attendance(session, stays, first, last)
    coaches = _coaches(session, asker, chosen, asked.team_id)
    journal.note(session, asker, action="read", kind="report", subject=None)
    return Figures(
        asked=asked,
        today=today,
        rules=rules,
        programme=next((one for one in known.programmes if one.id == asked.programme_id), None),
        cases=chosen,
        teams=known.teams,
        loads=loads(chosen, coaches, case_queries.paused(session, asker, today), rules.caseload_ceiling),
        coaches=coaches,
        attendance=attendance,
        reminded=reminded(session, stays, first, last),
        given=_given(session, stays, first, last),
        readings=_readings(session, asker, stays, chosen, first, last),
        moments=(first, last),
        courses=_courses(session, stays),
        followed=followed(session, asker, stays),
        surveys=survey_results.overview(session, asker),
        lists=known.lists,
        mixed=frozenset(kind for one in known.programmes for kind in one.lists or {}),
        language=asker.language,
    )


def moments(period: Period, asker: Asker, now: datetime) -> tuple[datetime, datetime]:
    """From when to when a period is, not later than now."""

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), asker.zone).astimezone(UTC)

    first = midnight(period.first) if period.first else datetime(2000, 1, 1, tzinfo=UTC)
    last = midnight(period.last + timedelta(days=1)) if period.last else now
    return first, min(last, now)


def _coaches(
    session: Session, asker: Asker, chosen: tuple[Case, ...], team_id: uuid.UUID | None
) -> dict[uuid.UUID, str]:
    """Names of the coaches of these teams, and of whoever else has an open enrolment of theirs."""
    roles = () if "admin" in asker.roles else ("lead",)
    staff = person_queries.colleagues(session, asker, "coach", own_teams=roles)
    known = {one.person_id: one.name for one in staff if team_id in (None, one.team_id)}
    others = {case.coach_id for case in chosen if case.coach_id and case.closed_on is None} - known.keys()
    return {**known, **people.staff_names(session, asker, others)}


def _courses(session: Session, stays: Select[uuid.UUID]) -> dict[uuid.UUID, Course]:
    """The records of the stairs of every enrolment that is counted."""
    return {one.enrolment_id: one for one in stair_queries.courses(session, stays)}


def _given(session: Session, stays: Select[uuid.UUID], first: datetime, last: datetime) -> tuple[Given, ...]:
    """What was sent about those meetings, by instrument and person."""
    asked = (
        select(Response.instrument, Response.version, CheckIn.person_id, func.count())
        .join(CheckIn, CheckIn.response_id == Response.id)
        .join(Appointment, Appointment.id == CheckIn.reference)
        .outerjoin(ScaleReading, ScaleReading.check_in_id == CheckIn.id)
        # What staff typed from paper is no answer to an offer.
        .where(*_kept(stays, first, last), Response.sent_at.is_not(None), ScaleReading.recorded_by.is_(None))
        .group_by(Response.instrument, Response.version, CheckIn.person_id)
    )
    found: dict[tuple[str, int], dict[uuid.UUID, int]] = {}
    for instrument, version, person, number in session.execute(asked):
        found.setdefault((instrument, version), {})[person] = number
    return tuple(Given(*scale, found[scale]) for scale in sorted(found))


def _readings(
    session: Session,
    asker: Asker,
    stays: Select[uuid.UUID],
    chosen: tuple[Case, ...],
    first: datetime,
    last: datetime,
) -> tuple[Reading, ...]:
    """What was sent, or typed by staff, about those enrolments in the period; ORS from the first one on."""
    asked = (
        select(
            CheckIn.person_id,
            CheckIn.opens_at,
            Response.instrument,
            Response.version,
            Response.sent_at,
            Response.total,
            ScaleReading.cut_off,
            ScaleReading.reliable_change,
        )
        .join(Response, Response.id == CheckIn.response_id)
        .outerjoin(ScaleReading, ScaleReading.check_in_id == CheckIn.id)
        .where(
            CheckIn.person_id.in_(select(Enrolment.person_id).where(Enrolment.id.in_(stays))),
            Response.sent_at < last,
            or_(Response.sent_at >= first, Response.instrument == COMPARED),
        )
        .order_by(*IN_TIME)
    )
    stay_of = _stays(chosen)
    # What comes after a talk may be sent days later: the day of the talk says in which stay it was.
    placed = (
        (stay_of(row.person_id, row.opens_at.astimezone(asker.zone).date()), row)
        for row in session.execute(asked)
    )
    return tuple(
        Reading(row.person_id, stay.team_id, row.instrument, row.version, row.sent_at, *row[5:])
        for stay, row in placed
        if stay
    )


def _stays(cases: tuple[Case, ...]) -> Callable[[uuid.UUID, date], Case | None]:
    """In which of these enrolments somebody was on a day."""
    by_person: dict[uuid.UUID, list[Case]] = {}
    for case in cases:
        by_person.setdefault(case.person_id, []).append(case)
    return lambda person_id, day: stay_on(by_person.get(person_id, ()), day)


def _kept(stays: Select[uuid.UUID], first: datetime, last: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        meetings.in_stays(stays),
        Appointment.starts_at >= first,
        Appointment.ends_at < last,
        Appointment.attendance == "came",
        Appointment.in_portal.is_(True),
    )
