"""What coach and lead see of the SMS that did not arrive, and the buttons beside each."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Person
from portal.journal.models import JournalRow
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from tests.conftest import SignIn
from tests.support import meetings, outbox
from tests.support.pages import text_of
from tests.support.world import World

PAGE = "/staff/sending-today"
EMPTY = "Alla meddelanden har kommit fram, eller är på väg."


def put(
    database: Database, person: Person, coach: Person, at: datetime, state: str, code: str = "", days: int = 5
) -> OutboxMessage:
    with database.transaction() as session:
        meeting = meetings.add_meeting(session, person, coach, at + timedelta(days=days), at)
        row = outbox.put(
            session,
            at,
            kind=kinds.BOOKED,
            subject=meeting.id,
            recipient_id=person.id,
            organisation_id=person.organisation_id,
            expires_at=meeting.starts_at,
        )
        row.state, row.error_code = state, code
    return row


def all_messages(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.again)))


def test_nothing_to_do_is_said(world: World, sign_in: SignIn, database: Database, now: datetime) -> None:
    put(database, world.participant, world.coach, now, messaging.DELIVERED)
    coach = sign_in(world.coach)
    assert EMPTY in text_of(coach.get(PAGE))
    assert "Se meddelanden som inte kom fram" in text_of(coach.get("/staff"))


@pytest.mark.parametrize(
    "state, code, sentence, do",
    [
        ("failed", "21211", "Numret finns inte.", "Fråga personen om rätt nummer."),
        ("failed", "21610", "Personen har svarat STOPP.", "Bekräfta sedan numret."),
        ("queued", "unreachable", "SMS-tjänsten svarar inte just nu.", "Vi försöker igen."),
        ("expired", "", "det blev för sent", "Ring personen."),
        ("unknown", "no answer", "Vi vet inte om det kom fram", "Att bestämma om"),
    ],
)
def test_each_says_why_and_what_to_do(
    database: Database,
    world: World,
    sign_in: SignIn,
    now: datetime,
    state: str,
    code: str,
    sentence: str,
    do: str,
) -> None:
    put(database, world.participant, world.coach, now, state, code)
    coach = sign_in(world.coach)
    page = text_of(coach.get(PAGE))
    assert world.participant.short_name in page
    assert sentence in page
    assert do in page


def test_somebody_elses_are_not_there(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S2, S4, S37, S42."""
    put(database, world.participant, world.coach, now, messaging.FAILED)
    for person, coach in (
        (world.other_participant, world.other_coach),
        (world.far_participant, world.far_coach),
        (world.second_participant, world.coach),
    ):
        put(database, person, coach, now, messaging.UNKNOWN)
    with database.transaction() as session:
        session.get_one(Person, world.second_participant.id).protected = True
    for asker in (world.coach, world.lead):
        page = text_of(sign_in(asker).get(PAGE))
        assert world.participant.short_name in page
        for name in (world.other_participant.short_name, world.second_participant.short_name):
            assert name not in page
    with database.reading() as session:
        noted = session.scalars(select(JournalRow).where(JournalRow.kind == "messages")).all()
    assert {row.subject_id for row in noted} == {world.participant.id}
    for outsider in (world.admin, world.translator, world.participant):
        assert sign_in(outsider).get(PAGE).status_code == 404


def test_old_failures_go_undecided_ones_stay_until_the_meeting_has_begun(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    long_ago = now - timedelta(days=3)
    put(database, world.participant, world.coach, long_ago, messaging.FAILED)
    coach = sign_in(world.coach)
    assert EMPTY in text_of(coach.get(PAGE))
    row = put(database, world.participant, world.coach, long_ago, messaging.UNKNOWN)
    assert "Att bestämma om" in text_of(coach.get(PAGE))
    with database.transaction() as session:
        held = session.get_one(OutboxMessage, row.id)
        held.not_before, held.expires_at = long_ago, now
    assert EMPTY in text_of(coach.get(PAGE))


def test_what_is_decided_or_sent_again_leaves_the_page(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    row = put(database, world.participant, world.coach, now, messaging.UNKNOWN)
    lead, base = sign_in(world.lead), f"/staff/people/{world.participant.id}/messages"
    answer = lead.post(f"{base}/{row.id}/arrived", data={"team": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert EMPTY in text_of(lead.get(PAGE))
    assert "Ni har bestämt att det kom fram." in text_of(lead.get(base))
    lead.post(f"{base}/{row.id}/left")
    assert "Det finns inget att bestämma om det meddelandet längre." in text_of(lead.get(base))
    failed = put(database, world.participant, world.coach, now, messaging.FAILED)
    lead.post(f"{base}/{failed.id}/again")
    assert EMPTY in text_of(lead.get(PAGE))


def test_sending_again_is_one_tap_after_a_failure_and_two_after_a_doubt(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    coach, base = sign_in(world.coach), f"/staff/people/{world.participant.id}/messages"
    failed = put(database, world.participant, world.coach, now, messaging.FAILED, "30003")
    page = coach.get(base).text
    assert f"{base}/{failed.id}/again" in page
    assert "två gånger" not in page
    for said in ("Meddelandet skickas nu.", "Det är skickat igen."):
        answer = coach.post(f"{base}/{failed.id}/again")
        assert (answer.status_code, answer.headers["Location"]) == (303, base)
        assert said in text_of(coach.get(base))
    assert [row.again for row in all_messages(database)] == [0, 1]
    put(database, world.participant, world.coach, now, messaging.UNKNOWN)
    doubtful = text_of(coach.get(base))
    assert "Det kan ha kommit fram. Då får personen det två gånger." in doubtful
    assert "Ja, skicka igen" in doubtful


def test_it_says_plainly_why_it_cannot_be_sent_again(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    row = put(database, world.participant, world.coach, now, messaging.FAILED)
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).sms_unsafe = True
    coach, base = sign_in(world.coach), f"/staff/people/{world.participant.id}/messages"
    assert "Skicka igen" not in text_of(coach.get(base))
    coach.post(f"{base}/{row.id}/again")
    assert "Personen får inga meddelanden från oss." in text_of(coach.get(base))
    assert len(all_messages(database)) == 1
    assert "ring inte heller" in text_of(coach.get(PAGE))


def test_a_code_that_did_not_arrive_stands_there_without_its_text(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S10."""
    with database.transaction() as session:
        outbox.put_code(session, now, recipient_id=world.participant.id).state = messaging.FAILED
    page = text_of(sign_in(world.coach).get(PAGE))
    assert "Kod för att logga in" in page
    assert "1234" not in page


@pytest.mark.parametrize("kind", [kinds.SOMETHING_NEW, messaging.SIGN_IN_CODE])
def test_what_cannot_be_sent_again_does_not_promise_it(
    world: World, sign_in: SignIn, database: Database, now: datetime, kind: str
) -> None:
    about = {"recipient_id": world.participant.id, "organisation_id": world.participant.organisation_id}
    with database.transaction() as session:
        row = outbox.put(session, now, kind=kind, subject=world.participant.id, **about)
        row.state, row.error_code = messaging.FAILED, "30003"
    shown = sign_in(world.coach).get(PAGE)
    assert "Ring personen." in text_of(shown)
    assert "skicka igen" not in text_of(shown).lower()
