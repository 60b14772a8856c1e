"""The coach's page of SMS: what it says of each message, what its button does, and for whom."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from portal.db import Database
from portal.identity.models import Person
from portal.journal.models import JournalRow
from portal.messaging import rules, words
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from tests.conftest import FrozenClock, SignIn
from tests.support import meetings, outbox
from tests.support.pages import text_of
from tests.support.world import World


def address(person: Person) -> str:
    return f"/staff/people/{person.id}/messages"


@pytest.fixture
def meeting(database: Database, world: World, now: datetime) -> None:
    with database.transaction() as session:
        meetings.add_meeting(session, world.participant, world.coach, now + timedelta(days=5), now)


def put(database: Database, person: Person, now: datetime, state: str, **facts: object) -> None:
    with database.transaction() as session:
        row = outbox.put(session, now, recipient_id=person.id, **facts)
        row.state = state


def all_messages(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage)))


@pytest.mark.parametrize("state", rules.STATES)
def test_each_state_stands_in_plain_words(
    database: Database, world: World, sign_in: SignIn, now: datetime, state: str
) -> None:
    put(database, world.participant, now, state, body="Du har ett möte. " * 11)
    page = text_of(sign_in(world.coach).get(address(world.participant)))
    assert str(words.STATES[state]) in page
    assert "Påminnelse dagen före" in page
    assert "(räknas som 2 SMS)" in page


@pytest.mark.parametrize("channel, sentence", [("sms", "Skickas tidigast"), ("voice", "Ringer tidigast")])
def test_what_waits_for_the_persons_hours_says_when_it_leaves(
    database: Database, world: World, sign_in: SignIn, now: datetime, channel: str, sentence: str
) -> None:
    put(database, world.participant, now, rules.QUEUED)
    client = sign_in(world.coach)
    assert sentence not in text_of(client.get(address(world.participant)))
    with database.transaction() as session:
        row = session.scalars(select(OutboxMessage)).one()
        row.channel, row.next_try_at = channel, now + timedelta(hours=10)
    page = text_of(client.get(address(world.participant)))
    assert sentence in page


@pytest.mark.parametrize(
    "code, sentence",
    [
        ("21211", "Numret finns inte."),
        ("30003", "Telefonen är avstängd"),
        ("no answer", "Svaret från SMS-tjänsten kom inte fram till oss."),
        ("99999", "SMS-tjänsten svarade med koden 99999."),
    ],
)
def test_a_failure_says_why(
    database: Database, world: World, sign_in: SignIn, now: datetime, code: str, sentence: str
) -> None:
    put(database, world.participant, now, rules.FAILED)
    with database.transaction() as session:
        session.scalars(select(OutboxMessage)).one().error_code = code
    assert sentence in text_of(sign_in(world.coach).get(address(world.participant)))


def test_codes_and_other_peoples_messages_are_not_shown(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S5, S10."""
    put(database, world.participant, now, rules.SENT, kind=rules.SIGN_IN_CODE, body="Din kod: 1234 5678")
    put(database, world.second_participant, now, rules.SENT, body="till en annan")
    page = text_of(sign_in(world.coach).get(address(world.participant)))
    assert "1234" not in page
    assert "till en annan" not in page
    assert "Inget har skickats än." in page


def test_what_will_be_sent_is_shown(world: World, sign_in: SignIn, meeting: None) -> None:
    page = text_of(sign_in(world.coach).get(address(world.participant)))
    assert "Påminnelse 3 dagar före Skickas torsdag 26 november klockan 09.00" in page
    assert "Påminnelse dagen före Skickas lördag 28 november klockan 09.00" in page


def test_a_reminder_by_hand_is_sent_once(
    database: Database, world: World, sign_in: SignIn, meeting: None
) -> None:
    coach = sign_in(world.coach)
    assert "Skicka påminnelse nu" in text_of(coach.get(address(world.participant)))
    for _ in range(2):
        answer = coach.post(f"{address(world.participant)}/remind")
        assert (answer.status_code, answer.headers["Location"]) == (303, address(world.participant))
    (message,) = all_messages(database)
    assert (message.kind, message.state) == (kinds.NOW, rules.QUEUED)
    page = text_of(coach.get(address(world.participant)))
    assert "Meddelandet skickas nu." in page
    assert "Väntar på att skickas" in page
    assert "Skicka påminnelse nu" not in page


def test_in_the_evening_the_coach_reads_when_it_leaves(
    world: World, sign_in: SignIn, meeting: None, frozen: FrozenClock
) -> None:
    frozen.moment = frozen.moment.replace(hour=20, minute=30)
    coach = sign_in(world.coach)
    coach.post(f"{address(world.participant)}/remind")
    page = text_of(coach.get(address(world.participant)))
    assert "Meddelandet skickas onsdag 25 november klockan 08.00." in page


