"""What an answer by SMS is about, by when it came and by what its writer had read."""

from datetime import timedelta

import pytest

from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.notices import rules as notices
from portal.notices import service as notify
from portal.organisation.models import Organisation
from portal.reminders import reply_rules as rules
from tests.reminders.conftest import Answers
from tests.reminders.test_replies import DAY, HOUR, MINUTE, NO_MEETING, WRONG
from tests.support.objects import asker_of
from tests.support.outbox import put

TOO_LATE = "Det är för sent att avboka här. Ring oss på 010-123 45 67."


def move(answering: Answers, made: Appointment, by: timedelta) -> None:
    """Staff move a meeting; the SMS that tells it waits."""
    with answering.database.transaction() as session:
        coach = asker_of(session, answering.world.coach)
        wish = Wish(made.starts_at + by, "on_site")
        booking.move_for(session, coach, made.id, wish, answering.now, anyway=True)


def words(answering: Answers) -> list[str]:
    return [one.words for one in answering.letters()]


def test_yes_confirms_no_time_that_its_writer_has_not_been_told(answering: Answers) -> None:
    made = answering.book(2)
    move(answering, made, DAY)
    answering.text("ja")
    assert answering.meeting(made).confirmed_at is None
    assert (words(answering), answering.answers()) == (["ja"], [])
    answering.text("Ja!")
    assert answering.meeting(made).confirmed_at == answering.now


def test_to_cancel_what_has_moved_is_asked_with_its_new_time(answering: Answers) -> None:
    made = answering.book(2)
    move(answering, made, DAY)
    answering.text("avboka")
    (asked,) = answering.answers()
    assert asked.endswith("om du vill avboka mötet fredag 27 november klockan 13.00.")


def test_yes_is_about_the_meeting_that_was_next_when_it_came(answering: Answers) -> None:
    sooner, later = answering.book(1), answering.book(3)
    answering.clock.moment = sooner.starts_at - MINUTE
    came = answering.bring("ja")
    answering.clock.move(2 * HOUR)
    answering.take()
    assert answering.meeting(sooner).confirmed_at == came.received_at
    assert answering.meeting(later).confirmed_at is None


def test_during_a_meeting_yes_is_read_and_no_other_meeting_is_meant(answering: Answers) -> None:
    sooner, later = answering.book(1), answering.book(3)
    answering.clock.moment = sooner.starts_at + MINUTE
    answering.text("ja")
    answering.text("AVBOKA")
    assert (words(answering), answering.answers()) == (["ja", "AVBOKA"], [TOO_LATE])
    for one in (sooner, later):
        assert answering.meeting(one).confirmed_at is None
    answering.clock.moment = sooner.ends_at
    answering.text("ja")
    assert answering.meeting(later).confirmed_at == answering.now


def test_no_digits_are_sent_for_a_meeting_that_has_begun_meanwhile(answering: Answers) -> None:
    with answering.database.transaction() as session:
        home = session.get_one(Organisation, answering.world.organisation.id)
        home.settings = {**home.settings, "change_deadline_hours": 0}
    made = answering.book(2)
    answering.clock.moment = made.starts_at - MINUTE
    answering.bring("AVBOKA")
    answering.clock.moment = made.starts_at
    answering.take()
    answering.deliver()
    assert answering.answers() == [TOO_LATE]


def test_yes_to_the_digits_confirms_nothing(answering: Answers) -> None:
    """Who says yes to "answer with 1234 if you want to cancel" does not say that they will come."""
    made = answering.book(2)
    answering.text("AVBOKA")
    answering.text("Ja")
    assert answering.meeting(made).confirmed_at is None
    assert answering.answers()[1:] == [WRONG]
    answering.clock.move(rules.CODE_LIVES)
    answering.text("Ja")
    assert answering.meeting(made).confirmed_at == answering.now


def test_yes_to_the_digits_is_read_by_somebody_where_no_answer_may_be_sent(answering: Answers) -> None:
    answering.book(2)
    for _ in range(notices.MOST_REPLIES):
        answering.text("AVBOKA")
    answering.text("Ja")
    assert words(answering) == ["Ja"]


