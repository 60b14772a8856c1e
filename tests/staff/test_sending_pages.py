"""A coach sends a text of the organisation to many: list, preview, one button, how far it has come, stop."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from portal.db import Database
from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import sending_rules
from portal.notices.models import Sending
from portal.worker import Worker
from tests.conftest import FrozenClock, SignIn
from tests.journeys.test_selects import add_people, counted
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.own_messages import own_message
from tests.support.pages import Client, text_of
from tests.support.world import World

BASE = "/staff/own-sms"
NEW = f"{BASE}/new"


@pytest.fixture
def text(database: Database, world: World, now: datetime) -> str:
    """The id of a text in Swedish and Arabic."""
    with database.transaction() as session:
        return str(own_message(session, asker_of(session, world.admin), now).id)


@pytest.fixture
def coach(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.coach)


def chosen(text: str, *people: Person, **more: str) -> dict[str, object]:
    return {"message": text, "who": [str(one.id) for one in people], **more}


def hidden(page: TestResponse) -> dict[str, object]:
    """What the page of the preview carries to its button."""
    found: dict[str, object] = {}
    for name, value in re.findall(r'<input[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', page.text):
        if name == "who":
            who = found.setdefault("who", [])
            assert isinstance(who, list)
            who.append(value)
        else:
            found.setdefault(name, value)
    return {name: found[name] for name in ("message", "who", "sending", "seen")}


def look(browser: Client, text: str, *people: Person, **more: str) -> TestResponse:
    page = browser.post(f"{BASE}/preview", data=chosen(text, *people, **more))
    assert page.status_code == 200
    return page


def send(browser: Client, text: str, *people: Person) -> str:
    answer = browser.post(BASE, data=hidden(look(browser, text, *people)))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def put(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.language)))


def test_who_gets_it_and_who_does_not_and_why(
    coach: Client, world: World, database: Database, text: str
) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(way="call"))
    page = text_of(look(coach, text, world.participant, world.second_participant, world.other_participant))
    assert "Får det inte (1) Amina Hassan Personen vill bli uppringd" in page
    assert "Får det (1) Yonas Tesfay SMS arabiska" in page
    assert "kanariefagel" not in page
    assert "Ungefär 0,5 kr (räknas som 1 SMS)" in page
    assert "Börjar skickas" in page
    assert put(database) == []


def test_whoever_chose_e_mail_gets_it_so_and_it_costs_nothing(
    coach: Client, world: World, database: Database, text: str, now: datetime
) -> None:
    with database.transaction() as session:
        amina = session.get_one(Person, world.participant.id)
        amina.email, amina.email_confirmed_at, amina.way = "amina@example.org", now, "email"
    page = text_of(look(coach, text, world.participant, world.second_participant))
    assert "Amina Hassan E-post svenska" in page
    assert "svenska: 1 med e-post. Du är välkommen" in page, "no part of an SMS"
    assert "arabiska: 1 med SMS. Texten tar 1 SMS." in page
    assert "Personer1 med SMS och 1 med e-post" in page
    assert "Ungefär 0,5 kr (räknas som 1 SMS)" in page, "the other one's"
    assert "KostarInget" in text_of(look(coach, text, world.participant))
    where = send(coach, text, world.participant, world.second_participant)
    row = next(one for one in put(database) if one.recipient_id == world.participant.id)
    assert (row.channel, row.address, row.parts) == ("email", "amina@example.org", 0)
    for one in (where, BASE):
        assert "2 personer · 1 med SMS och 1 med e-post" in text_of(coach.get(one)), one


def test_one_button_sends_and_pressing_twice_sends_once(
    coach: Client, world: World, database: Database, text: str
) -> None:
    page = look(coach, text, world.participant, world.second_participant)
    answers = [coach.post(BASE, data=hidden(page)) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert [one.language for one in put(database)] == ["ar", "sv"]


def test_two_tabs_send_once(coach: Client, world: World, database: Database, text: str) -> None:
    tabs = [look(coach, text, world.participant) for _ in range(2)]
    assert coach.post(BASE, data=hidden(tabs[0])).status_code == 303
    second = coach.post(BASE, data=hidden(tabs[1]))
    assert second.status_code == 422
    assert "Personen får redan den texten den dagen." in text_of(second)
    assert "Inget mer är skickat." in text_of(second)
    assert len(put(database)) == 1


def test_swedish_is_not_sent_silently_to_whoever_reads_another_language(
    coach: Client, world: World, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        made = own_message(session, asker_of(session, world.admin), now, "Stängt", sv="Stängt i dag.")
    page = look(coach, str(made.id), world.second_participant)
    assert "Texten finns inte på personens språk." in text_of(page)
    assert "Ingen av dem som du valde får det." in text_of(page)
    ticked = look(coach, str(made.id), world.second_participant, swedish_too="y")
    assert "Får det (1) Yonas Tesfay SMS svenska" in text_of(ticked)
    # The tick and the button at once: it is looked at once more first.
    at_once = coach.post(BASE, data={**hidden(page), "swedish_too": "y"})
    assert (at_once.status_code, put(database)) == (422, [])
    answer = coach.post(BASE, data={**hidden(at_once), "swedish_too": "y"})
    assert answer.status_code == 303
    assert [(one.language, one.body) for one in put(database)] == [("sv", "Stängt i dag.")]


def test_many_ask_for_the_number(
    coach: Client, world: World, database: Database, now: datetime, text: str
) -> None:
    add_people(database, world, now, range(sending_rules.MOST_UNASKED + 1))
    with database.reading() as session:
        asked = select(Person).where(Person.name_sealed.is_not(None), Person.phone_hash.is_not(None))
        people = [one for one in session.scalars(asked) if one.name.startswith("Person")]
    page = look(coach, text, *people)
    assert "Skriv hur många personer som får det" in text_of(page)
    for typed in ("", "30"):
        answer = coach.post(BASE, data={**hidden(page), "number": typed})
        assert (answer.status_code, "Skriv 31 om det är rätt antal." in text_of(answer)) == (422, True)
    assert coach.post(BASE, data={**hidden(page), "number": "31"}).status_code == 303
    assert len(put(database)) == 31


def test_progress_stop_and_person_by_person(
    app: Flask, coach: Client, world: World, database: Database, frozen: FrozenClock, text: str
) -> None:
    where = send(coach, text, world.participant, world.second_participant)
    assert "Väntar 2" in text_of(coach.get(where))
    assert 'hx-trigger="every 5s"' in coach.get(f"{where}/progress").text
    with database.transaction() as session:
        gone = session.scalars(select(OutboxMessage).where(OutboxMessage.language == "sv")).one()
        gone.state = messaging.DELIVERED
    assert coach.post(f"{where}/stop").status_code == 303
    page = coach.get(where)
    assert "Stoppat. 1 meddelande hann inte skickas." in text_of(page)
    assert "Framme 1" in text_of(page)
    assert "Skickades inte 1" in text_of(page)
    assert "Utskicket stoppades innan det här meddelandet hann skickas." in text_of(page)
    assert f"/staff/people/{world.participant.id}/messages#sms-{gone.id}" in page.text
    assert "hx-trigger" not in coach.get(f"{where}/progress").text
    frozen.move(timedelta(minutes=5))
    Worker(app, most=100).once()
    assert {one.state for one in put(database)} == {messaging.DELIVERED, messaging.CANCELLED}


def test_what_was_sent_stands_on_the_persons_page_and_is_forgotten_after_a_week(
    app: Flask,
    coach: Client,
    world: World,
    database: Database,
    frozen: FrozenClock,
    text: str,
    sign_in: SignIn,
) -> None:
    send(coach, text, world.participant)
    Worker(app, most=100).once()
    where = f"/staff/people/{world.participant.id}/messages"
    assert "Meddelande från personalen Framme" in text_of(coach.get(where))
    assert "Du är välkommen i morgon klockan 13." in text_of(coach.get(where))
    frozen.move(timedelta(days=8))
    Worker(app, most=100).once()
    later = text_of(sign_in(world.coach).get(where))
    assert "Meddelande från personalen Framme" in later
    assert "välkommen i morgon" not in later


def test_a_lead_sees_and_stops_what_the_team_sends_and_another_coach_does_not(
    sign_in: SignIn, coach: Client, world: World, text: str
) -> None:
    where = send(coach, text, world.participant)
    lead = sign_in(world.lead)
    assert "Karin Lund" in text_of(lead.get(BASE))
    assert "Öppet hus" in text_of(coach.get(BASE))
    assert lead.post(f"{where}/stop").status_code == 303
    for stranger in (world.other_coach, world.far_coach):
        browser = sign_in(stranger)
        assert "Öppet hus" not in text_of(browser.get(BASE))
        assert [browser.get(one).status_code for one in (where, f"{where}/progress")] == [404, 404]
        assert browser.post(f"{where}/stop").status_code == 404


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("", {"Amina Hassan", "Yonas Tesfay"}),
        ("language=ar", {"Yonas Tesfay"}),
        ("meeting=3", {"Amina Hassan"}),
        ("meeting=1", set()),
        ("meeting=none", {"Yonas Tesfay"}),
        ("portal=in", set()),
        ("portal=out", {"Amina Hassan", "Yonas Tesfay"}),
        ("language=xx&meeting=never&portal=maybe&team=1", {"Amina Hassan", "Yonas Tesfay"}),
    ],
)
def test_the_list_is_narrowed(
    coach: Client, world: World, database: Database, now: datetime, text: str, query: str, listed: set[str]
) -> None:
    with database.transaction() as session:
        add_meeting(session, world.participant, world.coach, now + timedelta(days=2), now)
    page = coach.get(f"{NEW}?{query}")
    named = {name for name in ("Amina Hassan", "Yonas Tesfay") if name in text_of(page)}
    assert named == listed
    # Whoever has narrowed the list means all of it; nobody is ticked on the first visit.
    assert page.text.count(" checked>") == (len(listed) if query else 0)


def test_a_lead_narrows_by_team_and_programme_and_to_their_own(
    sign_in: SignIn, world: World, text: str
) -> None:
    lead = sign_in(world.lead)
    page = lead.get(f"{NEW}?team={world.here.team.id}&programme={world.here.programme.id}")
    assert "Amina Hassan" in text_of(page)
    assert "kanariefagel" not in text_of(page)
    assert "Ingen i listan." in text_of(lead.get(f"{NEW}?whose=mine"))
    assert "Ingen i listan." in text_of(lead.get(f"{NEW}?team={uuid.uuid4()}"))


def test_one_participant_from_their_own_page(coach: Client, world: World, text: str) -> None:
    own = coach.get(f"/staff/people/{world.participant.id}/messages")
    assert f"{NEW}?person={world.participant.id}" in own.text
    page = coach.get(f"{NEW}?person={world.participant.id}")
    assert ("Amina Hassan" in text_of(page), "Yonas" in text_of(page)) == (True, False)
    assert page.text.count(" checked>") == 1
    assert "Amina" not in text_of(coach.get(f"{NEW}?person={world.other_participant.id}"))


def test_what_is_missing_is_said_and_what_was_ticked_stays(coach: Client, world: World, text: str) -> None:
    answer = coach.post(f"{BASE}/preview", data={"message": text})
    assert (answer.status_code, "Kryssa i minst en person." in text_of(answer)) == (422, True)
    answer = coach.post(f"{BASE}/preview", data={"who": [str(world.participant.id)]})
    assert (answer.status_code, answer.text.count(" checked>")) == (422, 1)
    answer = coach.post(f"{BASE}/preview", data=chosen(text, world.participant, change="1"))
    assert (answer.status_code, answer.text.count(" checked>")) == (200, 1)
    for wrong in ({"who": ["nobody"], "message": text}, {"who": [str(uuid.uuid4())], "message": "none"}):
        assert coach.post(f"{BASE}/preview", data=wrong).status_code == 422
        assert coach.post(BASE, data=wrong).status_code == 422


def test_what_leaves_another_day_is_read_once_more(
    sign_in: SignIn, world: World, frozen: FrozenClock, text: str
) -> None:
    """ "It is closed today" is wrong tomorrow."""
    said = "Det skickas inte i dag."
    assert said not in text_of(look(sign_in(world.coach), text, world.participant))
    frozen.moment = frozen.moment.replace(hour=20, minute=30)
    assert said in text_of(look(sign_in(world.coach), text, world.participant))


def test_a_text_that_was_taken_out_of_use_meanwhile_is_not_sent(
    sign_in: SignIn, coach: Client, world: World, database: Database, text: str
) -> None:
    page = look(coach, text, world.participant)
    sign_in(world.admin).post(f"/staff/organisation/own-texts/{text}/retire")
    assert coach.post(BASE, data=hidden(page)).status_code == 422
    assert put(database) == []


def test_in_the_evening_it_waits_for_the_morning_and_says_so(
    sign_in: SignIn, world: World, frozen: FrozenClock, text: str
) -> None:
    frozen.move(timedelta(hours=11, minutes=55))
    coach = sign_in(world.coach)
    page = look(coach, text, world.participant)
    assert "onsdag 25 november klockan 08.00" in text_of(page)
    where = send(coach, text, world.participant)
    assert "Det börjar skickas onsdag 25 november" in text_of(coach.get(where))


def test_the_preview_of_three_hundred_asks_as_seldom_as_that_of_ten(
    coach: Client, world: World, database: Database, now: datetime, text: str
) -> None:
    asked = []
    for numbers in (range(10), range(10, 300)):
        add_people(database, world, now, numbers)
        with database.reading() as session:
            ids = session.scalars(select(Person.id).where(Person.phone_hash.is_not(None))).all()
        with counted(database) as found:
            coach.post(f"{BASE}/preview", data={"message": text, "who": [str(one) for one in ids]})
        asked.append(len(found))
    assert asked[0] == asked[1]
    assert asked[0] <= 18


def test_nothing_is_counted_of_a_sending_but_its_own(
    coach: Client, world: World, database: Database, text: str
) -> None:
    send(coach, text, world.participant)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Sending)) == 1
    assert "Väntar: 1" in text_of(coach.get(BASE))
