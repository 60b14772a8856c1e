"""Planning a meeting of several on the pages, answering from outside, and what each reads of it."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.network import service
from portal.booking.network.models import MeetingParty
from portal.booking.network.service import About, Plan
from portal.booking.time_service import Wish
from portal.db import Database
from portal.messaging.models import OutboxMessage
from tests.booking.conftest import AskAs
from tests.conftest import FrozenClock, SignIn
from tests.networks.conftest import FRIDAY_9, HOUR
from tests.support.networks import GUEST, outside
from tests.support.pages import Client, seen, text_of
from tests.support.world import World

INVITED = {"name": "Sofia", "organisation": "Vårdcentralen", "email": "sofia@vc.example", "agreed": "y"}


@pytest.fixture
def meeting(app: Flask, database: Database, open_world: World, ask_as: AskAs, now: datetime) -> Appointment:
    """Next Friday with the colleague and a nurse."""
    coach = ask_as(open_world.coach)
    with app.app_context(), database.transaction() as session:
        wish = Wish(FRIDAY_9 + timedelta(days=7), "phone", length=HOUR)
        plan = Plan("sip", (open_world.other_coach.id,))
        made = service.book(session, coach, open_world.participant.id, wish, plan, now)
        service.describe(session, coach, made.id, About("sip", agenda="Planen\nBussen"), now)
        service.invite(session, coach, made.id, GUEST, now)
    return made


def page_of(world: World, meeting: Appointment) -> str:
    return f"/staff/people/{world.participant.id}/meetings/{meeting.id}/with-others"


def party_of(database: Database, meeting: Appointment) -> MeetingParty:
    with database.reading() as session:
        return outside(session, meeting.id)


def test_a_coach_finds_a_time_for_all_and_books_it(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}/meetings"
    assert "Boka ett möte med flera" in text_of(browser.get(base))
    asked = {"kind": "sip", "staff": str(open_world.other_coach.id), "minutes": "60", "mode": "phone"}
    shown = browser.get(f"{base}/with-others?{urlencode(asked)}")
    assert "Då kan alla" in text_of(shown)
    times = re.findall(r'name="at" value="([^"]+)"', shown.text)
    assert times[:2] == ["2026-11-24T08:30Z", "2026-11-24T09:00Z"]
    answer = browser.post(f"{base}/with-others", data={**asked, "at": times[1], "key": open_world.coach.id})
    assert answer.status_code == 303
    with database.reading() as session:
        made = session.scalars(select(Appointment)).one()
    assert answer.location.endswith(page_of(open_world, made))
    page = text_of(browser.get(answer.location))
    assert open_world.other_coach.name in page
    again = browser.post(f"{base}/with-others", data={**asked, "at": times[1], "key": made.id})
    assert again.status_code == 422
    assert f"{open_world.coach.name} är upptagen då." in text_of(again)
    assert "Då kan alla" in text_of(again)


def test_what_was_chosen_wrongly_is_said_beside_the_field(open_world: World, sign_in: SignIn) -> None:
    browser, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}/meetings"
    wrong = browser.get(f"{base}/with-others?minutes=900&kind=sip&mode=phone")
    assert wrong.status_code == 422
    assert 'value="900"' in wrong.text


def test_somebody_from_outside_is_invited_after_the_participant_has_agreed(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    browser, page = sign_in(open_world.coach), page_of(open_world, meeting)
    other = {**INVITED, "email": "per@af.example", "name": "Per"}
    refused = browser.post(f"{page}/invite", data={**other, "agreed": ""})
    assert refused.status_code == 422
    assert "Fråga deltagaren först" in text_of(refused)
    assert "per@af.example" in refused.text
    bad = browser.post(f"{page}/invite", data={**other, "email": "per"})
    assert "Det är ingen e-postadress" in text_of(bad)
    assert browser.post(f"{page}/invite", data=other).status_code == 303
    shown = text_of(browser.get(page))
    assert "Per Vårdcentralen" in shown
    assert "E-posten är på väg" in shown
    with database.reading() as session:
        rows = select(OutboxMessage.address_sealed).where(OutboxMessage.kind == "party_invited")
        assert len(session.scalars(rows).all()) == 3


def test_an_answer_is_looked_at_by_get_and_given_by_post(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment, client: Client
) -> None:
    party = party_of(database, meeting)
    address = f"/invited/{party.token}"
    for _ in range(2):
        shown = client.get(address)
        assert shown.status_code == 200
    page = text_of(shown)
    assert "SIP-möte" in page
    assert "Planen Bussen" in page
    for secret in open_world.participant.name.split():
        assert secret not in shown.text
    assert party_of(database, meeting).answer == "none"
    empty = client.post(address, data={"words": "Kanske"})
    assert (empty.status_code, "Kanske" in empty.text) == (422, True)
    done = client.post(address, data={"answer": "no", "words": "Jag är ledig"}, follow_redirects=True)
    assert "Tack! Vi vet att du inte kan komma." in text_of(done)
    assert (party_of(database, meeting).answer, party_of(database, meeting).words) == ("no", "Jag är ledig")
    coach = sign_in(open_world.coach)
    told = text_of(coach.get(page_of(open_world, meeting)))
    assert "Kan inte" in told
    assert "Jag är ledig" in told
    assert "1 kan inte" in text_of(coach.get(f"/staff/people/{open_world.participant.id}/meetings"))


def test_after_the_meeting_and_after_it_is_off_nobody_answers(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    meeting: Appointment,
    client: Client,
    frozen: FrozenClock,
    now: datetime,
) -> None:
    address = f"/invited/{party_of(database, meeting).token}"
    with app.app_context(), database.transaction() as session:
        booking.cancel_for(session, ask_as(open_world.coach), meeting.id, "", now)
    assert "Mötet är inställt." in text_of(client.get(address))
    assert client.post(address, data={"answer": "yes"}).status_code == 303
    assert party_of(database, meeting).answer == "none"
    frozen.moment = FRIDAY_9 + timedelta(days=8)
    assert "Skicka svaret" not in text_of(client.get(address))


@pytest.mark.parametrize("token", ["x", "A" * 43, "../../etc", "A" * 500])
def test_an_address_that_never_was_finds_nothing(client: Client, token: str) -> None:
    assert client.get(f"/invited/{token}").status_code == 404


def test_a_colleague_sees_the_meeting_in_day_and_week_and_nothing_else_of_the_person(
    open_world: World, sign_in: SignIn, meeting: Appointment, frozen: FrozenClock
) -> None:
    browser, person = sign_in(open_world.other_coach), open_world.participant
    week = browser.get("/staff/week?from=2026-12-04")
    assert f"/staff/asked/{meeting.id}" in week.text
    assert person.short_name in text_of(week)
    page = browser.get(f"/staff/asked/{meeting.id}")
    assert "SIP-möte" in text_of(page)
    assert person.name not in page.text
    assert browser.get(page_of(open_world, meeting)).status_code == 404
    assert browser.get(f"/staff/people/{person.id}").status_code == 404
    frozen.moment = FRIDAY_9 + timedelta(days=7, hours=-1)
    today = sign_in(open_world.other_coach).get("/staff")
    assert f"/staff/asked/{meeting.id}" in today.text
    assert f"/staff/people/{person.id}" not in today.text


def test_whoever_looks_at_a_colleagues_week_reads_no_name(
    open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    browser = sign_in(open_world.lead)
    week = browser.get(f"/staff/week?from=2026-12-04&coach={open_world.coach.id}")
    assert f"/staff/people/{open_world.participant.id}" in week.text
    theirs = browser.get(f"/staff/week?from=2026-12-04&coach={open_world.other_coach.id}")
    assert theirs.status_code == 200
    assert f"/staff/asked/{meeting.id}" not in theirs.text


def test_a_participant_reads_who_comes_behind_the_second_door_alone_s30(
    open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    """S30"""
    path = f"/meetings/{meeting.id}"
    whole = text_of(sign_in(open_world.participant).get(path))
    assert "Sofia Sjuksköterska, Vårdcentralen" in whole
    assert "Planen Bussen" in whole
    assert "Byt tid" not in whole
    assert "Avboka" in whole
    first = text_of(sign_in(open_world.participant, tier=1).get(path))
    assert "Vårdcentralen" not in first
    assert "Bussen" not in first


def test_moving_alone_is_refused_in_words(open_world: World, sign_in: SignIn, meeting: Appointment) -> None:
    browser = sign_in(open_world.participant)
    shown = browser.get(f"/meetings/{meeting.id}/move")
    assert "Flera har planerat för den här tiden" in text_of(shown)
    sent = browser.post(f"/meetings/{meeting.id}/move", data={"at": "2026-12-04T12:00Z", "mode": "phone"})
    assert (sent.status_code, "Flera har planerat" in text_of(sent)) == (422, True)


def test_two_of_staff_at_once_see_what_the_other_wrote(
    open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    browser, page = sign_in(open_world.coach), page_of(open_world, meeting)
    mark = seen(browser, page)
    first = {"kind": "sip", "agenda": "Ny punkt", "seen": mark}
    assert browser.post(page, data=first).status_code == 303
    second = browser.post(page, data={"kind": "network", "agenda": "Annat", "seen": mark})
    assert second.status_code == 422
    assert "Nu står det: Ny punkt." in text_of(second)
    assert "Annat" in second.text


def test_an_answer_by_phone_is_noted_and_taken_off(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    browser, page = sign_in(open_world.coach), page_of(open_world, meeting)
    party = party_of(database, meeting)
    assert browser.post(f"{page}/{party.id}/yes").status_code == 303
    assert party_of(database, meeting).answer == "yes"
    assert browser.post(f"{page}/{party.id}/none").status_code == 303
    assert party_of(database, meeting).answer == "none"
    assert browser.post(f"{page}/{party.id}/remove").status_code == 303
    assert "Sofia" not in text_of(browser.get(page))


def test_a_colleague_who_is_busy_is_named_beside_the_field(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    sign_in: SignIn,
    now: datetime,
) -> None:
    world = open_world
    with app.app_context(), database.transaction() as session:
        wish = Wish(FRIDAY_9, "phone", length=HOUR)
        theirs, own = world.other_participant.id, world.participant.id
        booking.book_for(session, ask_as(world.other_coach), theirs, wish, now, anyway=True)
        made = booking.book_for(session, ask_as(world.coach), own, wish, now, anyway=True)
    path = f"{page_of(world, made)}/colleague"
    refused = sign_in(world.coach).post(path, data={"person": str(world.other_coach.id)})
    assert refused.status_code == 422
    assert f"{world.other_coach.name} är upptagen då." in text_of(refused)


def test_a_colleague_who_goes_away_reads_to_which_meetings_they_do_not_come(
    open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    browser, own = sign_in(open_world.other_coach), f"/staff/absence/{open_world.other_coach.id}"
    assert browser.post(own, data={"first": "2026-12-03", "last": "2026-12-05"}).status_code == 303
    page = browser.get(own)
    assert f"/staff/asked/{meeting.id}" in page.text
    assert f"Säg till {open_world.coach.name}." in text_of(page)
    lead = sign_in(open_world.lead).get(own)
    assert f"/staff/asked/{meeting.id}" not in lead.text
    coach = sign_in(open_world.coach).get(page_of(open_world, meeting))
    assert "Borta den dagen" in text_of(coach)