def test_after_a_doubt_the_button_comes_back(
    database: Database, world: World, sign_in: SignIn, meeting: None
) -> None:
    """S53: the coach decides, not the machine."""
    coach = sign_in(world.coach)
    coach.post(f"{address(world.participant)}/remind")
    with database.transaction() as session:
        session.scalars(select(OutboxMessage)).one().state = rules.UNKNOWN
    page = text_of(coach.get(address(world.participant)))
    assert "Vi vet inte om det kom fram" in page
    assert "Skicka påminnelse nu" in page
    coach.post(f"{address(world.participant)}/remind")
    assert len(all_messages(database)) == 2


def test_without_a_meeting_the_page_says_so(database: Database, world: World, sign_in: SignIn) -> None:
    coach = sign_in(world.coach)
    page = text_of(coach.get(address(world.participant)))
    assert "Det finns inget möte att påminna om." in page
    assert "Skicka påminnelse nu" not in page
    coach.post(f"{address(world.participant)}/remind")
    assert "Det finns inget möte att påminna om." in text_of(coach.get(address(world.participant)))
    assert all_messages(database) == []


def test_a_person_who_gets_no_sms_gets_none_from_the_button(
    database: Database, world: World, sign_in: SignIn, meeting: None
) -> None:
    """S37."""
    with database.transaction() as session:
        session.scalars(select(Person).where(Person.id == world.participant.id)).one().sms_unsafe = True
    coach = sign_in(world.coach)
    page = text_of(coach.get(address(world.participant)))
    assert "Personen får inga meddelanden från oss." in page
    assert "Skicka påminnelse nu" not in page
    coach.post(f"{address(world.participant)}/remind")
    assert all_messages(database) == []


def test_a_message_that_was_already_delivered_is_not_sent_again(
    database: Database, world: World, sign_in: SignIn, meeting: None
) -> None:
    coach = sign_in(world.coach)
    coach.post(f"{address(world.participant)}/remind")
    with database.transaction() as session:
        session.scalars(select(OutboxMessage)).one().state = rules.DELIVERED
    coach.post(f"{address(world.participant)}/remind")
    assert "Du har redan skickat en påminnelse om det här mötet." in text_of(
        coach.get(address(world.participant))
    )
    assert len(all_messages(database)) == 1


@pytest.mark.parametrize(
    "who", ["other_coach", "far_coach", "admin", "translator", "user_auditor", "participant"]
)
def test_nobody_else_sees_or_sends(
    database: Database, world: World, sign_in: SignIn, meeting: None, who: str
) -> None:
    """S2: the same 404 as for nobody, and no row."""
    client = sign_in(getattr(world, who))
    assert client.get(address(world.participant)).status_code == 404
    assert client.post(f"{address(world.participant)}/remind").status_code == 404
    assert all_messages(database) == []


def test_the_lead_sees_the_team(world: World, sign_in: SignIn) -> None:
    lead = sign_in(world.lead)
    assert lead.get(address(world.participant)).status_code == 200
    assert lead.get(address(world.other_participant)).status_code == 404


def test_reading_is_in_the_journal(database: Database, world: World, sign_in: SignIn) -> None:
    """S42."""
    sign_in(world.coach).get(address(world.participant))
    with database.reading() as session:
        row = session.scalars(select(JournalRow).where(JournalRow.kind == "messages")).one()
    assert (row.action, row.actor_id, row.subject_id) == ("read", world.coach.id, world.participant.id)


def test_the_page_speaks_to_a_coach_in_arabic_as_well(
    database: Database, world: World, sign_in: SignIn, now: datetime, meeting: None
) -> None:
    with database.transaction() as session:
        session.scalars(select(Person).where(Person.id == world.coach.id)).one().language = "ar"
    put(database, world.participant, now, rules.UNKNOWN)
    page = sign_in(world.coach).get(address(world.participant)).get_data(as_text=True)
    assert '<bdi dir="ltr">09:00</bdi>' in page


def test_the_number_of_queries_does_not_grow_with_the_messages(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    coach, asked = sign_in(world.coach), [0]
    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", lambda *_: asked.__setitem__(0, asked[0] + 1))
    counts = []
    for _ in range(2):
        for _ in range(5):
            put(database, world.participant, now, rules.DELIVERED)
        asked[0] = 0
        coach.get(address(world.participant))
        counts.append(asked[0])
    assert counts[0] == counts[1]
