"""Stale answers, forms that must not be lost, refusals that must not be half kept."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select, update

from portal.availability.models import BusyTime
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.network.models import MeetingParty
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.conftest import SignIn
from tests.networks.conftest import FRIDAY_9, HOUR
from tests.networks.test_pages import meeting, page_of, party_of
from tests.support.forms import forms_of
from tests.support.ordering import of_staff
from tests.support.pages import Client, text_of
from tests.support.world import World

__all__ = ["ask_as", "meeting", "open_world"]


def test_yes_to_a_time_that_is_no_longer_is_no_yes_to_the_new_one(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    meeting: Appointment,
    client: Client,
    now: datetime,
) -> None:
    party = party_of(database, meeting)
    shown = client.get(f"/invited/{party.token}")
    form = next(one for one in forms_of(shown.text) if one.action.startswith("/invited"))
    with app.app_context(), database.transaction() as session:
        wish = Wish(FRIDAY_9 + timedelta(days=7, hours=1), "phone")
        booking.move_for(session, ask_as(open_world.coach), meeting.id, wish, now)
    client.post(f"/invited/{party.token}", data={**form.untouched(), "answer": "yes"})
    assert party_of(database, meeting).answer == "none"


def test_another_time_can_be_tried_where_the_first_was_taken(open_world: World, sign_in: SignIn) -> None:
    browser, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}/meetings"
    asked = {"kind": "sip", "staff": str(open_world.other_coach.id), "minutes": "60", "mode": "phone"}
    first = {**asked, "at": "2026-11-24T09:00Z", "key": str(open_world.coach.id)}
    assert browser.post(f"{base}/with-others", data=first).status_code == 303
    again = browser.post(f"{base}/with-others", data={**first, "key": str(open_world.lead.id)})
    assert again.status_code == 422
    form = next(one for one in forms_of(again.text) if one.method == "post" and "with-others" in one.action)
    sent = {**form.untouched(), "at": "2026-11-26T09:00Z"}
    second = browser.post(f"{base}/with-others", data=sent)
    assert second.status_code == 303, text_of(second)[:600]


def test_blank_minutes_lose_nothing_that_was_chosen(open_world: World, sign_in: SignIn) -> None:
    browser, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}/meetings"
    asked = {"kind": "sip", "staff": str(open_world.other_coach.id), "minutes": "", "mode": "video"}
    shown = browser.get(f"{base}/with-others?{urlencode(asked)}")
    assert shown.status_code == 422
    form = next(one for one in forms_of(shown.text) if one.method == "get")
    assert form.untouched().get("kind") == "sip"
    assert form.untouched().get("staff") == str(open_world.other_coach.id)


def test_behind_the_first_door_nobody_reads_of_several_s30(
    open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    for path in ("/meetings", f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/move"):
        assert "Flera" not in text_of(browser.get(path)), path


def test_what_is_refused_is_not_half_kept(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment, now: datetime
) -> None:
    """The coach has left: the lead takes the colleague off."""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == open_world.coach.id).values(disabled_at=now))
        colleague = session.scalars(
            select(MeetingParty).where(MeetingParty.person_id == open_world.other_coach.id)
        ).one()
    browser = sign_in(open_world.lead)
    answer = browser.post(f"{page_of(open_world, meeting)}/{colleague.id}/remove")
    assert answer.status_code == 303
    with database.reading() as session:
        gone = session.get_one(MeetingParty, colleague.id).removed_at is not None
        held = select(BusyTime.id).where(
            BusyTime.cause_id == meeting.id, BusyTime.subject_id == open_world.other_coach.id
        )
        busy = session.scalars(held).first() is not None
    assert (gone, busy) in ((True, False), (False, True))


def test_a_colleague_who_interprets_as_well_is_said_so(
    app: Flask, database: Database, open_world: World, ask_as: AskAs, sign_in: SignIn, now: datetime
) -> None:
    with app.app_context(), database.transaction() as session:
        who = of_staff(session, ask_as(open_world.lead), open_world.other_coach.id, now, "ar").id
    browser, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}/meetings"
    asked = {
        "kind": "sip",
        "staff": str(open_world.other_coach.id),
        "minutes": "60",
        "mode": "phone",
        "interpreter": "ar",
        "who": str(who),
    }
    sent = {**asked, "at": "2026-11-24T09:00Z", "key": str(open_world.coach.id)}
    answer = browser.post(f"{base}/with-others", data=sent)
    assert answer.status_code == 422
    assert "Den som tolkar kan inte vara med som något annat också." in text_of(answer)


def test_whoever_was_asked_finds_the_cancelled_meeting_from_their_calendar(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    sign_in: SignIn,
    meeting: Appointment,
    now: datetime,
) -> None:
    with app.app_context(), database.transaction() as session:
        booking.cancel_for(session, ask_as(open_world.coach), meeting.id, "", now)
    answer = sign_in(open_world.other_coach).get(f"/staff/meetings/{meeting.id}")
    assert answer.status_code < 400


def test_staff_read_who_is_busy_where_a_meeting_cannot_come_back(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    sign_in: SignIn,
    meeting: Appointment,
    now: datetime,
) -> None:
    world = open_world
    with app.app_context(), database.transaction() as session:
        booking.cancel_for(session, ask_as(world.coach), meeting.id, "", now)
        wish = Wish(meeting.starts_at, "phone", length=HOUR)
        booking.book_for(
            session, ask_as(world.other_coach), world.other_participant.id, wish, now, anyway=True
        )
    base = f"/staff/people/{world.participant.id}/meetings"
    answer = sign_in(world.coach).post(f"{base}/{meeting.id}/restore", follow_redirects=True)
    assert world.other_coach.name in text_of(answer)
