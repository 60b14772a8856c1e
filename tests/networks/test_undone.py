"""A change that is undone before anybody has heard of it is none: nobody is told, and a yes stands (S49)."""

from datetime import timedelta

import pytest

from portal.booking import away_queries, away_rules, away_service, service
from portal.booking.away_queries import Gone
from portal.booking.away_rules import Answer
from portal.booking.models import Appointment
from portal.booking.network import service as several
from portal.booking.network.models import MeetingParty
from portal.booking.time_service import Wish
from tests.networks.conftest import FRIDAY_9, HOUR, Table, ask_as, open_world, table
from tests.networks.test_away import gone

__all__ = ["ask_as", "open_world", "table"]


@pytest.fixture
def meeting(table: Table) -> Appointment:
    """A network meeting."""
    return table.book(alone=True)


@pytest.fixture
def nurse(table: Table, meeting: Appointment) -> MeetingParty:
    """She has read the invitation and said that she comes."""
    party = table.nurse(meeting)
    table.sent()
    several.answer(table.session, party.id, "yes", "Jag kommer till fots", table.now)
    return party


def cancel(table: Table, meeting: Appointment) -> None:
    service.cancel_for(table.session, table.coach, meeting.id, "", table.now)


def restore(table: Table, meeting: Appointment) -> None:
    service.restore_for(table.session, table.coach, meeting.id, table.now)


def moved_away(table: Table, meeting: Appointment) -> Gone:
    """The coach is away that day: the meeting gets the likeliest other time."""
    away = gone(table)
    (hit,) = away_queries.hits(table.session, table.coach, away, table.now)
    assert hit.likest
    answer = Answer(away_rules.MOVE, meeting.revision, hit.likest.start)
    away_service.decide(table.session, table.coach, away, {meeting.id: answer}, table.now)
    return away


def undo(table: Table, away: Gone) -> None:
    batch = away_queries.undoable(table.session, [away.id], table.now)[away.id][0]
    away_service.undo(table.session, table.coach, away, batch, table.now)


def kinds(table: Table, party: MeetingParty) -> list[str]:
    return [one.kind for one in table.letters(party)]


def test_a_cancellation_that_nobody_has_heard_of_leaves_the_yes(
    table: Table, meeting: Appointment, nurse: MeetingParty
) -> None:
    cancel(table, meeting)
    assert (nurse.answer, kinds(table, nurse)) == ("none", ["party_invited", "party_cancelled"])
    restore(table, meeting)
    assert kinds(table, nurse) == ["party_invited"]
    assert (nurse.answer, nurse.words, nurse.answered_at) == ("yes", "Jag kommer till fots", table.now)


def test_whoever_has_heard_of_it_hears_that_it_stands_and_is_asked_anew(
    table: Table, meeting: Appointment, nurse: MeetingParty
) -> None:
    cancel(table, meeting)
    table.sent()
    restore(table, meeting)
    assert kinds(table, nurse) == ["party_invited", "party_cancelled", "party_changed"]
    assert nurse.answer == "none"


def test_an_absence_that_is_undone_at_once_is_told_to_nobody(
    table: Table, meeting: Appointment, nurse: MeetingParty
) -> None:
    away = moved_away(table, meeting)
    assert kinds(table, nurse) == ["party_invited", "party_changed"]
    undo(table, away)
    assert meeting.starts_at == FRIDAY_9
    assert (kinds(table, nurse), nurse.answer) == (["party_invited"], "yes")


def test_whoever_was_to_hear_of_a_change_before_it_still_does(
    table: Table, meeting: Appointment, nurse: MeetingParty
) -> None:
    service.move_for(table.session, table.coach, meeting.id, Wish(FRIDAY_9 + HOUR, "phone"), table.now)
    cancel(table, meeting)
    restore(table, meeting)
    (_invited, letter) = table.letters(nurse)
    assert (letter.kind, letter.revision, nurse.answer) == ("party_changed", 3, "none")


def test_whoever_has_read_nothing_yet_is_invited(table: Table, meeting: Appointment) -> None:
    party = table.nurse(meeting)
    cancel(table, meeting)
    assert table.letters(party) == []
    restore(table, meeting)
    assert kinds(table, party) == ["party_invited"]


def test_a_later_change_is_told_and_asks_anew(
    table: Table, meeting: Appointment, nurse: MeetingParty
) -> None:
    cancel(table, meeting)
    restore(table, meeting)
    later = FRIDAY_9 + timedelta(days=3)
    service.move_for(table.session, table.coach, meeting.id, Wish(later, "phone"), table.now, anyway=True)
    assert [(one.kind, one.revision) for one in table.letters(nurse)] == [
        ("party_invited", 0),
        ("party_changed", 3),
    ]
    assert nurse.answer == "none"


def test_whoever_answered_to_the_change_on_their_page_is_told(
    table: Table, meeting: Appointment, nurse: MeetingParty
) -> None:
    """The page shows a new time at once, whatever an e-mail does."""
    away = moved_away(table, meeting)
    several.answer(table.session, nurse.id, "no", "", table.now)
    undo(table, away)
    assert (kinds(table, nurse), nurse.answer) == (["party_invited", "party_changed"], "none")
