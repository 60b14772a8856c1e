"""What people see of answers by SMS: a free time, a letter, a STOP, and the demo's phones."""

from datetime import timedelta

import pytest

from portal import ticks
from portal.conversation.rules import LONGEST
from portal.db import Database
from portal.identity.models import Person
from portal.messaging import service as outbox
from portal.messaging.gateways.console import Console
from portal.ticks import LANES, STUMBLED_SECONDS, Partly, Work, take_replies
from tests.conftest import SignIn
from tests.reminders.conftest import Answers
from tests.support.pages import Client, text_of

DAY = timedelta(days=1)


def test_from_a_reminder_to_a_free_time(answering: Answers, sign_in: SignIn) -> None:
    """AVBOKA, the digits, and the time can be booked again; staff see that it is cancelled."""
    made = answering.book(2)
    taken = sign_in(answering.world.second_participant).get("/meetings/times").text
    answering.text("AVBOKA")
    answering.text(answering.digits())
    free = sign_in(answering.world.second_participant).get("/meetings/times").text
    at = f"{made.starts_at:%Y-%m-%dT%H:%MZ}"
    assert at not in taken
    assert at in free
    page = sign_in(answering.world.coach).get(f"/staff/people/{answering.person.id}/meetings")
    assert "Avbokat" in text_of(page)


def test_staff_see_that_it_came_as_an_sms_and_answer_in_the_portal(
    answering: Answers, sign_in: SignIn
) -> None:
    coach = sign_in(answering.world.coach)
    here = f"/staff/people/{answering.person.id}/conversation"
    assert "Kom som SMS" not in text_of(coach.get(here))
    answering.text("Får jag ta med min syster?")
    page = text_of(coach.get(here))
    assert "Får jag ta med min syster?" in page
    assert "Kom som SMS" in page
    coach.post(here, data={"words": "Ja, det får du.", "upto": "1"})
    assert "Ja, det får du." in text_of(sign_in(answering.person).get("/messages"))
    assert "Kom som SMS" not in text_of(sign_in(answering.person).get("/messages"))


def test_staff_and_its_writer_read_the_whole_of_a_long_sms(answering: Answers, sign_in: SignIn) -> None:
    """In order, as several messages that one answer answers; nothing of it is cut."""
    numbered = [f"ord{number}" for number in range(1000)]
    answering.text(" ".join(numbered))
    letters = answering.letters()
    assert " ".join(one.words for one in letters).split() == numbered
    assert [len(one.words) <= LONGEST for one in letters] == [True] * 4
    assert all(one.by_sms and one.due_on for one in letters)
    coach, here = sign_in(answering.world.coach), f"/staff/people/{answering.person.id}/conversation"
    assert all(one.words in text_of(coach.get(here)) for one in letters)
    coach.post(here, data={"words": "Vi ringer dig.", "upto": "4"})
    assert {one.outcome for one in answering.letters()[:4]} == {"answered"}
    own = sign_in(answering.person)
    assert all(one.words in text_of(own.get(f"/messages/{one.id}")) for one in letters)


def test_stop_stands_on_both_sides_pages_and_ends_there(answering: Answers, sign_in: SignIn) -> None:
    answering.text("STOPP")
    coach, own = sign_in(answering.world.coach), sign_in(answering.person)
    said = "Personen har svarat STOPP och får inga SMS om möten. Ring i stället."
    for page in ("messages", "reach", "conversation"):
        assert said in text_of(coach.get(f"/staff/people/{answering.person.id}/{page}")), page
    assert "Du har svarat STOPP. Du får inga SMS om möten." in text_of(own.get("/me/reach"))
    assert own.post("/me/sms/start").status_code == 303
    assert answering.stands().sms_stopped_at is None
    assert "Du har svarat STOPP." not in text_of(own.get("/me/reach"))
    for page in ("messages", "reach", "conversation"):
        assert "STOPP" not in text_of(coach.get(f"/staff/people/{answering.person.id}/{page}")), page


