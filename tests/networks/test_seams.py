"""What the invited are told once; who is held; what protected identity hides."""

from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.availability import queries as availability
from portal.availability.models import BusyTime
from portal.booking import day_queries, time_service, week_queries
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.network import party_queries, service, told_service
from portal.booking.network.company_queries import several
from portal.booking.network.party_queries import by_token, gathering
from portal.booking.network.service import About, Guest
from portal.booking.network.told_queries import stands
from portal.booking.queries import meeting_of
from portal.booking.time_service import Wish
from portal.identity.absence import service as absences
from portal.identity.models import Person, StaffAccount
from portal.identity.people import access_service
from portal.notices import invitation_service
from portal.web.errors import Refused
from tests.networks.conftest import FRIDAY_9, HOUR, Table, ask_as, open_world, table
from tests.support.networks import EMAIL

__all__ = ["ask_as", "open_world", "table"]


def protect(table: Table) -> None:
    person = table.session.get_one(Person, table.world.participant.id)
    access_service.protect(table.session, table.coach, person, [table.world.coach.id], now=table.now)
    table.session.flush()


def test_a_colleague_reads_nobody_with_protected_identity_s37_page(table: Table) -> None:
    made = table.book()
    protect(table)
    with pytest.raises(NoResultFound):
        party_queries.invited(table.session, table.colleague, made.id)


def test_a_colleague_reads_nobody_with_protected_identity_s37_day(table: Table) -> None:
    table.book()
    protect(table)
    found = day_queries.meetings_on(table.session, table.colleague, FRIDAY_9.date(), table.now)
    assert [one.person for one in found] == []


def test_a_colleague_reads_nobody_with_protected_identity_s37_week(table: Table) -> None:
    table.book()
    protect(table)
    found = week_queries.stretch(
        table.session,
        table.colleague,
        table.colleague.person_id,
        FRIDAY_9 - HOUR,
        FRIDAY_9 + HOUR * 3,
        table.now,
    )
    assert [one.person for one in found.booked] == []


def test_what_waits_for_an_outsider_stays_when_the_identity_is_protected_s37(table: Table) -> None:
    made = table.book(alone=True)
    (letter,) = table.letters(table.nurse(made))
    protect(table)
    assert not stands(table.session, letter, table.now)


def test_moving_after_protection_tells_nobody_outside_s37(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    table.sent()
    protect(table)
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "phone"), table.now)
    assert [one.kind for one in table.letters(nurse)] == ["party_invited"]


def test_the_page_of_an_outsider_closes_with_protection_s37(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    protect(table)
    with pytest.raises(NoResultFound):
        by_token(table.session, nurse.token, table.now)


def test_whoever_was_taken_off_hears_it_though_the_meeting_moves_meanwhile(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    table.sent()
    service.take_off(table.session, table.coach, made.id, nurse.id, table.now)
    letter = table.letters(nurse)[-1]
    assert stands(table.session, letter, table.now)
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "phone"), table.now)
    waiting = [one for one in table.letters(nurse) if one.state == "queued"]
    assert any(stands(table.session, one, table.now) for one in waiting)


