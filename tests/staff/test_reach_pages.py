"""How one participant is reached, as their coach sees and changes it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.identity.models import Person
from portal.journal.models import JournalRow
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.staff.queries import NamedNeed
from portal.staff.rules import Need
from tests.conftest import FrozenClock, SignIn
from tests.support import meetings, outbox
from tests.support.pages import Client, text_of
from tests.support.world import World

DAY = timedelta(days=1)


@pytest.fixture
def coach(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.coach)


@pytest.fixture
def at(world: World) -> str:
    return f"/staff/people/{world.participant.id}/reach"


def stored(database: Database, world: World) -> Person:
    with database.reading() as session:
        return session.get_one(Person, world.participant.id)


def change(database: Database, world: World, **values: object) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(**values))


def test_staff_are_told_where_a_voice_can_ring_and_why_not(
    coach: Client, at: str, world: World, database: Database
) -> None:
    assert "Rösten läser upp dag och tid två gånger" in text_of(coach.get(at))
    assert coach.post(at, data={"way": "voice"}).location == at
    assert stored(database, world).way == "voice"
    change(database, world, language="so", way="sms")
    assert "Rösten läser upp" in text_of(coach.get(at))
    coach.application.config["STIGEN"] = replace(
        coach.application.config["STIGEN"], sms_provider="46elks", elks_sender="Portalen"
    )
    assert "tjänsten som skickar era SMS kan inte det" in text_of(coach.get(at))
    assert coach.post(at, data={"way": "voice"}).status_code == 422


def test_a_call_that_nobody_heard_is_shown_and_rung_about(
    coach: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    now, person = frozen.moment, f"/staff/people/{world.participant.id}"
    change(database, world, way="voice")
    with database.transaction() as session:
        own = session.get_one(Person, world.participant.id)
        meeting = meetings.add_meeting(session, own, world.coach, now + DAY, now - 9 * DAY)
        row = outbox.put(
            session, now, channel="voice", subject=meeting.id, recipient_id=own.id, expires_at=now + DAY
        )
        row.state, row.error_code = messaging.FAILED, "call no-answer"
    page = text_of(coach.get(f"{person}/messages"))
    assert "Samtal Ingen svarade" in page
    assert "Det ringde, men ingen svarade." in page
    assert "Ring upp igen" in page
    assert "räknas som" not in page
    assert "Samtal Ingen svarade" in text_of(coach.get("/staff/sending-today"))
    today = coach.get("/staff")
    told = (
        "Rösten ringde, men nådde inte personen. Ring och påminn om mötet onsdag 25 november klockan 09.00."
    )
    assert told in text_of(today)
    key = next(part for part in today.text.split('"') if part.startswith("call:"))
    assert coach.post(f"{person}/handle", data={"outcome": "called", "key": key}).status_code == 303
    assert "Rösten ringde" not in text_of(coach.get("/staff"))
    again = f"{person}/messages/{row.id}/again"
    assert coach.post(again).status_code == 303
    assert "Samtal Väntar på att ringa" in text_of(coach.get(f"{person}/messages"))


def test_who_wants_a_call_stands_on_the_coachs_list_with_the_number(
    coach: Client, at: str, world: World, database: Database, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        meetings.add_meeting(session, person, world.coach, frozen.moment + DAY, frozen.moment - 9 * DAY)
    assert "Att ringa" not in text_of(coach.get("/staff"))
    assert coach.post(at, data={"way": "call"}).location == at
    page = coach.get("/staff")
    assert "Ring och påminn om mötet onsdag 25 november klockan 09.00." in text_of(page)
    assert 'href="tel:+46701740605"' in page.text
    key = next(part for part in page.text.split('"') if part.startswith("call:"))
    data = {"outcome": "called", "key": key}
    assert coach.post(f"/staff/people/{world.participant.id}/handle", data=data).status_code == 303
    assert "Ring och påminn" not in text_of(coach.get("/staff"))
    messages = text_of(coach.get(f"/staff/people/{world.participant.id}/messages"))
    assert "Personen vill bli uppringd i stället för att få meddelanden." in messages
    assert coach.post(at, data={"way": "pigeon"}).status_code == 422


def test_staff_may_let_an_sms_say_less_and_never_more(
    coach: Client, at: str, world: World, database: Database
) -> None:
    """S31"""
    assert f"{at}/less" not in coach.get(at).text
    assert "Personen kan själv välja mer" in text_of(coach.get(at))
    change(database, world, sms_place=True)
    assert f"{at}/less" in coach.get(at).text
    assert coach.post(f"{at}/less", data={"sms_coach": "y", "coach": "y"}).location == at
    assert not stored(database, world).sms_place
    assert not stored(database, world).sms_coach


def test_staff_stop_all_sms_and_only_the_person_brings_them_back(
    coach: Client, at: str, world: World, database: Database, frozen: FrozenClock, sign_in: SignIn
) -> None:
    """S34: lifted when the person sits there, which the coach says; noted in the journal."""
    phone = sign_in(world.participant)
    with database.transaction() as session:
        outbox.put(session, frozen.moment, recipient_id=world.participant.id)
    assert coach.post(f"{at}/unsafe").location == at
    assert stored(database, world).sms_unsafe
    assert phone.get("/me").status_code == 303
    with database.reading() as session:
        assert set(session.scalars(select(OutboxMessage.state))) == {messaging.CANCELLED}
    page = text_of(coach.get(at))
    assert "SMS är inte säkert för personen." in page
    head = text_of(coach.get(f"/staff/people/{world.participant.id}"))
    assert "Amina Hassan Pågår SMS är inte säkert" in head
    refused = coach.post(f"{at}/safe")
    assert refused.status_code == 422
    assert stored(database, world).sms_unsafe
    assert coach.post(f"{at}/safe", data={"safe-here": "here"}).location == at
    assert not stored(database, world).sms_unsafe
    with database.reading() as session:
        kinds = session.scalars(
            select(JournalRow.kind)
            .where(
                JournalRow.subject_id == world.participant.id,
                JournalRow.action == "change",
                JournalRow.actor_id == world.coach.id,
            )
            .order_by(JournalRow.number)
        ).all()
    assert list(kinds) == ["sms_unsafe", "sms_safe"]


def test_nobody_is_told_to_ring_whom_it_may_endanger(
    coach: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S34"""
    missed = {"attendance": "absent", "attended_at": frozen.moment, "attendance_by": world.coach.id}
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        started = frozen.moment - 2 * DAY
        meetings.add_meeting(session, person, world.coach, started, started - 9 * DAY, **missed)
    page = coach.get("/staff")
    assert "Ring och fråga." in text_of(page)
    assert 'href="tel:+46701740605"' in page.text, "whoever is to be rung has their number beside it"
    assert "Ringt" in text_of(page)
    change(database, world, sms_unsafe=True)
    page = coach.get("/staff")
    assert "Ring inte, det är inte säkert. Fråga när ni ses." in text_of(page)
    assert "Ring och fråga." not in text_of(page)
    assert "tel:+46701740605" not in page.text


