"""A coach who is away: a meeting of several moves to where the colleagues can, and all are told once."""

from datetime import timedelta

from portal.booking import away_queries, away_rules, away_service, rules
from portal.booking import service as booking
from portal.booking.away_queries import Gone
from portal.booking.away_rules import Answer
from portal.booking.time_service import Wish
from portal.identity.absence import service as absences
from tests.networks.conftest import FRIDAY_9, HOUR, Table


def gone(table: Table, *, stand_in: bool = False) -> Gone:
    """The coach is away on Friday."""
    who = table.world.other_coach.id if stand_in else None
    wish = absences.Wish(FRIDAY_9.date(), FRIDAY_9.date(), who)
    row = absences.take(table.session, table.coach, table.world.coach.id, wish, table.now)
    return Gone(row.id, table.world.coach.id, row.days, row.stand_in_id)


def test_other_times_are_those_at_which_the_colleague_can(table: Table) -> None:
    made = table.book()
    monday = FRIDAY_9 + timedelta(days=3)
    wish = Wish(monday, "phone", length=3 * HOUR)
    other = table.world.other_participant
    booking.book_for(table.session, table.colleague, other.id, wish, table.now, anyway=True)
    (hit,) = away_queries.hits(table.session, table.coach, gone(table), table.now)
    assert hit.meeting.id == made.id
    starts = [one.start for one in hit.times]
    assert starts
    assert not [one for one in starts if monday - HOUR < one < monday + 3 * HOUR]


def test_moving_tells_the_nurse_once_and_undoing_tells_her_again(table: Table) -> None:
    made = table.book()
    nurse = table.nurse(made)
    table.sent()
    away = gone(table)
    (hit,) = away_queries.hits(table.session, table.coach, away, table.now)
    assert hit.likest
    answer = Answer(away_rules.MOVE, made.revision, hit.likest.start)
    away_service.decide(table.session, table.coach, away, {made.id: answer}, table.now)
    assert [one.kind for one in table.letters(nurse)] == ["party_invited", "party_changed"]
    assert table.world.other_coach.id in table.held(made)
    table.sent()
    batch = away_queries.undoable(table.session, [away.id], table.now)[away.id][0]
    done = away_service.undo(table.session, table.coach, away, batch, table.now)
    assert done.back == 1
    assert made.starts_at == FRIDAY_9
    assert [one.revision for one in table.letters(nurse)] == [0, 1, 2]


def test_a_colleague_who_stands_in_holds_it_once_and_gives_it_back(table: Table) -> None:
    made = table.book()
    away = gone(table, stand_in=True)
    answer = Answer(rules.ALONG, made.revision, None)
    away_service.decide(table.session, table.coach, away, {made.id: answer}, table.now)
    assert made.coach_id == table.world.other_coach.id
    assert table.held(made) == {table.world.participant.id, table.world.other_coach.id}
    batch = away_queries.undoable(table.session, [away.id], table.now)[away.id][0]
    away_service.undo(table.session, table.coach, away, batch, table.now)
    assert table.held(made) == {
        table.world.participant.id,
        table.world.coach.id,
        table.world.other_coach.id,
    }