def test_once_more_sent_twice_is_one_letter(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    (letter,) = table.letters(nurse)
    letter.state = "failed"
    table.session.flush()
    for _ in range(2):
        service.say_again(table.session, table.coach, made.id, nurse.id, table.now)
    assert [one.state for one in table.letters(nurse)].count("queued") == 1


def test_a_colleague_of_another_day_off_is_not_asked(table: Table) -> None:
    away = absences.Wish(FRIDAY_9.date(), FRIDAY_9.date())
    absences.take(table.session, table.colleague, table.colleague.person_id, away, table.now)
    made = table.book(alone=True)
    with pytest.raises(Refused):
        service.ask_colleague(table.session, table.coach, made.id, table.world.other_coach.id, table.now)


def test_a_colleague_who_left_gets_no_letter(table: Table) -> None:
    theirs = select(StaffAccount).where(StaffAccount.person_id == table.world.other_coach.id)
    table.session.scalars(theirs).one().email = "kollega@norrby.example"
    made = table.book()
    (letter,) = table.letters(table.parties(made)[0])
    person = table.session.get_one(Person, table.world.other_coach.id)
    access_service.disable(table.session, table.coach, person, now=table.now)
    table.session.refresh(letter)
    assert letter.state == "cancelled" or not stands(table.session, letter, table.now)


def test_who_has_taken_the_meeting_over_is_no_guest_of_it_any_longer(table: Table) -> None:
    made = table.book()
    held = availability.keeper(table.session, table.coach, table.world.other_coach.id)
    time_service.give(table.session, table.coach, made, held, table.now)
    wanted = select(several()).select_from(Appointment).where(Appointment.id == made.id)
    assert table.session.scalar(wanted) == 0


def test_a_buffer_that_grew_keeps_no_colleague_in_a_meeting(table: Table) -> None:
    made = table.book()
    colleague = table.parties(made)[0]
    occupied = BusyTime(subject_kind="person", subject_id=table.world.coach.id)
    occupied.starts_at, occupied.ends_at = made.ends_at, made.ends_at + HOUR
    rows = select(BusyTime).where(BusyTime.cause_id == made.id, BusyTime.subject_id == table.world.coach.id)
    row = table.session.scalars(rows).one()
    # As it was when the house kept no time free after a meeting by phone.
    row.ends_at = made.ends_at
    table.session.flush()
    occupied.cause_kind, occupied.cause_id = "blocked", colleague.id
    table.session.add(occupied)
    table.session.flush()
    service.take_off(table.session, table.coach, made.id, colleague.id, table.now)
    assert table.world.other_coach.id not in table.held(made)


@pytest.mark.parametrize("address", ["a?cc=b@x.example", "a,b@x.example", "a%0d@x.example", "å@x.example"])
def test_an_odd_address_is_still_one_uri(table: Table, address: str) -> None:
    made = table.book(alone=True)
    service.invite(table.session, table.coach, made.id, Guest("X", "", address), table.now)
    (letter,) = table.letters(table.parties(made)[0])
    flat = letter.calendar.replace("\r\n ", "")
    line = next(one for one in flat.splitlines() if one.startswith("ATTENDEE"))
    value = line.split(":mailto:")[1] if ":mailto:" in line else line
    assert value == quote(address, safe="@")
    assert value.isascii()


def test_whoever_was_asked_while_e_mail_was_off_can_be_written_to_once_it_is_on(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as off:
        off.setattr(invitation_service, "leaves", lambda: False)
        made = table.book(alone=True)
        nurse = table.nurse(made)
    assert table.letters(nurse) == []
    shown = meeting_of(table.session, table.coach, table.world.participant.id, made.id, table.now)
    (party,) = gathering(table.session, shown, FRIDAY_9.date()).parties
    assert (party.letter, party.email) == ("", EMAIL)
    service.say_again(table.session, table.coach, made.id, nurse.id, table.now)
    assert [one.kind for one in table.letters(nurse)] == ["party_invited"]


def test_the_one_who_leads_is_one_who_is_there(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    service.take_off(table.session, table.coach, made.id, nurse.id, table.now)
    service.describe(table.session, table.coach, made.id, About("sip", leader_id=nurse.id), table.now)
    about = told_service.about_of(table.session, made.id)
    assert about
    assert about.leader_id is None


def test_whose_page_a_restored_copy_has_ended_gets_another_with_the_next_e_mail_s55(table: Table) -> None:
    """S55"""
    made = table.book(alone=True)
    nurse = table.nurse(made)
    table.sent()
    old = nurse.token
    nurse.token_sealed = nurse.token_hash = None
    table.session.flush()
    with pytest.raises(NoResultFound):
        by_token(table.session, old, table.now)
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "phone"), table.now)
    assert nurse.token != old
    assert f"/invited/{nurse.token}" in table.letters(nurse)[-1].body
    assert by_token(table.session, nurse.token, table.now).party_id == nurse.id