def test_whoever_asks_for_help_is_not_rung_where_it_is_not_safe(
    coach: Client, world: World, database: Database, busy_world: World
) -> None:
    """S34: whatever the reason is, there is neither a number nor a tap that says somebody rang."""
    here = f"/staff/people/{world.participant.id}"
    row = coach.get("/staff").text.partition("Vem ska jag ringa?")[2].partition("</li>")[0]
    assert "tel:+46701740605" in row
    assert 'value="called"' in row
    change(database, world, sms_unsafe=True)
    _, _, rest = coach.get("/staff").text.partition("Vem ska jag ringa?")
    row = rest.partition("</li>")[0]
    assert "Ring inte, det är inte säkert." in row
    assert "tel:" not in row
    assert 'value="called"' not in row
    assert "Ring inte, det är inte säkert." in text_of(coach.get(f"{here}/handle"))


@pytest.mark.parametrize("page", ["", "/plan", "/meetings", "/reach", "/enrolment", "/card"])
def test_no_page_about_a_person_offers_a_call_that_is_not_safe(
    coach: Client, world: World, database: Database, page: str
) -> None:
    """S34: the head of each has a number to ring, until a call may endanger somebody."""
    here = f"/staff/people/{world.participant.id}{page}"
    assert 'href="tel:+46701740605"' in coach.get(here).text
    change(database, world, sms_unsafe=True)
    shown = coach.get(here)
    assert shown.status_code == 200
    assert not any(number in shown.text for number in ("+46701740605", "070-174 06 05"))
    assert "Ring inte, det är inte säkert." in text_of(shown)


def test_whom_no_call_should_reach_has_no_number_in_a_list(
    world: World, database: Database, frozen: FrozenClock
) -> None:
    """S6, S34, S37"""
    with database.reading() as session:
        person = session.get_one(Person, world.participant.id)
        need = Need(person.id, ())
        assert NamedNeed.of(need, person).phone == "+46701740605"
        for refuses in ("protected", "sms_unsafe", "disabled_at"):
            held = getattr(person, refuses)
            setattr(person, refuses, frozen.moment if refuses == "disabled_at" else True)
            assert NamedNeed.of(need, person).phone == "", refuses
            setattr(person, refuses, held)
        session.expunge(person)


def test_the_code_page_speaks_the_persons_language(coach: Client, world: World, database: Database) -> None:
    with database.transaction() as session:
        yonas = session.get_one(Person, world.second_participant.id)
        yonas.sms_unsafe = True
    page = coach.post(f"/staff/people/{world.second_participant.id}/reach/code", data={"here": "here"})
    assert 'lang="ar" dir="rtl"' in page.text
    assert "معي رمز من مرشدي" in text_of(page)
    assert "/norrby" in text_of(page)
    assert world.here.organisation.phone in text_of(page), "whom to ring when one does not come in"


def test_the_card_says_how_one_comes_in_without_sms(coach: Client, world: World, database: Database) -> None:
    change(database, world, sms_unsafe=True)
    text = text_of(coach.get(f"/staff/people/{world.participant.id}/card"))
    assert "Be din coach om en kod." in text
    assert "Du får ett SMS" not in text
    assert "Visa en kod" in text


def test_an_sms_that_did_not_arrive_is_told_where_the_number_is(
    coach: Client, at: str, world: World, database: Database, frozen: FrozenClock
) -> None:
    told = "Det senaste SMS:et kom inte fram. Fråga om numret stämmer."
    assert told not in text_of(coach.get(at))
    with database.transaction() as session:
        sent = outbox.put(session, frozen.moment - DAY, recipient_id=world.participant.id)
        sent.state, sent.changed_at = messaging.FAILED, frozen.moment - DAY
    assert told in text_of(coach.get(at))
