"""An answer by SMS: confirms, asks before it cancels, stops, or lands where somebody reads it."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.booking import service as booking
from portal.booking.queries import held
from portal.booking.time_service import Wish
from portal.crypto import lookup_hash
from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.journal.models import JournalRow
from portal.messaging import incoming_service as incoming
from portal.messaging import rules as messaging
from portal.messaging import service as outbox
from portal.messaging.models import IncomingMessage, OutboxMessage
from portal.notices import reach_service
from portal.notices import rules as notices
from portal.notices import service as notify
from portal.reminders import call_queries, code_service, reply_service, service
from portal.reminders import reply_rules as rules
from portal.reminders.models import CancelCode
from tests.reminders.conftest import Answers
from tests.support.objects import asker_of
from tests.support.outbox import put, put_code

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NO_MEETING = "Vi hittar inget möte. Ring oss på 010-123 45 67."
WRONG = "Koden stämmer inte. Inget möte är avbokat. Skicka AVBOKA för att få en ny kod."


def test_yes_confirms_the_next_meeting_that_we_have_written_of(answering: Answers) -> None:
    later, sooner = answering.book(3), answering.book(1)
    answering.text("Ja.")
    assert answering.meeting(sooner).confirmed_at == answering.now
    assert answering.meeting(later).confirmed_at is None
    answering.text("JA")
    assert answering.meeting(later).confirmed_at is None
    assert (answering.answers(), answering.taken_as()) == ([], ["yes", "yes"])
    with answering.session() as session:
        noted = session.scalars(select(JournalRow).where(JournalRow.kind == "meeting")).all()
        assert [row.actor_id for row in noted] == [answering.person.id]


def test_yes_to_nothing_is_answered(answering: Answers) -> None:
    answering.text("ja")
    assert answering.answers() == [NO_MEETING]


def test_yes_is_not_about_a_meeting_that_we_wrote_of_long_ago(answering: Answers) -> None:
    made = answering.book(10)
    answering.clock.move(rules.WRITTEN_OF + MINUTE)
    answering.text("ja")
    assert answering.meeting(made).confirmed_at is None
    assert answering.answers() == [NO_MEETING]


def test_to_cancel_takes_the_digits_that_we_send(answering: Answers) -> None:
    made = answering.book(2)
    answering.text("avboka")
    assert answering.meeting(made).state == "booked"
    digits = answering.digits()
    day = "torsdag 26 november klockan 13.00"
    assert answering.answers() == [f"Svara med {digits} om du vill avboka mötet {day}."]
    answering.text(f" {digits[:2]} {digits[2:]}. ")
    gone = answering.meeting(made)
    assert (gone.state, gone.cancelled_by) == ("cancelled", answering.person.id)
    assert answering.answers()[-1] == f"Mötet {day} är avbokat."
    answering.text(digits)
    assert len(answering.answers()) == 2
    assert answering.letters() == []


def test_the_digits_are_kept_as_a_keyed_hash_and_their_text_goes(
    answering: Answers, database: Database
) -> None:
    answering.book(2)
    answering.text("AVBOKA")
    digits = answering.digits()
    with database.reading() as session:
        row = session.scalars(select(CancelCode)).one()
        assert digits.encode() not in row.code_hash
    answering.clock.move(rules.CODE_LIVES)
    with database.transaction() as session:
        assert outbox.forget_codes(session, answering.now) == 1
    assert all(digits not in message.body for message in answering.outbox())


def test_three_wrong_tries_and_the_digits_are_void(answering: Answers) -> None:
    made = answering.book(2)
    answering.text("AVBOKA")
    digits = answering.digits()
    wrong = f"{(int(digits) + 1) % 10_000:04}"
    for _ in range(rules.MOST_TRIES):
        answering.text(wrong)
    answering.text(digits)
    assert answering.meeting(made).state == "booked"
    assert answering.answers()[1:] == [WRONG] * 4


def test_the_digits_work_for_half_an_hour(answering: Answers) -> None:
    made = answering.book(2)
    answering.text("AVBOKA")
    digits = answering.digits()
    answering.clock.move(rules.CODE_LIVES)
    answering.text(digits)
    assert answering.meeting(made).state == "booked"
    assert answering.answers()[-1] == WRONG


def test_what_came_in_time_counts_though_the_worker_was_away(answering: Answers) -> None:
    made = answering.book(2)
    answering.text("AVBOKA")
    answering.bring(answering.digits())
    answering.clock.move(HOUR)
    answering.take()
    assert answering.meeting(made).state == "cancelled"


def test_digits_of_a_meeting_that_has_changed_since_are_void(answering: Answers, database: Database) -> None:
    made = answering.book(2)
    answering.text("AVBOKA")
    digits = answering.digits()
    with database.transaction() as session:
        coach = asker_of(session, answering.world.coach)
        wish = Wish(made.starts_at + DAY, "on_site")
        booking.move_for(session, coach, made.id, wish, answering.now, anyway=True)
    answering.text(digits)
    assert answering.meeting(made).state == "booked"
    assert answering.answers()[-1] == WRONG


def test_only_the_last_digits_work_and_not_for_somebody_else(answering: Answers) -> None:
    made = answering.book(2)
    answering.text("AVBOKA")
    first = answering.digits()
    answering.clock.move(MINUTE)
    answering.text("AVBOKA")
    second = answering.digits()
    answering.text(second, phone=answering.world.second_participant.phone)
    if first != second:
        answering.text(first)
    assert answering.meeting(made).state == "booked"
    answering.text(second)
    assert answering.meeting(made).state == "cancelled"


def test_too_late_is_said_with_the_number_to_ring_and_read_by_the_coach(answering: Answers) -> None:
    made = answering.book(1)
    answering.clock.move(DAY)
    answering.text("AVBOKA")
    assert answering.answers() == ["Det är för sent att avboka här. Ring oss på 010-123 45 67."]
    assert answering.meeting(made).state == "booked"
    assert [one.words for one in answering.letters()] == ["AVBOKA"]


def test_digits_that_nobody_asked_for_are_read_by_somebody(answering: Answers) -> None:
    answering.text("1430")
    assert [one.words for one in answering.letters()] == ["1430"]
    assert answering.answers() == []


def test_digits_are_forgotten_after_a_day(answering: Answers, database: Database) -> None:
    answering.book(2)
    answering.text("AVBOKA")
    with database.transaction() as session:
        assert code_service.forget(session, answering.now + DAY - MINUTE) == 0
        assert code_service.forget(session, answering.now + DAY) == 1


# --- STOPP and START ---------------------------------------------------------------------------------


def test_stop_is_said_once_and_then_nothing_but_codes(answering: Answers, database: Database) -> None:
    answering.book(1)
    answering.text("Stopp")
    stopped_at = answering.now
    answering.text("STOPP")
    assert answering.answers() == ["Du får inga fler SMS om möten. Skicka START om du vill få dem igen."]
    assert answering.stands().sms_stopped_at == stopped_at
    with database.transaction() as session:
        assert service.tick(session, answering.now + 4 * HOUR) == 0
        assert notices.refusal(notify.standing(session, answering.stands(), answering.now)) == "stop"
        reminder = put(session, answering.now, recipient_id=answering.person.id, kind="reminder_now")
        code = put_code(
            session, answering.now, recipient_id=answering.person.id, address=answering.person.phone
        )
        assert notify.check(session, reminder, answering.now) == messaging.Drop("stop")
        assert notify.check(session, code, answering.now) == messaging.Go()


def test_stop_takes_back_what_waits_and_the_coach_rings(answering: Answers, database: Database) -> None:
    with database.transaction() as session:
        coach = asker_of(session, answering.world.coach)
        wish = Wish(answering.now + 5 * DAY, "on_site")
        booking.book_for(session, coach, answering.person.id, wish, answering.now, anyway=True)
        put_code(session, answering.now, recipient_id=answering.person.id)
    answering.bring("stop")
    answering.take()
    states = {row.kind: (row.state, row.error_code) for row in answering.outbox()}
    assert states[notices.BOOKED] == (messaging.CANCELLED, "stop")
    assert states[messaging.SIGN_IN_CODE] == (messaging.QUEUED, "")
    with database.reading() as session:
        calls = call_queries.calls(session, asker_of(session, answering.world.coach), answering.now)
        assert [call.says for call in calls] == [notices.BOOKED]
    answering.text("START")
    assert [row.state for row in answering.outbox() if row.kind == notices.BOOKED] == [
        messaging.CANCELLED,
        messaging.DELIVERED,
    ]
    assert answering.stands().sms_stopped_at is None
    assert answering.answers()[-1] == "Nu får du SMS om möten igen."


def test_whoever_is_rung_up_is_promised_no_sms(answering: Answers) -> None:
    answering.set(sms_stopped_at=answering.now, way=notices.CALL)
    answering.text("START")
    assert answering.stands().sms_stopped_at is None
    assert answering.answers() == []


def test_start_forgives_what_the_provider_refused_because_of_stop(
    answering: Answers, database: Database
) -> None:
    """S36: a number that answers START is not dead."""
    with database.transaction() as session:
        row = put(session, answering.now, recipient_id=answering.person.id)
        row.state, row.error_code, row.changed_at = messaging.FAILED, "21610", answering.now + MINUTE
    answering.set(sms_stopped_at=answering.now)
    with database.reading() as session:
        person = session.get_one(Person, answering.person.id)
        assert notify.standing(session, person, answering.now).trouble == "bounces"
    answering.text("Start")
    with database.reading() as session:
        person = session.get_one(Person, answering.person.id)
        assert notify.standing(session, person, answering.now).trouble == ""


def test_start_from_whoever_never_stopped_changes_nothing(answering: Answers) -> None:
    answering.text("START")
    assert (answering.answers(), answering.letters()) == ([], [])


def test_whoever_has_stopped_and_wants_to_cancel_is_read_by_somebody(answering: Answers) -> None:
    answering.book(2)
    answering.set(sms_stopped_at=answering.now)
    answering.text("AVBOKA")
    assert answering.answers() == []
    assert [one.words for one in answering.letters()] == ["AVBOKA"]


# --- everything else ---------------------------------------------------------------------------------


def test_a_question_lands_in_the_conversation(answering: Answers) -> None:
    answering.text("Kan jag komma senare?\x00")
    (letter,) = answering.letters()
    assert (letter.words, letter.language, letter.by_sms) == ("Kan jag komma senare?", "sv", True)
    assert letter.due_on is not None
    answering.text("هل يمكنني الحضور لاحقا؟")
    assert answering.letters()[1].by_sms
    assert answering.answers() == []


def test_without_an_open_enrolment_nothing_is_written(answering: Answers, database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Enrolment).values(closed_on=answering.now.date()))
    answering.text("Hej")
    answering.text("ja")
    assert answering.letters() == []
    assert answering.answers() == [NO_MEETING]


@pytest.mark.parametrize("facts", [{"sms_unsafe": True}, {"protected": True}])
def test_whom_an_sms_endangers_gets_no_answer_and_is_not_kept(
    answering: Answers, facts: dict[str, object], database: Database
) -> None:
    """S34, S37."""
    made = answering.book(2)
    answering.set(**facts)
    for words in ("ja", "AVBOKA", "STOPP", "Hej"):
        answering.text(words)
    assert answering.taken_as() == [messaging.PASSED_OVER] * 4
    assert (answering.answers(), answering.letters()) == ([], [])
    assert answering.meeting(made).confirmed_at is None
    assert answering.stands().sms_stopped_at is None
    with database.reading() as session:
        assert {row.body for row in session.scalars(select(IncomingMessage))} == {""}


def test_a_stranger_and_somebody_disabled_are_nobody(answering: Answers) -> None:
    """S35: the number somebody had before learns nothing."""
    made = answering.book(2)
    old = answering.person.phone
    answering.set(phone_hash=lookup_hash("phone", "+46701740688"))
    answering.text("AVBOKA", phone=old)
    answering.set(phone_hash=lookup_hash("phone", old), disabled_at=answering.now)
    answering.text("ja")
    assert answering.taken_as() == [messaging.UNKNOWN_NUMBER] * 2
    assert (answering.answers(), answering.letters()) == ([], [])
    assert answering.meeting(made).confirmed_at is None


def test_five_answers_a_day_and_then_somebody_reads_it(answering: Answers) -> None:
    for _ in range(notices.MOST_REPLIES + 3):
        answering.text("ja")
        answering.clock.move(MINUTE)
    assert answering.answers() == [NO_MEETING] * notices.MOST_REPLIES
    assert len(answering.letters()) == 3
    answering.clock.move(notices.REPLIES_WITHIN)
    answering.text("ja")
    assert len(answering.answers()) == notices.MOST_REPLIES + 1


def test_in_several_organisations_it_is_for_the_one_that_wrote_last(
    answering: Answers, database: Database
) -> None:
    """S4: where that is not clear, for none."""
    far = answering.world.far_participant
    with database.transaction() as session:
        twin = session.get_one(Person, far.id)
        twin.phone, twin.phone_hash = answering.person.phone, answering.person.phone_hash
    answering.text("Hej")
    assert (answering.taken_as(), answering.letters()) == ([messaging.UNCLEAR], [])
    answering.book(2)
    answering.clock.move(MINUTE)
    answering.text("Hej igen")
    assert [one.person_id for one in answering.letters()] == [answering.person.id]
    with database.transaction() as session:
        row = put(session, answering.now, recipient_id=far.id, organisation_id=far.organisation_id)
        row.state, row.provider = messaging.DELIVERED, "console"
        row.leased_until = answering.now + messaging.LEASE
    answering.clock.move(MINUTE)
    answering.text("Hallå")
    assert [one.person_id for one in answering.letters()] == [answering.person.id, far.id]


def test_a_message_is_taken_once(answering: Answers, database: Database) -> None:
    row = answering.bring("Hej")
    for _ in range(2):
        with database.transaction() as session:
            taken = reply_service.dispatch(session, row.id, answering.now)
    assert not taken
    with database.transaction() as session:
        assert not reply_service.dispatch(session, uuid.uuid4(), answering.now)
    assert len(answering.letters()) == 1


def test_the_persons_own_page_takes_sms_back_too(answering: Answers, database: Database) -> None:
    answering.text("STOPP")
    with database.transaction() as session:
        person = session.get_one(Person, answering.person.id)
        own = asker_of(session, person)
        assert reach_service.start_sms(session, own, person, answering.now, held)
        assert not reach_service.start_sms(session, own, person, answering.now, held)
    assert answering.stands().sms_stopped_at is None
    assert [row.kind for row in answering.outbox()] == [notices.STOPPED]


def test_an_answer_in_arabic_keeps_its_digits_in_order(answering: Answers) -> None:
    """S28, S31."""
    answering.set(language="ar")
    answering.book(2)
    answering.text("إلغاء")
    body = answering.answers()[-1]
    assert "\u2066" in body
    assert "13:00" in body
    assert messaging.length(body).parts <= 2


def test_everything_waits_while_nothing_is_new(answering: Answers, database: Database) -> None:
    with database.reading() as session:
        assert incoming.waiting(session) == []
        assert session.scalars(select(OutboxMessage)).all() == []
