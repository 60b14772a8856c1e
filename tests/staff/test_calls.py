"""The calls of the day: what stands there and for whom, told, in vain, taken back."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.conversation import service as conversation
from portal.conversation.service import Letter
from portal.identity.absence import service as absences
from portal.identity.absence.service import Wish
from portal.identity.models import Enrolment, Person
from portal.journal import service as journal
from portal.journal.models import JournalRow
from portal.languages import LANGUAGES
from portal.notices import rules as kinds
from portal.reminders.call_rules import REMIND, SOMETHING_NEW, WRITTEN
from portal.staff import call_list_queries, call_service, call_words, queries, service
from portal.staff.models import Attention, CallTry
from portal.web.asker import Asker
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def amina(session: Session, world: World) -> Person:
    """Wants to be rung up."""
    person = session.get_one(Person, world.participant.id)
    person.way = "call"
    session.flush()
    return person


@pytest.fixture
def coach(session: Session, world: World) -> Asker:
    return asker_of(session, world.coach)


@pytest.fixture
def meeting(session: Session, amina: Person, world: World, now: datetime) -> Appointment:
    return meetings.add_meeting(session, amina, world.coach, now + DAY, now - 9 * DAY)


def said(session: Session, asker: Asker, now: datetime) -> list[str]:
    return [row.call.says for row in call_list_queries.call_list(session, asker, now).own]


def key(session: Session, asker: Asker, now: datetime) -> str:
    return call_list_queries.call_list(session, asker, now).open[0].call.key


def write(session: Session, asker: Asker, person: Person, now: datetime) -> None:
    letter = Letter(uuid.uuid4(), "Hemligheten", "sv")
    conversation.answer(session, asker, person.id, letter, upto=0, now=now)


# --- told --------------------------------------------------------------------------------------------


def test_what_was_told_is_gone_here_and_in_the_morning_until_the_meeting_changes(
    session: Session, meeting: Appointment, coach: Asker, now: datetime
) -> None:
    assert said(session, coach, now) == [REMIND]
    for _ in range(2):
        call_service.tell(session, coach, meeting.person_id, key_of(meeting), now)
    (row,) = session.scalars(select(Attention))
    assert (row.outcome, row.kind, row.handled_by) == ("called", "call", coach.person_id)
    found = call_list_queries.call_list(session, coach, now + HOUR)
    assert (found.own, [one.done_at for one in found.done]) == ((), [now])
    morning = queries.need_of(session, coach, meeting.person_id, now)
    assert [cause.kind for cause in morning.need.causes] == []
    meetings.move(meeting, now + DAY + HOUR, now - 8 * DAY)
    session.flush()
    assert said(session, coach, now) == [REMIND]


def key_of(meeting: Appointment) -> str:
    return f"call:{meeting.id}:{meeting.revision}:{REMIND}"


def test_it_is_taken_back_today_by_whoever_told(
    session: Session, meeting: Appointment, coach: Asker, world: World, now: datetime
) -> None:
    call_service.tell(session, coach, meeting.person_id, key_of(meeting), now)
    lead = asker_of(session, world.lead)
    service.take_back(session, lead, meeting.person_id, now, now + HOUR)
    assert said(session, coach, now) == []
    service.take_back(session, coach, meeting.person_id, now, now + HOUR)
    assert said(session, coach, now) == [REMIND]


def test_telling_is_noted(session: Session, meeting: Appointment, coach: Asker, now: datetime) -> None:
    """S42: that it was read, and that something was done about it."""
    call_service.tell(session, coach, meeting.person_id, key_of(meeting), now)
    journal.write_own(session, now)
    rows = session.scalars(select(JournalRow).where(JournalRow.subject_id == meeting.person_id)).all()
    assert {(row.action, row.kind) for row in rows} >= {("read", "attention"), ("change", "attention")}


def test_what_is_not_on_the_list_is_not_ticked_off(
    session: Session, meeting: Appointment, coach: Asker, world: World, now: datetime
) -> None:
    for wrong in ("", "call", key_of(meeting).replace(REMIND, kinds.CANCELLED), f"missed:{meeting.id}"):
        with pytest.raises(service.Settled):
            call_service.tell(session, coach, meeting.person_id, wrong, now)
        with pytest.raises(service.Settled):
            call_service.no_answer(session, coach, meeting.person_id, wrong, seen=0, now=now)
    stranger = asker_of(session, world.other_coach)
    with pytest.raises(NoResultFound):
        call_service.tell(session, stranger, meeting.person_id, key_of(meeting), now)
    with pytest.raises(NoResultFound):
        call_service.no_answer(session, stranger, meeting.person_id, key_of(meeting), seen=0, now=now)
    with pytest.raises(NoResultFound):
        call_service.take_back_try(session, stranger, meeting.person_id, key_of(meeting), now, now)
    assert session.scalars(select(Attention)).all() == []
    assert session.scalars(select(CallTry)).all() == []


# --- nobody answered -----------------------------------------------------------------------------------


def test_a_call_in_vain_stays_and_is_counted(
    session: Session, meeting: Appointment, coach: Asker, now: datetime
) -> None:
    for seen, at in ((0, now), (0, now), (1, now + HOUR)):
        call_service.no_answer(session, coach, meeting.person_id, key_of(meeting), seen=seen, now=at)
    (row,) = call_list_queries.call_list(session, coach, now + HOUR).own
    assert (row.tries, row.tried_at, row.undo) == (2, now + HOUR, True)


def test_the_last_try_alone_is_taken_back_by_whoever_made_it_the_same_day(
    session: Session, meeting: Appointment, coach: Asker, world: World, now: datetime
) -> None:
    who, called = meeting.person_id, key_of(meeting)
    for seen in range(2):
        call_service.no_answer(session, coach, who, called, seen=seen, now=now + seen * HOUR)
    later = now + HOUR
    call_service.take_back_try(session, coach, who, called, now, later)
    call_service.take_back_try(session, asker_of(session, world.lead), who, called, later, later)
    call_service.take_back_try(session, coach, who, called, later, now + DAY)
    assert len(session.scalars(select(CallTry)).all()) == 2
    for _ in range(2):
        call_service.take_back_try(session, coach, who, called, later, later)
    (row,) = call_list_queries.call_list(session, coach, later).own
    assert (row.tries, row.tried_at) == (1, now)


# --- something new -------------------------------------------------------------------------------------


def test_what_staff_wrote_is_told_on_the_phone_until_it_is_read(
    session: Session, amina: Person, coach: Asker, now: datetime
) -> None:
    write(session, coach, amina, now)
    assert said(session, coach, now) == [], "whoever has just written may write more"
    assert said(session, coach, now + HOUR) == [WRITTEN]
    write(session, coach, amina, now + HOUR)
    assert said(session, coach, now + 2 * HOUR) == [WRITTEN], "one for all of it"
    conversation.mark_read(session, asker_of(session, amina), 99, now + 2 * HOUR)
    assert said(session, coach, now + 2 * HOUR) == []


def test_it_is_told_once_a_day_and_again_when_more_has_come(
    session: Session, amina: Person, coach: Asker, now: datetime
) -> None:
    write(session, coach, amina, now - DAY)
    told = key(session, coach, now)
    call_service.tell(session, coach, amina.id, told, now)
    write(session, coach, amina, now + HOUR)
    found = call_list_queries.call_list(session, coach, now + 2 * HOUR)
    assert found.own == ()
    assert said(session, coach, now + DAY) == [WRITTEN]
    call_service.tell(session, coach, amina.id, key(session, coach, now + DAY), now + DAY)
    assert [said(session, coach, now + days * DAY) for days in (1, 2, 3)] == [[], [], []]


def test_what_is_told_is_said_in_both_languages(
    session: Session, amina: Person, meeting: Appointment, coach: Asker, now: datetime
) -> None:
    write(session, coach, amina, now - DAY)
    rows = call_list_queries.call_list(session, coach, now).own
    texts = [call_words.to_say(row.call, LANGUAGES["sv"], coach.zone) for row in rows]
    assert sorted(texts) == [
        "Kom ihåg: Du har ett möte onsdag 25 november klockan 09.00.",
        "Vi har skrivit ett meddelande till dig. Logga in som vanligt och läs.",
    ]
    for row in rows:
        for one in LANGUAGES.values():
            assert "Hemligheten" not in call_words.to_say(row.call, one, coach.zone)


def test_what_one_person_is_told_stands_together(
    session: Session, amina: Person, meeting: Appointment, coach: Asker, world: World, now: datetime
) -> None:
    """Yonas' news is older than what Amina was written, and newer than her meeting."""
    yonas = session.get_one(Person, world.second_participant.id)
    yonas.way = "call"
    session.flush()
    write(session, coach, yonas, now)
    write(session, coach, amina, now + HOUR)
    rows = call_list_queries.call_list(session, coach, now + 2 * HOUR).own
    assert [(row.call.person_id, row.call.says) for row in rows] == [
        (amina.id, REMIND),
        (amina.id, WRITTEN),
        (yonas.id, WRITTEN),
    ]


