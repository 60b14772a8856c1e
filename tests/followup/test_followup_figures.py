"""What has come of asking those who have left, as it is counted."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.followup import service
from portal.followup.figure_queries import followed
from portal.followup.figure_rules import WAITING, Followed, Said, Written, came_of
from portal.followup.models import FollowUp
from portal.followup.rules import DECLINED, NEVER, NO, OPEN, REACHED, UNREACHED, YES
from portal.followup.service import Told
from portal.identity.models import Enrolment, Person
from portal.identity.people import case_queries
from tests.support.objects import asker_of
from tests.support.world import World

CLOSED = date(2026, 3, 10)
DUE = date(2026, 6, 10)
LAST = DUE + OPEN
DAY = timedelta(days=1)


def said(*each: tuple[str, date]) -> frozenset[Said]:
    """One after the other, as it is kept."""
    ends = [*(day for _, day in each[1:]), None]
    return frozenset(Said(what, day, end) for (what, day), end in zip(each, ends, strict=True))


def agreed(**facts: Any) -> Followed:
    return replace(Followed(CLOSED, said((YES, CLOSED))), **facts)


def taken_back(on: date, what: str = NEVER) -> frozenset[Said]:
    return said((YES, CLOSED), (what, on))


def wrote(result: str, on: date) -> dict[int, Written]:
    return {3: Written(result, "work" if result == REACHED else "", on)}


@pytest.mark.parametrize(
    "today, came",
    [(DUE - DAY, None), (DUE, WAITING), (LAST, WAITING), (LAST + DAY, UNREACHED)],
)
def test_it_waits_from_its_day_until_it_is_too_late(today: date, came: str | None) -> None:
    assert came_of(agreed(), 3, today) == came


@pytest.mark.parametrize("result", [REACHED, UNREACHED, DECLINED])
def test_what_is_written_in_time_stands(result: str) -> None:
    for on in (DUE, LAST):
        assert came_of(agreed(written=wrote(result, on)), 3, LAST + DAY) == result
    # Their own no, or coming back, takes nothing away that was told before.
    later = agreed(said=taken_back(LAST), back_on=LAST, written=wrote(result, DUE))
    assert came_of(later, 3, LAST + DAY) == result


def test_what_is_written_too_late_says_nothing_of_that_month() -> None:
    for result in (REACHED, DECLINED):
        late = wrote(result, LAST + DAY)
        assert came_of(agreed(written=late), 3, LAST + 9 * DAY) == UNREACHED
        assert came_of(agreed(said=taken_back(LAST + DAY), written=late), 3, LAST + 9 * DAY) == UNREACHED


@pytest.mark.parametrize("what", [NO, NEVER])
@pytest.mark.parametrize(
    "on, came",
    [(DUE - DAY, None), (DUE, DECLINED), (LAST, DECLINED), (LAST + DAY, UNREACHED)],
)
def test_a_yes_is_taken_back_before_its_day_within_the_days_or_too_late(
    what: str, on: date, came: str | None
) -> None:
    assert came_of(agreed(said=taken_back(on, what)), 3, LAST + 9 * DAY) == came


@pytest.mark.parametrize("on, came", [(DUE - DAY, UNREACHED), (LAST, UNREACHED), (LAST + DAY, None)])
def test_a_yes_that_came_after_it_was_too_late_asks_for_nothing(on: date, came: str | None) -> None:
    assert came_of(agreed(said=said((YES, on))), 3, LAST + 9 * DAY) == came


@pytest.mark.parametrize("on", [CLOSED, DUE - DAY, DUE, LAST, LAST + DAY])
def test_a_no_without_a_yes_before_it_asks_for_nothing(on: date) -> None:
    own = agreed(said=said((NEVER, on)))
    assert came_of(own, 3, LAST + 9 * DAY) is None
    assert (own.had_said(on - DAY), own.had_said(on)) == ("", NEVER)


def test_of_several_each_day_has_what_was_said_last_by_then() -> None:
    one = agreed(said=said((YES, CLOSED), (NO, DUE - DAY), (YES, DUE + DAY), (NEVER, DUE + DAY)))
    days = (CLOSED - DAY, CLOSED, DUE - 2 * DAY, DUE - DAY, DUE, DUE + DAY, LAST)
    assert [one.had_said(day) for day in days] == ["", YES, YES, NO, NO, NEVER, NEVER]
    # The second yes was put right before its day ended: nobody was to be asked.
    assert came_of(one, 3, LAST) is None


def test_nobody_is_counted_who_never_said_yes_or_is_back() -> None:
    assert came_of(Followed(CLOSED), 3, LAST + DAY) is None
    for back_on, came in ((CLOSED, None), (LAST, None), (LAST + DAY, UNREACHED)):
        assert came_of(agreed(back_on=back_on), 3, LAST + 9 * DAY) == came


def test_until_an_earlier_day_nothing_is_known_of_what_came_later() -> None:
    """So a report of a time that is over stays the same."""
    before = came_of(agreed(), 3, DUE + DAY)
    assert before == WAITING
    assert came_of(agreed(written=wrote(REACHED, DUE + 2 * DAY)), 3, DUE + DAY) == before
    assert came_of(agreed(said=taken_back(DUE + 2 * DAY)), 3, DUE + DAY) == before
    assert came_of(agreed(back_on=DUE + 2 * DAY), 3, DUE + DAY) == before


# --- the query, on both databases ----------------------------------------------------------------


def counted(session: Session, world: World, who: str = "lead") -> dict[str, Followed]:
    asker = asker_of(session, getattr(world, who))
    found = followed(session, asker, case_queries.counted_enrolments(asker))
    names = {row.id: row.person_id for row in session.scalars(select(Enrolment))}
    return {session.get_one(Person, names[one]).name: row for one, row in found.items()}


def test_an_enrolment_that_ended_comes_with_what_was_said_and_written(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    person = session.get_one(Person, world.participant.id)
    for months, told in ((3, Told(UNREACHED)), (6, Told(REACHED, "work", "good", "Trivs"))):
        service.record(session, asker_of(session, world.coach), person, months, told, now)
    today = now.date()
    assert counted(session, world) == {
        person.name: Followed(
            date(2026, 5, 24),
            said((YES, today)),
            None,
            {3: Written(UNREACHED, "", today), 6: Written(REACHED, "work", today)},
        )
    }
    assert counted(session, world, "coach") == {}
    assert counted(session, world, "admin") == counted(session, world)


def test_whoever_is_forgotten_or_protected_is_not_counted(
    session: Session, world: World, left: Enrolment
) -> None:
    """S37, S46."""
    for facts in ({"name_sealed": None}, {"protected": True}):
        before = {name: getattr(world.participant, name) for name in facts}
        person = session.get_one(Person, world.participant.id)
        for name, value in facts.items():
            setattr(person, name, value)
        session.flush()
        assert counted(session, world) == {}
        for name, value in before.items():
            setattr(person, name, value)


@pytest.mark.parametrize(
    "facts, back_on",
    [
        ({"applied_on": date(2026, 8, 1)}, date(2026, 8, 1)),
        ({"started_on": date(2026, 8, 2)}, date(2026, 8, 2)),
        ({}, date(2026, 5, 24)),
        ({"applied_on": date(2026, 8, 1), "closed_on": date(2026, 9, 1)}, date(2026, 8, 1)),
        ({"applied_on": date(2025, 1, 1), "closed_on": date(2025, 9, 1)}, None),
    ],
)
def test_since_when_somebody_is_back(
    session: Session, world: World, left: Enrolment, facts: dict[str, date], back_on: date | None
) -> None:
    """Whichever team it is in: a lead counts the own one alone."""
    session.add(
        Enrolment(
            person_id=left.person_id,
            programme_id=left.programme_id,
            team_id=world.here.other_team.id,
            **facts,
        )
    )
    session.flush()
    assert [one.back_on for one in counted(session, world).values()] == [back_on]


def test_what_is_put_right_afterwards_was_told_when_it_was_told(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    coach, person = asker_of(session, world.coach), session.get_one(Person, world.participant.id)
    later = now + 90 * DAY
    service.record(session, coach, person, 6, Told(REACHED, "work", note="Lagret"), now)
    service.record(session, coach, person, 6, Told(REACHED, "studies", note="Skolan"), later)
    row = session.scalars(select(FollowUp)).one()
    assert (row.occupation, row.note, row.noted_at) == ("studies", "Skolan", now)
    service.record(session, coach, person, 6, Told(UNREACHED), later)
    assert row.noted_at == later


def test_it_is_one_query_however_many_there_are(session: Session, world: World, left: Enrolment) -> None:
    asker, asked = asker_of(session, world.lead), list[str]()
    stays = case_queries.counted_enrolments(asker)
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(followed(session, asker, stays)) == 1
    assert len(asked) == 1
