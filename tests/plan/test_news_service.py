"""What a participant says of a change, and the talk that follows, on both databases."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.exc import NoResultFound

from portal.plan import news_queries, news_service, queries
from portal.plan.news_rules import ANSWERS, TO_TALK_ABOUT
from portal.plan.service import NotFromHere, NotOpen, Stale
from tests.plan.conftest import Desk, asker_of
from tests.plan.test_queries import close_enrolment


def waiting(desk: Desk) -> list[str]:
    return [row.answer for row in news_queries.open_questions(desk.session, desk.coach)]


def talk(desk: Desk, *answer_ids: uuid.UUID, words: str = "", outcome: str = "talked") -> None:
    news_service.talk(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        answer_ids=answer_ids,
        outcome=outcome,
        words=words,
        now=desk.now,
    )


@pytest.mark.parametrize("said", ANSWERS)
def test_an_answer_is_kept_and_three_of_four_wait_for_a_talk(desk: Desk, said: str) -> None:
    desk.add("Träffa läkaren")
    given = desk.answer(said)
    assert (given.answer, given.outcome) == (said, "")
    assert waiting(desk) == ([said] if said in TO_TALK_ABOUT else [])
    assert not queries.own_plan(desk.session, desk.own, desk.now).news


def test_the_same_answer_twice_is_once_and_another_takes_its_place(desk: Desk) -> None:
    desk.add()
    event = desk.last()
    first = desk.answer("talk", event)
    desk.now += timedelta(minutes=1)
    assert desk.answer("talk", event).answered_at == first.answered_at
    desk.answer("disagree", event)
    assert waiting(desk) == ["disagree"]
    desk.answer("understood", event)
    assert waiting(desk) == []


def test_words_go_with_the_answer_and_can_be_changed_until_the_talk(desk: Desk) -> None:
    desk.add()
    given = desk.answer("not_understood")
    for words in ("Vad är ett CV?", "Vad är ett CV, och varför?"):
        news_service.add_words(desk.session, desk.own, answer_id=given.id, words=words, now=desk.now)
    (row,) = news_queries.questions_of(desk.session, desk.coach, desk.person_id)
    assert (row.words, row.about) == ("Vad är ett CV, och varför?", "Ring skolan")
    talk(desk, given.id)
    with pytest.raises(news_service.TalkedAbout):
        news_service.add_words(desk.session, desk.own, answer_id=given.id, words="Nej", now=desk.now)
    with pytest.raises(news_service.TalkedAbout):
        desk.answer("disagree")


def test_what_is_understood_keeps_no_words(desk: Desk) -> None:
    desk.add()
    given = desk.answer("talk")
    news_service.add_words(desk.session, desk.own, answer_id=given.id, words="Måste jag?", now=desk.now)
    assert desk.answer("understood").words == ""


def test_the_talk_is_recorded_once_and_both_read_it(desk: Desk) -> None:
    desk.add()
    given = desk.answer("disagree")
    for _tap in range(2):
        talk(desk, given.id, words="Vi väntar till mars.", outcome="changed")
    assert waiting(desk) == []
    page = queries.own_plan(desk.session, desk.own, desk.now)
    (row,) = page.answers
    assert (row.outcome, row.outcome_words, row.talked_by) == ("changed", "Vi väntar till mars.", "Karin")
    with pytest.raises(NotFromHere):
        talk(desk, given.id, words="Något annat")


def test_a_talk_recorded_by_mistake_is_taken_back_but_not_a_later_one(desk: Desk) -> None:
    desk.add()
    given = desk.answer("talk")
    talk(desk, given.id)
    who = {"person_id": desk.person_id, "answer_id": given.id}
    assert not news_service.reopen(desk.session, desk.coach, **who, talked_at=desk.now - timedelta(hours=1))
    assert news_service.reopen(desk.session, desk.coach, **who, talked_at=desk.now)
    assert news_service.reopen(desk.session, desk.coach, **who, talked_at=desk.now), "twice is once"
    assert waiting(desk) == ["talk"]


def test_a_change_that_is_undone_takes_its_question_with_it(desk: Desk) -> None:
    step = desk.add("Ett")
    desk.answer("understood")
    desk.change(step, "Två")
    given = desk.answer("disagree")
    desk.undo()
    assert waiting(desk) == []
    with pytest.raises(NoResultFound):
        news_queries.own_answer(desk.session, desk.own, given.id)
    (one,) = queries.own_plan(desk.session, desk.own, desk.now).news
    assert one.last.action == "undo", "what one has answered about does not go back in silence"


def test_what_was_undone_meanwhile_cannot_be_answered(desk: Desk) -> None:
    step = desk.add("Ett")
    desk.change(step, "Två")
    event = desk.last()
    desk.undo()
    with pytest.raises(Stale):
        desk.answer("talk", event)


def test_only_the_last_change_of_a_step_is_asked_about(desk: Desk) -> None:
    step = desk.add("Ett")
    first = desk.last()
    desk.change(step, "Två")
    with pytest.raises(Stale):
        desk.answer("talk", first)
    desk.answer("talk")
    desk.change(step, "Tre")
    assert waiting(desk) == ["talk"], "the coach's change is no answer"
    with pytest.raises(Stale):
        desk.answer("disagree", first)
    desk.answer("understood")
    assert waiting(desk) == [], "the participant's last word about the step"


def test_reading_all_reaches_as_far_as_the_page_did(desk: Desk) -> None:
    desk.add("Ett")
    seen = desk.last().number
    desk.add("Två")
    for upto in (seen, 0):
        news_service.read_all(desk.session, desk.own, upto=upto, now=desk.now)
    (one,) = queries.own_plan(desk.session, desk.own, desk.now).news
    assert one.last.text == "Två"
    news_service.read_all(desk.session, desk.own, upto=10_000, now=desk.now)
    desk.add("Tre")
    assert len(queries.own_plan(desk.session, desk.own, desk.now).news) == 1, (
        "a number to come is not believed"
    )


def test_nobody_answers_or_talks_for_somebody_else(desk: Desk) -> None:
    """S3"""
    desk.add()
    event, given = desk.last(), desk.answer("talk")
    stranger = asker_of(desk.world.second_participant, "participant")
    for event_id in (event.id, uuid.uuid4()):
        with pytest.raises(NoResultFound):
            news_service.answer(desk.session, stranger, event_id=event_id, said="talk", now=desk.now)
    with pytest.raises(NoResultFound):
        news_service.add_words(desk.session, stranger, answer_id=given.id, words="x", now=desk.now)
    other = asker_of(desk.world.other_coach, "coach")
    for asker, person_id in ((other, desk.person_id), (desk.coach, desk.world.second_participant.id)):
        with pytest.raises(NoResultFound):
            news_service.talk(
                desk.session,
                asker,
                person_id=person_id,
                answer_ids=[given.id],
                outcome="talked",
                words="",
                now=desk.now,
            )
    assert news_queries.open_questions(desk.session, other) == ()


def test_a_closed_plan_is_not_answered(desk: Desk) -> None:
    desk.add()
    event = desk.last()
    close_enrolment(desk)
    with pytest.raises(NotOpen):
        news_service.answer(desk.session, desk.own, event_id=event.id, said="talk", now=desk.now)


def test_codes_that_do_not_exist_are_refused(desk: Desk) -> None:
    desk.add()
    given = desk.answer("talk")
    with pytest.raises(ValueError, match="answer"):
        desk.answer("maybe")
    for outcome in ("answered_again", "nonsense"):
        with pytest.raises(ValueError, match="outcome"):
            talk(desk, given.id, outcome=outcome)
