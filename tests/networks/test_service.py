"""A meeting of several holds everybody's time, tells each once, and asks anew when it changes (S49)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.availability.service import Taken
from portal.booking import service as booking
from portal.booking import time_service
from portal.booking.models import Appointment
from portal.booking.network import rules, service
from portal.booking.network.party_queries import by_token
from portal.booking.network.service import About, NoColleague, NotForProtected, TooMany
from portal.booking.network.told_queries import stands
from portal.booking.time_service import Wish
from portal.identity.models import Person, ProtectedHandler, StaffAccount
from portal.wording.models import SourceText
from tests.networks.conftest import FRIDAY_9, HOUR, Table
from tests.support.networks import EMAIL, GUEST


def test_all_of_them_are_held_and_nobody_in_two_places(table: Table) -> None:
    made = table.book()
    world = table.world
    assert table.held(made) == {world.participant.id, world.coach.id, world.other_coach.id}
    wish = Wish(FRIDAY_9, "phone", length=HOUR)
    with pytest.raises(Taken) as refused:
        booking.book_for(
            table.session, table.colleague, world.other_participant.id, wish, table.now, anyway=True
        )
    assert refused.value.subject_id == world.other_coach.id


def test_where_one_cannot_nobody_is_booked(table: Table) -> None:
    wish = Wish(FRIDAY_9 + HOUR / 2, "phone", length=HOUR)
    booking.book_for(
        table.session, table.colleague, table.world.other_participant.id, wish, table.now, anyway=True
    )
    with pytest.raises(Taken):
        table.book()
    rows = select(Appointment).where(Appointment.person_id == table.world.participant.id)
    assert table.session.scalars(rows).all() == []


def test_the_same_form_twice_is_one_meeting(table: Table) -> None:
    key = table.world.participant.id
    first, second = table.book(key=key), table.book(key=key)
    assert first.id == second.id
    assert len(table.parties(first)) == 1


def test_moving_takes_all_along_and_cancelling_frees_them(table: Table) -> None:
    made = table.book()
    wish = Wish(FRIDAY_9 + HOUR, "phone")
    booking.move_for(table.session, table.coach, made.id, wish, table.now)
    rows = table.held(made)
    assert table.world.other_coach.id in rows
    booking.cancel_for(table.session, table.coach, made.id, "", table.now)
    assert table.held(made) == set()
    booking.restore_for(table.session, table.coach, made.id, table.now)
    assert table.held(made) == rows


def test_moving_to_a_time_at_which_a_colleague_cannot_changes_nothing(table: Table) -> None:
    made = table.book()
    other = Wish(FRIDAY_9 + HOUR, "phone", length=HOUR)
    booking.book_for(
        table.session, table.colleague, table.world.other_participant.id, other, table.now, anyway=True
    )
    with pytest.raises(Taken) as refused:
        booking.move_for(
            table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "phone"), table.now, anyway=True
        )
    assert refused.value.subject_id == table.world.other_coach.id
    assert (made.starts_at, made.revision) == (FRIDAY_9, 0)


def test_a_participant_does_not_move_what_others_have_planned_for(table: Table) -> None:
    made = table.book(at=FRIDAY_9 + timedelta(days=7))
    with pytest.raises(booking.Several):
        booking.move_own(
            table.session, table.participant, made.id, FRIDAY_9 + timedelta(days=7, hours=1), table.now
        )
    booking.cancel_own(table.session, table.participant, made.id, "", table.now)
    assert made.state == "cancelled"


def test_the_nurse_is_told_each_change_once(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    service.invite(table.session, table.coach, made.id, GUEST, table.now)
    assert [one.kind for one in table.letters(nurse)] == ["party_invited"]
    table.sent()
    wish = Wish(FRIDAY_9 + HOUR, "phone")
    for _ in range(2):
        booking.move_for(table.session, table.coach, made.id, wish, table.now)
    assert [one.kind for one in table.letters(nurse)] == ["party_invited", "party_changed"]
    table.sent()
    for _ in range(2):
        booking.cancel_for(table.session, table.coach, made.id, "", table.now)
    assert [one.kind for one in table.letters(nurse)][2:] == ["party_cancelled"]
    table.sent()
    booking.restore_for(table.session, table.coach, made.id, table.now)
    assert [(one.kind, one.revision) for one in table.letters(nurse)] == [
        ("party_invited", 0),
        ("party_changed", 1),
        ("party_cancelled", 2),
        ("party_changed", 3),
    ]


def test_who_has_read_nothing_yet_is_told_once_how_it_stands_now(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "phone"), table.now)
    (letter,) = table.letters(nurse)
    assert (letter.kind, letter.revision) == ("party_invited", 1)
    booking.cancel_for(table.session, table.coach, made.id, "", table.now)
    assert table.letters(nurse) == []


def test_what_waits_leaves_only_while_it_is_true(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    (letter,) = table.letters(nurse)
    assert stands(table.session, letter, table.now)
    assert not stands(table.session, letter, FRIDAY_9)
    nurse.removed_at = table.now
    assert not stands(table.session, letter, table.now)
    nurse.removed_at, made.revision = None, 1
    assert not stands(table.session, letter, table.now)


def test_an_answer_is_void_when_the_time_changes_and_stays_when_the_place_does(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    assert service.answer(table.session, nurse.id, "yes", "Jag tar med en kollega", table.now)
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9, "video"), table.now)
    assert (nurse.answer, nurse.words) == ("yes", "Jag tar med en kollega")
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "video"), table.now)
    assert (nurse.answer, nurse.words, nurse.answered_at) == ("none", "", None)


def test_whoever_is_taken_off_hears_of_it_and_answers_no_more(table: Table) -> None:
    made = table.book()
    nurse = table.nurse(made)
    table.sent()
    service.describe(table.session, table.coach, made.id, About("sip", leader_id=nurse.id), table.now)
    for _ in range(2):
        service.take_off(table.session, table.coach, made.id, nurse.id, table.now)
    last = table.letters(nurse)[-1]
    assert (last.kind, last.revision) == ("party_cancelled", 0)
    assert "behöver inte komma" in last.body
    assert "METHOD:CANCEL" in last.calendar
    assert not service.answer(table.session, nurse.id, "yes", "", table.now)
    assert by_token(table.session, nurse.token, table.now).removed
    assert by_token(table.session, nurse.token, table.now).leader == table.world.coach.name
    colleague = table.parties(made)[0]
    service.take_off(table.session, table.coach, made.id, colleague.id, table.now)
    assert table.world.other_coach.id not in table.held(made)


def test_a_colleague_is_asked_while_free_and_gets_an_e_mail_without_a_page(table: Table) -> None:
    theirs = select(StaffAccount).where(StaffAccount.person_id == table.world.other_coach.id)
    table.session.scalars(theirs).one().email = "kollega@norrby.example"
    made = table.book(alone=True)
    for _ in range(2):
        service.ask_colleague(table.session, table.coach, made.id, table.world.other_coach.id, table.now)
    (party,) = table.parties(made)
    (letter,) = table.letters(party)
    assert letter.address == "kollega@norrby.example"
    assert "/invited/" not in letter.body
    assert table.world.participant.name.split()[0] not in letter.body + letter.calendar


def test_nobody_of_another_house_or_without_a_desk_is_asked(table: Table) -> None:
    made = table.book(alone=True)
    for person in (table.world.far_coach, table.world.admin, table.world.participant):
        with pytest.raises(NoColleague):
            service.ask_colleague(table.session, table.coach, made.id, person.id, table.now)


def test_of_somebody_with_protected_identity_nobody_is_told_s37(table: Table) -> None:
    made = table.book(alone=True)
    table.session.get_one(Person, table.world.participant.id).protected = True
    table.session.flush()
    table.session.add(ProtectedHandler(person_id=table.world.participant.id, handler_id=table.world.coach.id))
    table.session.flush()
    with pytest.raises(NotForProtected):
        service.invite(table.session, table.coach, made.id, GUEST, table.now)
    with pytest.raises(NotForProtected):
        service.ask_colleague(table.session, table.coach, made.id, table.world.other_coach.id, table.now)


def test_no_more_than_so_many(table: Table) -> None:
    made = table.book(alone=True)
    for number in range(rules.MOST):
        guest = service.Guest(f"Gäst {number}", "", f"{number}@example.org")
        service.invite(table.session, table.coach, made.id, guest, table.now)
    with pytest.raises(TooMany):
        service.invite(table.session, table.coach, made.id, GUEST, table.now)


def test_a_meeting_that_is_off_or_over_takes_nobody_more(table: Table) -> None:
    made = table.book(alone=True)
    with pytest.raises(time_service.TooLate):
        service.invite(table.session, table.coach, made.id, GUEST, FRIDAY_9 + HOUR)
    booking.cancel_for(table.session, table.coach, made.id, "", table.now)
    with pytest.raises(booking.NotBooked):
        service.invite(table.session, table.coach, made.id, GUEST, table.now)


def test_an_agenda_is_translated_while_the_meeting_stands(table: Table) -> None:
    made = table.book(alone=True)
    service.describe(table.session, table.coach, made.id, About("sip", agenda="Planen"), table.now)
    wanted = select(SourceText.wanted).where(SourceText.kind == "agenda")
    assert table.session.scalars(wanted).all() == [True]
    booking.cancel_for(table.session, table.coach, made.id, "", table.now)
    assert table.session.scalars(wanted).all() == [False]


def test_an_address_is_forgotten_when_the_meeting_is_long_over_and_who_was_there_is_not(
    table: Table,
) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    token = nurse.token
    assert service.forget(table.session, FRIDAY_9 + timedelta(days=29)) == 0
    assert service.forget(table.session, FRIDAY_9 + timedelta(days=32)) == 1
    assert (nurse.email, nurse.token, nurse.name) == ("", "", GUEST.name)
    with pytest.raises(NoResultFound):
        by_token(table.session, token, table.now)


def test_the_e_mail_once_more_after_it_failed(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    (letter,) = table.letters(nurse)
    letter.state = "failed"
    table.session.flush()
    service.say_again(table.session, table.coach, made.id, nurse.id, table.now)
    again = table.letters(nurse)[-1]
    assert (again.again, again.state, again.address) == (1, "queued", EMAIL)
