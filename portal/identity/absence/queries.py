"""Who is away, and who stands in for whom, on a local day.

For other rooms: `away`, `days_off` and, to be joined with others, `of` and `gone_on`. A stand-in stands in
only while they may coach in a team of the absent one, may sign in, and are not away themselves: a no beats a
yes (S6).
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.identity.absence.models import Absence
from portal.identity.absence.rules import Away as Span
from portal.identity.absence.rules import Period, unanswered
from portal.identity.models import Enrolment, Person, RoleGrant, first_name, name_of
from portal.web.ics import Stands

COACHING = ("coach", "lead")
# Made once: an alias anew for each question costs more than the question.
STAND_IN, ABSENT, OWN = aliased(Person), aliased(Person), aliased(Absence)
MINE, THEIRS = aliased(RoleGrant), aliased(RoleGrant)
ABLE = (
    exists()
    .where(
        MINE.person_id == Absence.stand_in_id,
        MINE.role.in_(COACHING),
        MINE.team_id == THEIRS.team_id,
        THEIRS.person_id == Absence.person_id,
        THEIRS.role.in_(COACHING),
        STAND_IN.id == Absence.stand_in_id,
        STAND_IN.disabled_at.is_(None),
    )
    .correlate(Absence)
)
"""Whether a stand-in works in a team of the absent coach still."""


@dataclass(frozen=True, slots=True)
class Away:
    """That a coach is away: until when (that day included), and who answers instead.

    `stand_in_id` None and `stand_in` "": nobody does. `stand_in` is a first name.
    """

    until: date
    stand_in_id: uuid.UUID | None
    stand_in: str


@dataclass(frozen=True, slots=True)
class StandingIn:
    """For whom somebody stands in, by first name, and until when, that day included."""

    coach_id: uuid.UUID
    name: str
    until: date


def away(session: Session, coach_id: uuid.UUID, day: date) -> Away | None:
    """That this coach is away on a local day; None when they are not. One query."""
    row = session.execute(
        select(Absence.last_day, STAND_IN.id, STAND_IN.name_sealed)
        .outerjoin(STAND_IN, and_(STAND_IN.id == Absence.stand_in_id, _answers(day)))
        .where(Absence.person_id == coach_id, _on(Absence, day))
        .limit(1)
    ).first()
    if row is None:
        return None
    return Away(row.last_day, row.id, first_name(name_of(row.id, row.name_sealed)) if row.id else "")


def stands_in_for(session: Session, person_id: uuid.UUID, day: date) -> frozenset[uuid.UUID]:
    """The coaches for whom somebody stands in on a local day."""
    return frozenset(session.scalars(_stood_in_for(person_id, day)))


def standing_in(session: Session, person_id: uuid.UUID, day: date) -> tuple[StandingIn, ...]:
    """The same with names and last days, for the stand-in's own pages."""
    rows = session.execute(
        _stood_in_for(person_id, day)
        .join(ABSENT, ABSENT.id == Absence.person_id)
        .add_columns(ABSENT.name_sealed, Absence.last_day)
        .order_by(Absence.last_day, Absence.person_id)
    )
    return tuple(
        StandingIn(row.person_id, first_name(name_of(row.person_id, row.name_sealed)), row.last_day)
        for row in rows
    )


def days_off(session: Session, person_id: uuid.UUID) -> Sequence[Period]:
    """When somebody is away, in order: on those days nothing can be booked with them."""
    return [Period(first, last) for first, last in session.execute(of(person_id).order_by(Absence.first_day))]


def for_calendar(
    session: Session, person_id: uuid.UUID, since: datetime, first: date, most: int
) -> Sequence[Stands]:
    """Somebody's absences that reach the local day `first`, as whole days; taken back ones from `since` on.

    The caller has checked the person.
    """
    rows = session.scalars(
        select(Absence)
        .where(
            Absence.person_id == person_id,
            Absence.last_day >= first,
            or_(Absence.cancelled_at.is_(None), Absence.cancelled_at >= since),
        )
        .order_by(Absence.first_day, Absence.id)
        .limit(most)
    )
    return [
        Stands(
            uid=row.id,
            revision=row.revision,
            starts_at=row.first_day,
            ends_at=row.last_day + timedelta(days=1),
            changed_at=row.changed_at,
            cancelled=row.cancelled_at is not None,
        )
        for row in rows
    ]


def known(uids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Which of these are UIDs of absences, as a query. For the worker."""
    return select(Absence.id).where(Absence.id.in_(uids))


def gone_on(day: date) -> Select[uuid.UUID]:
    """The ids of those who are away on a local day, whoever stands in for them; as a subquery."""
    return select(Absence.person_id).where(_on(Absence, day))


def of(person_id: uuid.UUID) -> Select[date, date]:
    """The first and the last day of each of somebody's absences, as a query."""
    own = select(Absence.first_day, Absence.last_day).where(Absence.person_id == person_id)
    return own.where(Absence.cancelled_at.is_(None))


def unanswered_days(session: Session, person_id: uuid.UUID, since: date) -> frozenset[date]:
    """The local days from `since` on when a participant's coach is away and nobody answers. One query.

    The caller has checked the participant.
    """
    coach = select(Enrolment.coach_id).where(
        Enrolment.person_id == person_id, Enrolment.closed_on.is_(None), Enrolment.coach_id.is_not(None)
    )
    helpers = select(OWN.stand_in_id).where(OWN.person_id.in_(coach), OWN.stand_in_id.is_not(None))
    rows = session.execute(
        select(Absence, Absence.person_id.in_(coach).label("own"), ABLE.label("able")).where(
            Absence.person_id.in_(coach) | Absence.person_id.in_(helpers),
            Absence.cancelled_at.is_(None),
            Absence.last_day >= since,
        )
    ).all()
    mine = [_span(row.Absence, able=row.able) for row in rows if row.own]
    return unanswered(mine, [_span(row.Absence, able=True) for row in rows], since)


def _span(row: Absence, *, able: bool) -> Span:
    return Span(row.person_id, row.days, row.stand_in_id if able else None)


def _on(row: type[Absence], day: date) -> ColumnElement[bool]:
    return and_(row.cancelled_at.is_(None), row.first_day <= day, row.last_day >= day)


def _answers(day: date) -> ColumnElement[bool]:
    gone = exists().where(OWN.person_id == Absence.stand_in_id, _on(OWN, day)).correlate(Absence)
    return and_(ABLE, ~gone)


def _stood_in_for(person_id: uuid.UUID, day: date) -> Select[uuid.UUID]:
    return select(Absence.person_id).where(Absence.stand_in_id == person_id, _on(Absence, day), _answers(day))
