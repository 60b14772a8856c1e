"""A check-in is begun once, saved line by line, sent once, and only in its time."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.feedback import service
from portal.feedback.models import CheckIn
from portal.feedback.service import Closed, NotOpenYet
from portal.feedback.sheet_queries import sheet
from portal.instruments.loader import DefinitionError
from portal.instruments.models import Response, ResponseLine
from portal.instruments.service import AlreadySent, NothingSaid, WrongKey
from portal.languages import language as language_of
from portal.web.asker import Asker
from tests.feedback.conftest import HOUR, Begin, Fill, People

LINES = 5


def count(session: Session, table: type[CheckIn] | type[Response] | type[ResponseLine]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def answer_all(session: Session, asker: Asker, check_in: uuid.UUID, now: datetime) -> None:
    for number in range(1, LINES + 1):
        service.answer_line(session, asker, check_in, number, 50, now=now)


def test_the_same_meeting_and_instrument_is_one_check_in(
    session: Session, people: People, begin: Begin
) -> None:
    about, asker = uuid.uuid4(), people.participant
    assert begin(asker, about=about) == begin(asker, about=about)
    assert begin(asker, "after", about=about) != begin(asker, about=about)
    assert begin(people.of(people.world.second_participant), about=about) != begin(asker, about=about)
    assert count(session, CheckIn) == count(session, Response) == 3


def test_a_moved_meeting_takes_the_window_along(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    about, asker = uuid.uuid4(), people.participant
    first = begin(asker, about=about)
    later = begin(asker, about=about, at=now + 3 * HOUR)
    assert later == first
    assert sheet(session, asker, first).window.closes_at == now + 5 * HOUR


@pytest.mark.parametrize("hours, refusal", [(-3, NotOpenYet), (3, Closed)])
def test_nothing_is_made_ahead_or_afterwards(
    session: Session, people: People, now: datetime, hours: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        service.begin(
            session,
            people.participant,
            reference=uuid.uuid4(),
            instrument="before",
            opens_at=now - 2 * HOUR,
            closes_at=now + 2 * HOUR,
            language="sv",
            direction="ltr",
            now=now + hours * HOUR,
        )
    assert count(session, CheckIn) == 0


def test_an_instrument_without_words_cannot_be_begun(people: People, begin: Begin) -> None:
    with pytest.raises(DefinitionError, match="no licence"):
        begin(people.participant, "ors")
    with pytest.raises(KeyError):
        begin(people.participant, "nothing")


def test_a_line_is_stored_with_its_version_language_and_direction(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.of(people.world.second_participant, language="ar", tier=1)
    made = begin(asker)
    service.answer_line(session, asker, made, 2, 73, now=now)
    service.answer_line(session, replace(asker, language="en"), made, 3, 10, now=now)
    response = session.scalars(select(Response)).one()
    assert (response.instrument, response.version) == ("before", 1)
    assert (response.language, response.direction) == ("ar", "rtl")
    lines = {row.line: row for row in session.scalars(select(ResponseLine))}
    assert (lines["everyday"].tenths, lines["everyday"].language, lines["everyday"].direction) == (
        73,
        "ar",
        "rtl",
    )
    assert (lines["contact"].tenths, lines["contact"].language, lines["contact"].direction) == (
        10,
        "en",
        "ltr",
    )


def test_a_language_without_texts_is_answered_in_swedish_and_stored_so(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.of(people.world.participant, language="so")
    made = begin(asker)
    service.answer_line(session, asker, made, 1, 50, now=now)
    assert session.scalars(select(ResponseLine)).one().language == "sv"
    assert sheet(session, asker, made).shown_in.code == "sv"


def test_a_line_can_be_changed_and_skipped_until_it_is_sent(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.participant
    made = begin(asker)
    for tenths in (10, 100, None, 0):
        service.answer_line(session, asker, made, 1, tenths, now=now)
        line = sheet(session, asker, made).line(1)
        assert (line.handled, line.tenths, line.skipped) == (True, tenths, tenths is None)
    assert count(session, ResponseLine) == 1


@pytest.mark.parametrize("number", [0, -1, 6, 999])
def test_a_line_that_is_not_there_is_not_found(
    session: Session, people: People, begin: Begin, now: datetime, number: int
) -> None:
    with pytest.raises(NoResultFound):
        service.answer_line(session, people.participant, begin(people.participant), number, 1, now=now)


def test_a_check_in_without_a_free_answer_takes_none(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    with pytest.raises(NoResultFound):
        service.answer_comment(session, people.participant, begin(people.participant), "x", now=now)


def test_someone_elses_check_in_is_not_found_whoever_asks(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    """S3: the id alone opens nothing, neither for another participant nor for staff."""
    made = begin(people.participant)
    key = sheet(session, people.participant, made).key
    world = people.world
    others = [people.of(world.second_participant), people.coach, people.of(world.far_participant)]
    for other in others:
        with pytest.raises(NoResultFound):
            service.answer_line(session, other, made, 1, 1, now=now)
        with pytest.raises(NoResultFound):
            service.send(session, other, made, key, now=now)
    assert count(session, ResponseLine) == 0


def test_what_is_sent_has_its_total_and_stands_as_it_is(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.participant
    made = begin(asker)
    answer_all(session, asker, made, now)
    assert service.send(session, asker, made, sheet(session, asker, made).key, now=now)
    response = session.scalars(select(Response)).one()
    assert (response.total, response.sent_at) == (250, now)
    with pytest.raises(AlreadySent):
        service.answer_line(session, asker, made, 1, 0, now=now)
    assert sheet(session, asker, made).line(1).tenths == 50


def test_a_skipped_line_is_sent_without_a_total(session: Session, people: People, fill: Fill) -> None:
    fill(people.participant, [50, 50, None, 50, 50])
    assert session.scalars(select(Response)).one().total is None


def test_a_line_that_nothing_was_said_of_is_skipped_when_it_is_sent(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.participant
    made = begin(asker)
    service.answer_line(session, asker, made, 2, 0, now=now)
    found = sheet(session, asker, made)
    assert [line.number for line in found.left] == [1, 3, 4, 5]
    assert (found.begun, found.next_step) == (True, 1)
    assert service.send(session, asker, made, found.key, now=now)
    lines = {row.line: row.tenths for row in session.scalars(select(ResponseLine))}
    assert lines == {"energy": None, "everyday": 0, "contact": None, "steps": None, "belief": None}
    assert session.scalars(select(Response)).one().total is None


def test_nothing_at_all_is_nothing_to_send(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.participant
    made = begin(asker, "after")
    key = sheet(session, asker, made).key
    service.answer_comment(session, asker, made, "", now=now)
    assert not sheet(session, asker, made).begun
    with pytest.raises(NothingSaid):
        service.send(session, asker, made, key, now=now)
    assert count(session, ResponseLine) == 0
    service.answer_comment(session, asker, made, "Mer tid", now=now)
    assert sheet(session, asker, made).begun
    assert service.send(session, asker, made, key, now=now)


def test_what_has_another_key_is_not_sent(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.participant
    made = begin(asker)
    answer_all(session, asker, made, now)
    with pytest.raises(WrongKey):
        service.send(session, asker, made, uuid.uuid4(), now=now)
    assert session.scalars(select(Response)).one().sent_at is None


def test_a_resend_after_the_window_has_closed_is_still_the_same_sending(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    """S40: the answer from the server was lost; the phone sends again next week."""
    asker = people.participant
    made = begin(asker)
    answer_all(session, asker, made, now)
    key = sheet(session, asker, made).key
    assert service.send(session, asker, made, key, now=now)
    assert not service.send(session, asker, made, key, now=now + timedelta(days=7))
    assert session.scalars(select(Response)).one().sent_at == now


def test_answers_do_not_come_in_after_the_window(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    asker = people.participant
    made = begin(asker, "after")
    answer_all(session, asker, made, now)
    late = now + 3 * HOUR
    with pytest.raises(Closed):
        service.answer_line(session, asker, made, 1, 1, now=late)
    with pytest.raises(Closed):
        service.answer_comment(session, asker, made, "x", now=late)
    with pytest.raises(Closed):
        service.send(session, asker, made, sheet(session, asker, made).key, now=late)


def test_the_free_answer_is_sealed_and_the_numbers_are_not(
    session: Session, people: People, fill: Fill
) -> None:
    """S38: the database holds no readable free text; a sealed one moved to another row does not open."""
    fill(people.participant, [50] * LINES, "after", comment="Jag vill byta praktik 😀")
    raw: bytes = session.execute(text("select comment_sealed from response")).scalar_one()
    assert b"praktik" not in bytes(raw)
    assert session.scalars(select(Response)).one().comment == "Jag vill byta praktik 😀"


def test_read_back_only_in_the_session_that_wrote_it(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    """S30: behind the first door a later session goes on at the first empty question, and reads nothing."""
    first = people.participant
    made = begin(first, "after")
    service.answer_line(session, first, made, 1, 70, now=now)
    service.answer_line(session, first, made, 2, None, now=now)
    service.answer_comment(session, first, made, "hemligt", now=now)
    own = sheet(session, first, made)
    assert (own.line(1).tenths, own.line(2).skipped, own.comment and own.comment.text) == (
        70,
        True,
        "hemligt",
    )
    later = sheet(session, people.participant, made)
    assert later.next_step == 3
    assert [(line.handled, line.readable, line.tenths) for line in later.lines[:2]] == [
        (True, False, None)
    ] * 2
    assert not later.line(2).skipped
    assert later.comment is not None
    assert (later.comment.handled, later.comment.text) == (True, "")
    second_door = sheet(session, people.of(people.world.participant, tier=2), made)
    assert (second_door.line(1).tenths, second_door.line(2).skipped) == (70, True)


def test_the_database_refuses_what_is_not_on_the_line(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    with pytest.raises(IntegrityError):
        service.answer_line(session, people.participant, begin(people.participant), 1, 101, now=now)


def test_50_sendings_at_once_store_one(
    database: Database, session: Session, people: People, begin: Begin, now: datetime
) -> None:
    """S40: 50 parallel, one is the first; the others are told the same."""
    asker = people.participant
    made = begin(asker)
    answer_all(session, asker, made, now)
    key = sheet(session, asker, made).key
    session.commit()

    def sent(number: int) -> bool:
        with database.transaction() as own:
            return service.send(own, asker, made, key, now=now + timedelta(seconds=number))

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(sent, range(50))) == 1


def test_50_taps_on_begin_and_on_next_make_one_of_each(
    database: Database, session: Session, people: People, now: datetime
) -> None:
    asker, about = people.participant, uuid.uuid4()
    session.commit()

    def tap(number: int) -> uuid.UUID:
        with database.transaction() as own:
            spoken = language_of("sv")
            made = service.begin(
                own,
                asker,
                reference=about,
                instrument="before",
                opens_at=now - HOUR,
                closes_at=now + HOUR,
                language=spoken.code,
                direction=spoken.dir,
                now=now,
            )
            service.answer_line(own, asker, made.id, 1, number, now=now)
            return made.id

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(tap, range(50)))) == 1
    assert (count(session, CheckIn), count(session, Response), count(session, ResponseLine)) == (1, 1, 1)
