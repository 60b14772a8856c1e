"""An SMS says that there is something to read: not what, once a day, and never when it is read or unsafe."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.conversation import service as conversation
from portal.conversation.service import Letter
from portal.feedback import service as feedback
from portal.feedback.sheet_queries import sheet
from portal.identity.models import Enrolment, Person
from portal.languages import LANGUAGES
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import reach_service, template_service, texts
from portal.notices import rules as kinds
from portal.organisation.models import Organisation
from portal.plan import news_service as plan_news
from portal.reminders import news_service, service
from tests.plan.conftest import Desk
from tests.plan.conftest import desk as desk
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app

APP = speaking_app()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def person(desk: Desk) -> uuid.UUID:
    return desk.person_id


def write(desk: Desk, words: str = "Hemligheten") -> None:
    letter = Letter(uuid.uuid4(), words, "sv")
    conversation.answer(desk.session, desk.coach, desk.person_id, letter, upto=0, now=desk.now)


def put(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)))


def test_what_staff_wrote_is_told_of_once(desk: Desk) -> None:
    write(desk)
    assert news_service.tick(desk.session, desk.now) == 0
    assert news_service.tick(desk.session, desk.now + HOUR) == 1
    assert news_service.tick(desk.session, desk.now + 2 * HOUR) == 0
    (message,) = put(desk.session)
    assert message.kind == kinds.SOMETHING_NEW
    assert message.body == "Det finns något nytt till dig. Logga in som vanligt."


def test_a_change_of_the_plan_and_a_message_are_told_of_together(desk: Desk) -> None:
    desk.add("Ring skolan")
    write(desk)
    for hours in range(1, 10):
        news_service.tick(desk.session, desk.now + hours * HOUR)
    assert len(put(desk.session)) == 1


def test_a_change_of_the_plan_alone_is_told_of_too(desk: Desk) -> None:
    desk.add("Ring skolan")
    assert news_service.tick(desk.session, desk.now + HOUR) == 0
    assert news_service.tick(desk.session, desk.now + 4 * HOUR) == 1


def test_whoever_has_read_meanwhile_is_not_told(desk: Desk) -> None:
    write(desk)
    news_service.tick(desk.session, desk.now + HOUR)
    (message,) = put(desk.session)
    assert service.check(desk.session, message, desk.now + HOUR) == messaging.Go(message.address)
    conversation.mark_read(desk.session, desk.own, 9, desk.now + HOUR)
    assert service.check(desk.session, message, desk.now + HOUR) == messaging.Drop("read")
    assert news_service.tick(desk.session, desk.now + DAY) == 0


def test_news_of_the_plan_that_is_read_is_not_told(desk: Desk) -> None:
    desk.add("Ring skolan")
    plan_news.read_all(desk.session, desk.own, upto=desk.last().number, now=desk.now)
    assert news_service.tick(desk.session, desk.now + 4 * HOUR) == 0


def met(desk: Desk, ended: timedelta = 4 * HOUR, **facts: Any) -> Appointment:
    """Amina and Karin have met; it ended so long ago."""
    starts = desk.now - ended - HOUR
    made = meetings.add_meeting(
        desk.session, desk.world.participant, desk.world.coach, starts, desk.now - 9 * DAY
    )
    for name, value in facts.items():
        setattr(made, name, value)
    desk.session.flush()
    return made


def test_questions_after_a_meeting_are_told_of_three_hours_later(desk: Desk) -> None:
    met(desk, HOUR)
    assert news_service.tick(desk.session, desk.now) == 0
    assert news_service.tick(desk.session, desk.now + 2 * HOUR) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"attendance": "absent", "attended_at": datetime(2026, 11, 24, 7, tzinfo=UTC)},
        {"state": "cancelled", "cancelled_at": datetime(2026, 11, 23, 7, tzinfo=UTC)},
        {"in_portal": False},
    ],
)
def test_nothing_is_asked_after_a_meeting_that_was_missed_or_leaves_no_trace(
    desk: Desk, facts: dict[str, Any]
) -> None:
    met(desk, **facts)
    assert news_service.tick(desk.session, desk.now) == 0


def test_questions_that_are_filled_in_on_paper_or_no_longer_open_are_not_told(desk: Desk) -> None:
    met(desk, 49 * HOUR)
    assert news_service.tick(desk.session, desk.now) == 0
    met(desk)
    desk.session.get_one(Organisation, desk.own.organisation_id).settings = {"after_with": "paper"}
    desk.session.flush()
    assert news_service.tick(desk.session, desk.now) == 0


def test_questions_that_are_answered_are_not_told(desk: Desk) -> None:
    meeting = met(desk)
    begun = feedback.begin(
        desk.session,
        desk.own,
        reference=meeting.id,
        instrument="after",
        opens_at=desk.now - HOUR,
        closes_at=desk.now + HOUR,
        language="sv",
        direction="ltr",
        now=desk.now,
    )
    assert news_service.is_waiting(desk.session, desk.person_id, desk.now)
    feedback.answer_line(desk.session, desk.own, begun.id, 1, 70, now=desk.now)
    key = sheet(desk.session, desk.own, begun.id).key
    feedback.send(desk.session, desk.own, begun.id, key, now=desk.now)
    assert not news_service.is_waiting(desk.session, desk.person_id, desk.now)


def test_a_survey_that_is_open_is_told_of(desk: Desk) -> None:
    enrolment = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == desk.person_id)).one()
    enrolment.started_on = date(2026, 8, 24)
    desk.session.flush()
    assert news_service.tick(desk.session, desk.now) == 1
    desk.session.get_one(Person, desk.person_id).protected = True
    desk.session.flush()
    assert not news_service.is_waiting(desk.session, desk.person_id, desk.now)


def test_what_is_taken_back_is_not_told(desk: Desk) -> None:
    letter = Letter(uuid.uuid4(), "Fel", "sv")
    said = conversation.answer(desk.session, desk.coach, desk.person_id, letter, upto=0, now=desk.now)
    conversation.take_back(desk.session, desk.coach, desk.person_id, said.id, desk.now)
    assert news_service.tick(desk.session, desk.now + HOUR) == 0


def test_a_step_that_must_leave_no_trace_is_not_told(desk: Desk) -> None:
    """S33"""
    desk.add("Prata om skulder", in_portal=False)
    assert news_service.tick(desk.session, desk.now + 4 * HOUR) == 0


@pytest.mark.parametrize("change", [{"sms_unsafe": True}, {"protected": True}, {"way": "call"}])
def test_who_gets_no_sms_is_not_told(desk: Desk, change: dict[str, Any]) -> None:
    """S34, S37"""
    write(desk)
    for name, value in change.items():
        setattr(desk.session.get_one(type(desk.world.participant), desk.person_id), name, value)
    desk.session.flush()
    assert news_service.tick(desk.session, desk.now + HOUR) == 0


def test_after_closure_nobody_is_told_but_of_the_survey(desk: Desk) -> None:
    write(desk)
    enrolment = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == desk.person_id)).one()
    enrolment.closed_on = date(2026, 11, 24)
    desk.session.get_one(Organisation, desk.own.organisation_id).settings = {"survey_closure": False}
    desk.session.flush()
    assert news_service.tick(desk.session, desk.now + HOUR) == 0
    desk.session.get_one(Organisation, desk.own.organisation_id).settings = {"survey_closure": True}
    desk.session.flush()
    assert news_service.tick(desk.session, desk.now + HOUR) == 1


def test_saying_less_of_meetings_leaves_these_words_as_they_are(desk: Desk) -> None:
    write(desk)
    news_service.tick(desk.session, desk.now + HOUR)
    (message,) = put(desk.session)
    person = desk.session.get_one(type(desk.world.participant), desk.person_id)
    reach_service.say_less(desk.session, asker_of(desk.session, person), person)
    assert message.body == "Det finns något nytt till dig. Logga in som vanligt."


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_says_nothing_of_us_and_fits_in_one_part(code: str) -> None:
    """S31"""
    said = texts.something_new(LANGUAGES[code])
    assert messaging.length(said).parts == 1
    for word in ("Stigen", "Norrby", "http", "www", "coach", "plan"):
        assert word.casefold() not in said.casefold()


def test_an_organisation_says_it_in_its_own_words(desk: Desk) -> None:
    write(desk)
    admin = asker_of(desk.session, desk.world.admin)
    template_service.word(
        desk.session, admin, kinds.SOMETHING_NEW, LANGUAGES["sv"], "Logga in, tack.", desk.now
    )
    news_service.tick(desk.session, desk.now + HOUR)
    (message,) = put(desk.session)
    assert message.body == "Logga in, tack."