def test_the_staff_page_of_sms_names_answers_and_shows_no_digits(answering: Answers, sign_in: SignIn) -> None:
    answering.book(2)
    answering.text("AVBOKA")
    digits = answering.digits()
    answering.clock.move(timedelta(minutes=30))
    with answering.database.transaction() as session:
        outbox.forget_codes(session, answering.now)
    page = text_of(sign_in(answering.world.coach).get(f"/staff/people/{answering.person.id}/messages"))
    assert "Kod för att avboka" in page
    assert digits not in page


def test_a_phone_of_the_demo_answers(answering: Answers, client: Client, database: Database) -> None:
    made = answering.book(2)
    form = {"number": answering.person.phone, "words": "ja"}
    assert f'value="{answering.person.phone}"' in client.get("/dev/phone").text
    assert client.post("/dev/phone", data=form).status_code == 303
    work = Work(database, Console(), now=lambda: answering.now)
    assert take_replies(work) == 1
    assert take_replies(work) == 0
    assert answering.meeting(made).confirmed_at == answering.now


def test_one_message_that_cannot_be_taken_keeps_no_other_from_it(
    answering: Answers, database: Database
) -> None:
    broken = answering.bring("Hej")
    answering.clock.move(timedelta(seconds=1))
    answering.bring("Hallå")
    with database.transaction() as session:
        row = session.merge(broken)
        row.body_sealed = b"\x04demo" + b"x" * 40
    with pytest.raises(Partly, match="CannotOpen"):
        take_replies(Work(database, Console(), now=lambda: answering.now))
    assert [one.words for one in answering.letters()] == ["Hallå"]


def test_a_message_that_cannot_be_taken_is_left_alone_for_a_while_and_told_of_all_the_time(
    answering: Answers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 0.0
    broken, work = answering.bring("Hej"), Work(database, Console(), now=lambda: answering.now)
    with database.transaction() as session:
        row = session.merge(broken)
        good, row.body_sealed = row.body_sealed, b"\x04demo" + b"x" * 40
    monkeypatch.setattr(ticks, "monotonic", lambda: at)
    with pytest.raises(Partly, match="CannotOpen"):
        take_replies(work)
    with database.transaction() as session:
        session.merge(broken).body_sealed = good
    at = STUMBLED_SECONDS - 1
    with pytest.raises(Partly, match="CannotOpen"):
        take_replies(work)
    assert not answering.letters()
    at = STUMBLED_SECONDS
    assert take_replies(work) == 1
    assert [one.words for one in answering.letters()] == ["Hej"]


def test_the_worker_takes_replies_while_it_may_send() -> None:
    assert "replies" in [tick.name for tick in LANES["rest"]]


@pytest.mark.parametrize("first, last, stopped", [("STOPP", "START", False), ("START", "STOPP", True)])
def test_what_was_said_last_holds_though_the_first_could_not_be_taken(
    answering: Answers,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    last: str,
    *,
    stopped: bool,
) -> None:
    """S34: a message that is taken a minute later undoes nothing that was said after it."""
    at, work = 0.0, Work(database, Console(), now=lambda: answering.now)
    if stopped:
        answering.bring("STOPP")
        take_replies(work)
        answering.clock.move(timedelta(seconds=1))
    broken = answering.bring(first)
    answering.clock.move(timedelta(seconds=1))
    answering.bring(last)
    with database.transaction() as session:
        row = session.merge(broken)
        good, row.body_sealed = row.body_sealed, b"\x04demo" + b"x" * 40
    monkeypatch.setattr(ticks, "monotonic", lambda: at)
    with pytest.raises(Partly):
        take_replies(work)
    with database.transaction() as session:
        session.merge(broken).body_sealed = good
    at = STUMBLED_SECONDS
    assert take_replies(work) == 1
    with database.reading() as session:
        person = session.get_one(Person, answering.person.id)
        assert (person.sms_stopped_at is not None) == stopped
