"""Writing and answering: received once, promised a day, answered by what answers it, never lost."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import NoResultFound

from portal.conversation import rules, service
from portal.conversation.models import Message
from portal.identity.models import Enrolment
from portal.identity.scope import current_enrolment
from portal.wording.models import SourceText
from tests.conversation.conftest import Talk
from tests.support.objects import asker_of


def enrolment(talk: Talk) -> Enrolment:
    found = current_enrolment(talk.session, talk.person_id)
    assert found is not None
    return found


def test_what_is_written_is_received_with_a_promised_day(talk: Talk) -> None:
    message = talk.write("När ses vi?")
    assert (message.words, message.outcome, message.number) == ("När ses vi?", "", 1)
    assert message.due_on == date(2026, 11, 26)


def test_the_same_form_twice_writes_once_also_after_the_answer(talk: Talk) -> None:
    """S40"""
    letter_id = uuid.uuid4()
    first = talk.write(letter_id=letter_id)
    talk.answer()
    assert talk.write(letter_id=letter_id).id == first.id
    assert len(talk.own_thread().messages.items) == 2


def test_other_words_under_a_form_that_was_sent_are_another_message(talk: Talk) -> None:
    """Somebody goes back and writes more: nothing is lost, and nothing written over."""
    letter_id = uuid.uuid4()
    talk.write("Hej", letter_id=letter_id)
    talk.write("Hej, när ses vi?", letter_id=letter_id)
    assert [one.text.text for one in talk.own_thread().messages.items] == ["Hej, när ses vi?", "Hej"]


def test_an_id_of_somebody_elses_message_gives_nothing_of_it(talk: Talk) -> None:
    """S3"""
    other = asker_of(talk.session, talk.world.other_participant)
    theirs = service.write(talk.session, other, service.Letter(uuid.uuid4(), "Hemligt", "sv"), talk.now)
    mine = talk.write("Mitt", letter_id=theirs.id)
    assert (mine.id == theirs.id, mine.words, theirs.words) == (False, "Mitt", "Hemligt")


def test_an_answer_answers_what_the_page_showed_and_nothing_later(talk: Talk) -> None:
    first = talk.write("Ett")
    seen = talk.staff_thread().seen
    second = talk.write("Två")
    talk.answer(upto=seen)
    assert (first.outcome, first.closed_by) == ("answered", talk.coach.person_id)
    assert second.outcome == ""


def test_a_wish_to_be_rung_up_is_not_answered_in_writing(talk: Talk) -> None:
    wish = talk.call()
    talk.answer("Jag ringer.")
    assert wish.outcome == ""
    talk.close(wish, rules.CALLED)
    assert wish.outcome == "called"


def test_one_wish_stands_at_a_time_and_its_promise_stays(talk: Talk) -> None:
    wish = talk.call(rules.MORNING)
    talk.now += timedelta(days=1)
    assert talk.call(rules.AFTERNOON).id == wish.id
    assert (wish.call_when, wish.due_on) == ("afternoon", date(2026, 11, 26))


def test_the_participant_calls_a_wish_off_and_may_wish_again(talk: Talk) -> None:
    wish = talk.call()
    service.call_off(talk.session, talk.own, wish.id, talk.now)
    service.call_off(talk.session, talk.own, wish.id, talk.now)
    assert wish.outcome == "called_off"
    assert talk.call().id != wish.id


def test_what_staff_have_recorded_is_not_called_off(talk: Talk) -> None:
    wish = talk.call()
    talk.close(wish, rules.CALLED)
    service.call_off(talk.session, talk.own, wish.id, talk.now)
    assert wish.outcome == "called"


def test_recording_twice_is_once_and_a_colleagues_other_word_stands(talk: Talk) -> None:
    message = talk.write()
    talk.close(message, rules.NOT_NEEDED)
    talk.close(message, rules.NOT_NEEDED)
    with pytest.raises(service.Otherwise):
        talk.close(message, rules.BOOKED)
    assert message.outcome == "not_needed"


@pytest.mark.parametrize("outcome", ["answered", "called_off", "", "nonsense"])
def test_staff_record_no_outcome_that_is_not_theirs(talk: Talk, outcome: str) -> None:
    message = talk.write()
    with pytest.raises(service.Otherwise):
        talk.close(message, outcome)
    assert message.outcome == ""


def test_what_was_recorded_by_mistake_is_taken_back(talk: Talk) -> None:
    message = talk.write()
    talk.close(message)
    assert service.reopen(talk.session, talk.coach, talk.person_id, message.id, message.closed_at, talk.now)
    assert (message.outcome, message.closed_at, message.closed_by) == ("", None, None)
    assert message.due_on == date(2026, 11, 26)


def test_an_answer_in_writing_is_not_taken_back_nor_a_wish_beside_a_newer_one(talk: Talk) -> None:
    message, wish = talk.write(), talk.call()
    talk.answer()
    talk.close(wish, rules.CALLED)
    talk.call()
    for one in (message, wish):
        assert not service.reopen(talk.session, talk.coach, talk.person_id, one.id, one.closed_at, talk.now)


def test_reading_marks_what_stood_on_the_page_and_nothing_later(talk: Talk) -> None:
    first = talk.answer("Ett")
    upto = talk.own_thread().seen
    second = talk.answer("Två")
    service.mark_read(talk.session, talk.own, upto, talk.now)
    talk.session.refresh(first)
    assert (first.read_at, second.read_at) == (talk.now, None)


def test_whoever_answers_has_read(talk: Talk) -> None:
    said = talk.answer("Hej")
    letter = service.Letter(uuid.uuid4(), "Hej!", "sv")
    service.write(talk.session, talk.own, letter, talk.now, upto=said.number)
    talk.session.refresh(said)
    assert said.read_at == talk.now


def test_staff_take_back_their_own_words_while_nobody_has_read_them(talk: Talk) -> None:
    said = talk.answer("Till fel person")
    service.take_back(talk.session, talk.coach, talk.person_id, said.id, talk.now)
    service.take_back(talk.session, talk.coach, talk.person_id, said.id, talk.now)
    assert (said.words, said.words_sealed, said.taken_back_at) == ("", None, talk.now)
    assert not talk.own_thread().unread
    known = talk.session.query(SourceText).where(SourceText.object_id == said.id)
    assert known.count() == 0


def test_what_is_read_and_what_others_wrote_is_not_taken_back(talk: Talk) -> None:
    said, asked = talk.answer("Hej"), talk.write()
    lead = asker_of(talk.session, talk.world.lead)
    with pytest.raises(NoResultFound):
        service.take_back(talk.session, lead, talk.person_id, said.id, talk.now)
    with pytest.raises(NoResultFound):
        service.take_back(talk.session, talk.coach, talk.person_id, asked.id, talk.now)
    service.mark_read(talk.session, talk.own, said.number, talk.now)
    with pytest.raises(service.Read):
        service.take_back(talk.session, talk.coach, talk.person_id, said.id, talk.now)
    assert said.words == "Hej"


def test_after_closure_nobody_writes(talk: Talk) -> None:
    enrolment(talk).closed_on = date(2026, 11, 23)
    for act in (talk.write, talk.call, talk.answer):
        with pytest.raises(service.NotOpen):
            act()


def test_a_change_of_coach_is_said_in_the_conversation(talk: Talk) -> None:
    talk.write()
    service.hand_over(talk.session, talk.coach, talk.person_id, talk.world.other_coach.id, talk.now)
    latest = talk.own_thread().messages.items[0]
    assert (latest.kind, latest.by, latest.unread) == ("coach", talk.world.other_coach.first_name, False)


@pytest.mark.parametrize(
    ("writer", "language", "translated"),
    [("own", "ar", True), ("own", "sv", False), ("coach", "sv", True), ("coach", "ar", False)],
)
def test_translators_get_what_the_other_cannot_read(
    talk: Talk, writer: str, language: str, translated: bool
) -> None:
    words = "متى نلتقي؟" if language == "ar" else "När ses vi?"
    write = talk.write if writer == "own" else talk.answer
    message: Message = write(words, language=language)
    text = talk.session.query(SourceText).where(SourceText.object_id == message.id).one()
    assert (text.wanted, text.language) == (translated, language if translated else text.language)


def test_the_words_are_sealed(talk: Talk) -> None:
    """S38"""
    message = talk.write("Hemligheten")
    assert message.words_sealed
    assert b"Hemligheten" not in message.words_sealed