def test_a_survey_or_a_plan_is_something_new(
    session: Session, amina: Person, coach: Asker, world: World, now: datetime
) -> None:
    ended = now - 5 * HOUR
    meetings.add_meeting(session, amina, world.coach, ended, now - 9 * DAY)
    assert said(session, coach, now) == [SOMETHING_NEW]


# --- whose ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{"way": "sms"}, {"sms_unsafe": True}, {"protected": True}])
def test_nobody_else_is_rung(
    session: Session, amina: Person, meeting: Appointment, coach: Asker, now: datetime, values: dict[str, Any]
) -> None:
    """S34, S37"""
    write(session, coach, amina, now - DAY)
    for name, value in values.items():
        setattr(amina, name, value)
    session.flush()
    assert call_list_queries.call_list(session, coach, now).open == ()


def test_whoever_answered_stopp_is_rung_here_and_in_the_morning(
    session: Session, amina: Person, meeting: Appointment, coach: Asker, now: datetime
) -> None:
    amina.way, amina.sms_stopped_at = "sms", now - 2 * DAY
    session.flush()
    assert said(session, coach, now) == [REMIND]
    found = queries.today(session, coach, now)
    assert "call" in [need.need.first.kind for need in found.needs.items]
    assert found.to_ring == 1


def test_a_stand_in_and_a_lead_ring_for_the_coach_who_is_away(
    session: Session, meeting: Appointment, coach: Asker, world: World, now: datetime
) -> None:
    lead, other = asker_of(session, world.lead), asker_of(session, world.other_coach)
    assert call_list_queries.call_list(session, lead, now).open == ()
    assert queries.today(session, lead, now).to_ring == 0
    absences.take(session, coach, world.coach.id, Wish(date(2026, 11, 24), date(2026, 11, 25)), now)
    found = call_list_queries.call_list(session, lead, now)
    assert [(row.call.says, row.coach) for row in found.others] == [(REMIND, "Karin")]
    assert queries.today(session, lead, now).to_ring == 1
    assert call_list_queries.call_list(session, other, now).open == ()
    instead = replace(other, stands_in_for=frozenset({world.coach.id}))
    (row,) = call_list_queries.call_list(session, instead, now).own
    assert (row.call.says, row.coach) == (REMIND, "Karin")
    call_service.tell(session, lead, meeting.person_id, key_of(meeting), now)
    assert said(session, coach, now) == []


def test_nobodys_participants_are_the_leads(
    session: Session, meeting: Appointment, world: World, now: datetime
) -> None:
    stay = session.scalars(select(Enrolment).where(Enrolment.person_id == meeting.person_id)).one()
    stay.coach_id = None
    session.flush()
    found = call_list_queries.call_list(session, asker_of(session, world.lead), now)
    assert [(row.call.says, row.coach) for row in found.others] == [(REMIND, "")]
