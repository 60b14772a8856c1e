"""What leaves for whoever is invited: neutral words, and a calendar part (RFC 5545, RFC 6047)."""

import uuid
from datetime import timedelta
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from icalendar.cal import Event

from portal.booking import service as booking
from portal.booking.network import service
from portal.booking.network.service import About
from portal.booking.time_service import Wish
from portal.messaging.gateways.base import Outgoing
from portal.messaging.gateways.smtp import Smtp
from portal.messaging.models import OutboxMessage
from tests.messaging.test_smtp import TO, Server, Start, server, start
from tests.networks.conftest import FRIDAY_9, HOUR, Table
from tests.support.networks import EMAIL, GUEST

__all__ = ["server", "start"]


def event_of(letter: OutboxMessage) -> tuple[str, Event]:
    """The method, and the one event."""
    calendar = Calendar.from_ical(letter.calendar)
    (event,) = calendar.events
    return str(calendar["method"]), event


def test_the_invitation_says_when_who_asks_and_where_to_answer_and_not_whom_it_is_about_s31(
    table: Table,
) -> None:
    made = table.book(alone=True)
    about = About("sip", reference="AH, ärende 17", agenda="Planen\nBussen")
    service.describe(table.session, table.coach, made.id, about, table.now)
    nurse = table.nurse(made)
    (letter,) = table.letters(nurse)
    assert letter.subject_line == "Inbjudan: SIP-möte fredag 27 november klockan 09.00"
    for said in (
        "Hej Sofia Sjuksköterska!",
        "När: fredag 27 november klockan 09.00 till 10.00",
        "Gäller: AH, ärende 17",
        f"Leder mötet: {table.world.coach.name}",
        "Dagordning:\nPlanen\nBussen",
        f"http://127.0.0.1:8000/invited/{nurse.token}",
    ):
        assert said in letter.body
    for secret in table.world.participant.name.split():
        assert secret not in letter.body + letter.calendar + letter.subject_line
    method, event = event_of(letter)
    assert (method, event["status"], event["summary"]) == ("REQUEST", "CONFIRMED", "SIP-möte")
    assert (event["uid"], event["sequence"]) == (str(made.uid), 0)
    assert (event.start, event.end) == (FRIDAY_9, FRIDAY_9 + HOUR)
    assert event["attendee"] == f"mailto:{EMAIL}"
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert event["attendee"].params["CN"] == GUEST.name
    assert str(event["organizer"]).startswith("mailto:")


def test_a_uid_is_for_life_and_the_sequence_goes_up_with_each_change(table: Table) -> None:
    made = table.book(alone=True)
    nurse = table.nurse(made)
    table.sent()
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "phone"), table.now)
    table.sent()
    booking.move_for(table.session, table.coach, made.id, Wish(FRIDAY_9 + HOUR, "walk"), table.now)
    table.sent()
    booking.cancel_for(table.session, table.coach, made.id, "", table.now)
    table.sent()
    booking.restore_for(table.session, table.coach, made.id, table.now)
    told = [event_of(one) for one in table.letters(nurse)]
    assert {event["uid"] for _, event in told} == {str(made.uid)}
    assert [event["sequence"] for _, event in told] == [0, 1, 2, 3, 4]
    assert [method for method, _ in told] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    assert [event["status"] for _, event in told][3:] == ["CANCELLED", "CONFIRMED"]
    assert [event.start for _, event in told] == [FRIDAY_9, *[FRIDAY_9 + HOUR] * 4]


@pytest.mark.parametrize("evil", ['a"b;c:d', "Eva\r\nATTENDEE:x", "E\u202eva", "x" * 80])
def test_no_name_breaks_a_line_s28(table: Table, evil: str) -> None:
    """S28"""
    made = table.book(alone=True)
    service.invite(table.session, table.coach, made.id, service.Guest(evil, "", EMAIL), table.now)
    (letter,) = table.letters(table.parties(made)[0])
    _, event = event_of(letter)
    assert event["attendee"] == f"mailto:{EMAIL}"
    assert sum(line.startswith("ATTENDEE") for line in letter.calendar.splitlines()) == 1


def test_the_letter_has_the_calendar_as_another_form_of_the_text(
    table: Table, server: Server, start: Start
) -> None:
    made = table.book(alone=True)
    (letter,) = table.letters(table.nurse(made))
    outgoing = Outgoing(
        uuid.uuid4(),
        TO,
        letter.body,
        600,
        organisation_id=letter.organisation_id,
        kind=letter.kind,
        channel=letter.channel,
        subject_line=letter.subject_line,
        calendar=letter.calendar,
    )
    Smtp(start()).send(outgoing)
    (took,) = server.took
    assert took.get_content_type() == "multipart/alternative"
    plain, calendar = took.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(calendar, EmailMessage)
    assert (plain.get_content_type(), calendar.get_content_type()) == ("text/plain", "text/calendar")
    assert calendar["content-type"].params["method"] == "REQUEST"
    assert calendar["content-type"].params["charset"] == "utf-8"
    read = Calendar.from_ical(calendar.get_content())
    assert read.events[0]["uid"] == str(made.uid)


def test_on_the_night_when_the_clock_is_set_back_the_times_are_the_meetings_s54(table: Table) -> None:
    """S54"""
    starts_at = FRIDAY_9.replace(year=2027, month=10, day=31, hour=0, minute=30)
    made = table.book(alone=True)
    made.starts_at, made.ends_at = starts_at, starts_at + timedelta(hours=1)
    (letter,) = table.letters(table.nurse(made))
    _, event = event_of(letter)
    assert (event.start, event.end) == (starts_at, starts_at + timedelta(hours=1))
    assert "klockan 02.30 till 02.30" in letter.body
