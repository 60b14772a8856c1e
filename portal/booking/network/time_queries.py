"""When everybody who must be there is free: participant, staff, whoever interprets, and the room."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.outside import queries as outside
from portal.availability.queries import Keeper
from portal.availability.rooms.rules import TWO
from portal.availability.rules import Calendar, FreeTime, Span, open_on
from portal.booking.network import rules
from portal.interpreting.hours_queries import calendars_of
from portal.interpreting.order_models import Interpreter
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Company:
    """Who must be free beside the coach whose hours they are; `others`: the participant, and a room.

    `without`: the meeting that moves, whose own times are in nobody's way. `seats`: how many a room of the
    coach's hours must have.
    """

    staff: tuple[uuid.UUID, ...] = ()
    interpreter: Interpreter | None = None
    others: tuple[uuid.UUID, ...] = ()
    without: uuid.UUID | None = None
    seats: int = TWO


def free_together(
    session: Session, asker: Asker, held: Keeper, company: Company, now: datetime
) -> list[FreeTime]:
    """The free times of a coach at which all of the company can come too, within their own hours.

    Whoever of staff has said no hours can at any time that is not taken. The questions to the database are as
    many for five as for one.
    """
    who = company.interpreter
    also = (*company.others, *company.staff, *((who.subject_id,) if who else ()))
    times = availability.free_times(
        session, held, now, also=also, without=company.without, seats=company.seats
    )
    working = [*company.staff, *((who.person_id,) if who and who.person_id else ())]
    if not times or not working:
        return times
    elsewhere = outside.busy_of_each(session, company.staff, times[0].start, times[-1].end, now)
    calendars = list(calendars_of(session, asker, working).values())
    return _within(times, calendars, elsewhere)


def _within(
    times: Sequence[FreeTime], calendars: Sequence[Calendar], busy: Collection[Span]
) -> list[FreeTime]:
    """Those of the times that lie in everybody's hours and meet nothing."""
    found: list[FreeTime] = []
    opens: dict[tuple[int, date], list[Span]] = {}
    for one in times:
        if any(one.meets(span) for span in busy):
            continue
        for number, calendar in enumerate(calendars):
            day = one.start.astimezone(calendar.zone).date()
            if (number, day) not in opens:
                opens[number, day] = open_on(day, calendar)
            if not any(span.start <= one.start and one.end <= span.end for span in opens[number, day]):
                break
        else:
            found.append(one)
    return found


def as_planned(held: Keeper, mode: str, length: timedelta) -> Keeper:
    """A coach's hours for one meeting of this kind and length, `rules.WEEKS` ahead and without notice."""
    terms = replace(
        held.terms,
        meeting=length,
        # What begins this very minute has begun by the time it is booked.
        minimum_notice=timedelta(minutes=1),
        horizon_days=max(held.terms.horizon_days, 7 * rules.WEEKS),
        modes=(mode,),
    )
    return replace(held, terms=terms)
