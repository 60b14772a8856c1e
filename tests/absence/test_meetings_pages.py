"""The page on which one decides what becomes of the meetings in an absence."""

import re
import uuid
from datetime import datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal.availability.models import OwnTerms, WeeklyHours
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.absence.models import Absence
from portal.identity.models import CoachChange, Enrolment, Person
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from tests.conftest import FrozenClock, SignIn
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
NEXT = datetime.fromisoformat("2026-12-01T09:00+00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Made = list[uuid.UUID]
AWAY = {"first": "2026-11-30", "last": "2026-12-04"}


@pytest.fixture
def meetings(database: Database, world: World, now: datetime) -> Made:
    """Two participants are booked next week; both coaches meet people on weekdays from nine to four."""
    with database.transaction() as session, APP.app_context():
        session.add_all(
            WeeklyHours(person_id=coach.id, weekday=day, starts=time(9), ends=time(16))
            for coach in (world.coach, world.other_coach)
            for day in range(5)
        )
        session.flush()
        asker = asker_of(session, world.coach)
        made = [
            booking.book_for(session, asker, person.id, Wish(NEXT + day, "phone", uuid.uuid4()), now)
            for person, day in ((world.participant, 0 * DAY), (world.second_participant, DAY))
        ]
        return [one.id for one in made]


@pytest.fixture
def browser(sign_in: SignIn, world: World) -> FlaskClient:
    return sign_in(world.coach)


def saved(browser: FlaskClient, world: World, stand_in: Person | None = None) -> str:
    """The address of the page that one comes to when an absence is saved."""
    typed = {**AWAY, "stand_in": str(stand_in.id) if stand_in else ""}
    answer = browser.post(f"/staff/absence/{world.coach.id}", data=typed)
    assert answer.status_code == 303
    return answer.location


def sent(page: str, **what: str) -> dict[str, str]:
    """The form as the page gives it, with these answers by the meeting's id."""
    fields = dict(re.findall(r'type="hidden" name="(revision-[^"]+|stand_in)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'type="radio" name="(what-[^"]+)" value="([^"]*)" checked', page))
    for name, options in re.findall(r'<select id="(time-[^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        assert chosen
        fields[name] = chosen[1]
    return {**fields, **{f"what-{key}": value for key, value in what.items()}}


def stored(database: Database, meeting_id: uuid.UUID) -> Appointment:
    with database.reading() as session:
        return session.scalars(select(Appointment).where(Appointment.id == meeting_id)).one()


def queued(database: Database) -> list[tuple[str, uuid.UUID]]:
    with database.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.state == "queued"))
        return sorted((row.kind, row.recipient_id) for row in rows if row.kind != kinds.BOOKED)


def test_saving_an_absence_leads_to_the_meetings_in_it(
    database: Database, world: World, browser: FlaskClient, meetings: Made
) -> None:
    page = browser.get(saved(browser, world, world.other_coach))
    text = text_of(page)
    assert "Sparat." in text
    assert "Amina H." in text
    assert "Olof Berg tar det, samma tid" in text
    assert page.get_data(as_text=True).count('value="stay" checked') == 2


def test_without_meetings_one_comes_back_to_the_absence(browser: FlaskClient, world: World) -> None:
    assert saved(browser, world).endswith(f"/staff/absence/{world.coach.id}")


@pytest.mark.parametrize(
    ("choice", "kind"),
    [("along", kinds.CHANGED), ("move", kinds.MOVED), ("cancel", kinds.CANCELLED)],
)
def test_the_same_for_all_in_two_taps_and_undone_in_one(
    database: Database,
    world: World,
    browser: FlaskClient,
    meetings: Made,
    *,
    choice: str,
    kind: str,
) -> None:
    address = saved(browser, world, world.other_coach)
    page = browser.get(f"{address}?all={choice}").get_data(as_text=True)
    assert page.count(f'value="{choice}" checked') == 2
    done = browser.post(address, data=sent(page), follow_redirects=True)
    assert "2 möten är ändrade. Du kan ångra i 10 minuter." in text_of(done)
    people = (world.participant.id, world.second_participant.id)
    assert queued(database) == sorted((kind, one) for one in people)
    html = done.get_data(as_text=True)
    assert "Du kan ångra till klockan" in text_of(done)
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', html)
    assert undo
    assert "2 möten är som förut igen." in text_of(browser.post(undo[1], follow_redirects=True))
    assert [stored(database, one).starts_at for one in meetings] == [NEXT, NEXT + DAY]
    assert queued(database) == []
    again = text_of(browser.post(undo[1], follow_redirects=True))
    assert "Det är för sent att ångra, eller redan ångrat." in again


def test_each_its_own_answer(database: Database, world: World, browser: FlaskClient, meetings: Made) -> None:
    address = saved(browser, world, world.other_coach)
    first, second = meetings
    page = browser.get(address).get_data(as_text=True)
    browser.post(address, data=sent(page, **{str(first): "along", str(second): "move"}))
    assert stored(database, first).coach_id == world.other_coach.id
    assert stored(database, second).starts_at == NEXT + 8 * DAY
    assert stored(database, second).coach_id == world.coach.id


def test_nothing_chosen_changes_nothing(
    database: Database, world: World, browser: FlaskClient, meetings: Made
) -> None:
    address = saved(browser, world)
    page = browser.get(address).get_data(as_text=True)
    said = text_of(browser.post(address, data=sent(page), follow_redirects=True))
    assert "Inget är ändrat. Mötena står kvar." in said
    assert queued(database) == []


def test_a_meeting_that_was_changed_meanwhile_is_shown_as_it_is_now(
    database: Database, world: World, browser: FlaskClient, meetings: Made, now: datetime
) -> None:
    """S49: nothing of the rest is done, and what was chosen about the rest stands."""
    address = saved(browser, world)
    first, second = meetings
    page = browser.get(f"{address}?all=cancel").get_data(as_text=True)
    with database.transaction() as session, APP.app_context():
        lead = asker_of(session, world.lead)
        wish = Wish(NEXT + timedelta(hours=2), "phone")
        booking.move_for(session, lead, first, wish, now, anyway=True)
    answer = browser.post(address, data=sent(page))
    assert answer.status_code == 422
    text, html = text_of(answer), answer.get_data(as_text=True)
    assert "Mötet har ändrats sedan du öppnade sidan. Så här är det nu." in text
    assert "klockan 12.00" in text
    assert f'name="what-{second}" value="cancel" checked' in html
    assert f'name="what-{first}" value="stay" checked' in html
    assert stored(database, second).state == "booked"
    browser.post(address, data=sent(html, **{str(first): "cancel"}))
    assert {stored(database, one).state for one in meetings} == {"cancelled"}


def test_a_time_that_was_taken_meanwhile_is_said_beside_the_meeting(
    database: Database, world: World, browser: FlaskClient, meetings: Made, now: datetime
) -> None:
    address = saved(browser, world)
    first, second = meetings
    page = browser.get(f"{address}?all=move").get_data(as_text=True)
    with database.transaction() as session, APP.app_context():
        wish = Wish(NEXT + 7 * DAY, "phone", uuid.uuid4())
        lead = asker_of(session, world.lead)
        booking.book_for(session, lead, world.participant.id, wish, now)
    answer = browser.post(address, data=sent(page))
    assert answer.status_code == 422
    assert "Den tiden är tagen. Välj något annat." in text_of(answer)
    assert stored(database, second).starts_at == NEXT + DAY
    assert f'name="what-{first}" value="move" checked' in answer.get_data(as_text=True)


def test_whom_nothing_reaches_is_named(
    database: Database, world: World, browser: FlaskClient, meetings: Made
) -> None:
    """S34: who is in danger by an SMS is not rung up either."""
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).sms_unsafe = True
        session.get_one(Person, world.second_participant.id).way = kinds.CALL
    address = saved(browser, world)
    page = browser.get(f"{address}?all=cancel").get_data(as_text=True)
    said = text_of(browser.post(address, data=sent(page), follow_redirects=True))
    assert "Det går inte att skicka till: Yonas Tesfay. Ring." in said
    assert "Det går inte att skicka till: Amina Hassan. Ring inte, det är inte säkert." in said
    assert "Amina Hassan. Ring. " not in said
    assert queued(database) == []


def test_whose_meeting_stayed_after_a_hand_over_is_named_too(
    database: Database, world: World, browser: FlaskClient, meetings: Made, now: datetime
) -> None:
    amina, olof = world.participant, world.other_coach
    with database.transaction() as session:
        session.get_one(Person, amina.id).way = kinds.CALL
        session.execute(update(Enrolment).where(Enrolment.person_id == amina.id).values(coach_id=olof.id))
        coaches = {"former_id": world.coach.id, "coach_id": olof.id}
        session.add(CoachChange(person_id=amina.id, changed_at=now, **coaches))
    address = saved(browser, world)
    page = browser.get(f"{address}?all=cancel").get_data(as_text=True)
    said = text_of(browser.post(address, data=sent(page), follow_redirects=True))
    assert "Det går inte att skicka till: Amina H. Ring." in said


def test_nobody_takes_a_meeting_who_was_not_chosen(
    database: Database, world: World, browser: FlaskClient, meetings: Made
) -> None:
    """S49: the lead has let another one stand in while the page was open."""
    address = saved(browser, world, world.other_coach)
    page = browser.get(f"{address}?all=along").get_data(as_text=True)
    with database.transaction() as session:
        row = session.scalars(select(Absence)).one()
        row.stand_in_id = world.lead.id
    answer = browser.post(address, data=sent(page))
    assert answer.status_code == 422
    assert "Vikarien är en annan än när du öppnade sidan. Välj igen." in text_of(answer)
    assert {stored(database, one).coach_id for one in meetings} == {world.coach.id}


def test_a_full_day_of_whoever_stands_in_is_said(
    database: Database, world: World, browser: FlaskClient, meetings: Made, now: datetime
) -> None:
    with database.transaction() as session, APP.app_context():
        session.add(OwnTerms(person_id=world.other_coach.id, most_a_day=1))
        olof, wish = asker_of(session, world.other_coach), Wish(NEXT + 4 * HOUR, "phone", uuid.uuid4())
        booking.book_for(session, olof, world.other_participant.id, wish, now, anyway=True)
    text = text_of(browser.get(saved(browser, world, world.other_coach)))
    assert text.count("(dagen är redan full)") == 1


def test_an_absence_that_is_over_has_no_page(
    world: World, browser: FlaskClient, meetings: Made, frozen: FrozenClock, sign_in: SignIn
) -> None:
    address = saved(browser, world)
    frozen.moment = datetime.fromisoformat("2026-12-05T08:00+00:00")
    assert sign_in(world.coach).get(address).status_code == 404


def test_the_meetings_of_a_colleague_are_the_lead_s_to_decide(
    world: World, browser: FlaskClient, meetings: Made, sign_in: SignIn
) -> None:
    address = saved(browser, world)
    assert sign_in(world.other_coach).get(address).status_code == 404
    assert "Karin Lund" in text_of(sign_in(world.lead).get(address))


@pytest.mark.parametrize(
    "nonsense",
    [
        {"what-x": "cancel"},
        {f"what-{uuid.uuid4()}": "cancel", "revision": "1"},
        {"what-": "move"},
    ],
)
def test_what_no_page_sent_does_nothing(
    database: Database,
    world: World,
    browser: FlaskClient,
    meetings: Made,
    nonsense: dict[str, str],
) -> None:
    address = saved(browser, world)
    assert browser.post(address, data=nonsense).status_code == 303
    assert {stored(database, one).revision for one in meetings} == {0}