@pytest.mark.parametrize("again", [False, True])
def test_after_cancelling_the_digits_again_are_nothing_and_others_are_read(
    answering: Answers, again: bool
) -> None:
    answering.book(2)
    answering.text("AVBOKA")
    digits = answering.digits()
    answering.text(digits)
    said = digits if again else f"{(int(digits) + 1) % 10_000:04}"
    answering.text(said)
    assert words(answering) == ([] if again else [said])
    assert len(answering.answers()) == 2


def test_start_brings_back_who_was_stopped_by_the_provider_alone(
    answering: Answers, database: Database
) -> None:
    """S36: END and QUIT are a STOP to Twilio and none to us; staff ask for START, and it must help."""
    with database.transaction() as session:
        row = put(session, answering.now, recipient_id=answering.person.id)
        row.state, row.error_code, row.changed_at = messaging.FAILED, "21610", answering.now + MINUTE
    answering.text("Start")
    with database.reading() as session:
        person = session.get_one(Person, answering.person.id)
        assert notify.standing(session, person, answering.now).trouble == ""


@pytest.mark.parametrize("said", ["ja", "AVBOKA", "STOPP"])
def test_what_could_not_be_answered_for_long_is_read_by_somebody(answering: Answers, said: str) -> None:
    """A worker that was away for half a day does not answer out of the blue."""
    if said == "AVBOKA":
        answering.book(2)
    answering.bring(said)
    answering.clock.move(rules.LIVES)
    answering.take()
    answering.deliver()
    assert answering.answers() == []
    assert words(answering) == ([] if said == "STOPP" else [said])
    assert (answering.stands().sms_stopped_at is not None) == (said == "STOPP")


def test_wrong_digits_that_are_not_answered_are_read_by_somebody(answering: Answers) -> None:
    """Else their writer takes the meeting for cancelled, and nobody knows."""
    made = answering.book(2)
    for _ in range(notices.MOST_REPLIES):
        answering.text("AVBOKA")
    wrong = f"{(int(answering.digits()) + 1) % 10_000:04}"
    answering.text(wrong)
    assert words(answering) == [wrong]
    assert answering.meeting(made).state == "booked"


def test_digits_that_came_too_late_and_are_not_answered_are_read_by_somebody(answering: Answers) -> None:
    made = answering.book(2)
    for _ in range(notices.MOST_REPLIES):
        answering.text("AVBOKA")
    digits = answering.digits()
    answering.bring(digits)
    answering.clock.moment = made.starts_at
    answering.take()
    assert words(answering) == [digits]
    assert answering.meeting(made).state == "booked"


@pytest.mark.parametrize("wrote", [False, True])
def test_stop_and_start_are_for_all_who_write_to_the_phone(answering: Answers, wrote: bool) -> None:
    """S34, S4: who wants no SMS to a phone wants none from anybody; who has not written does not answer."""
    far = answering.world.far_participant
    with answering.database.transaction() as session:
        twin = session.get_one(Person, far.id)
        twin.phone, twin.phone_hash = answering.person.phone, answering.person.phone_hash
    if wrote:
        answering.book(2)

    def stopped() -> list[bool]:
        with answering.database.reading() as session:
            both = [session.get_one(Person, one.id) for one in (answering.person, far)]
            return [one.sms_stopped_at is not None for one in both]

    answering.text("STOPP")
    assert stopped() == [True, True]
    said = "Du får inga fler SMS om möten. Skicka START om du vill få dem igen."
    assert answering.answers() == ([said] if wrote else [])
    answering.text("START")
    assert stopped() == [False, False]
    answering.text("Hej")
    assert answering.taken_as() == ["stop", "start", "other" if wrote else messaging.UNCLEAR]


def test_stop_is_not_for_whom_an_sms_endangers(answering: Answers) -> None:
    far = answering.world.far_participant
    with answering.database.transaction() as session:
        twin = session.get_one(Person, far.id)
        twin.phone, twin.phone_hash = answering.person.phone, answering.person.phone_hash
        twin.sms_unsafe = True
    answering.text("STOPP")
    assert answering.stands().sms_stopped_at is not None
    with answering.database.reading() as session:
        assert session.get_one(Person, far.id).sms_stopped_at is None


def test_nothing_was_ever_told(answering: Answers) -> None:
    answering.text("ja")
    assert answering.answers() == [NO_MEETING]
