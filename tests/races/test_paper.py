"""A paper form that is typed while its participant answers on the phone, or a colleague mends it (S49)."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.feedback import record_service, service
from portal.feedback.models import CheckIn, Correction
from portal.feedback.record_service import AlreadyThere, AnotherFirst, Paper, TooLate
from portal.feedback.sheet_queries import sheet
from portal.instruments.models import Response, ResponseLine
from tests.conftest import SignIn
from tests.plan.conftest import asker_of
from tests.support.packs import install
from tests.support.pages import seen, text_of
from tests.support.paper import typed
from tests.support.side_by_side import nothing, side_by_side
from tests.support.world import World

HOUR = timedelta(hours=1)
NUMBERS = (50, 50, 50, 50)
MEETING = uuid.UUID(int=17)


def begin(session: Session, world: World, now: datetime) -> uuid.UUID:
    """The participant opens ORS about the meeting."""
    return service.begin(
        session,
        asker_of(world.participant, "participant"),
        reference=MEETING,
        instrument="ors",
        opens_at=now - HOUR,
        closes_at=now + HOUR,
        language="sv",
        direction="ltr",
        now=now,
    ).id


def record(session: Session, world: World, now: datetime) -> None:
    """The coach types the paper form of the same meeting."""
    paper = Paper(world.participant.id, "ors", NUMBERS, MEETING, now)
    record_service.record(session, asker_of(world.coach, "coach"), paper, now)


@pytest.fixture
def licensed(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        install(session, "ors", now)


def kept(database: Database) -> list[tuple[int | None, list[int | None]]]:
    """Each sent total, with its lines."""
    with database.reading() as session:
        return [
            (
                response.total,
                list(
                    session.scalars(
                        select(ResponseLine.tenths)
                        .where(ResponseLine.response_id == response.id)
                        .order_by(ResponseLine.line)
                    )
                ),
            )
            for response in session.scalars(
                select(Response).where(Response.sent_at.is_not(None)).order_by(Response.total.is_not(None))
            )
        ]


@pytest.mark.usefixtures("licensed")
def test_what_is_sent_while_staff_type_stands(database: Database, world: World, now: datetime) -> None:
    asker = asker_of(world.participant, "participant")
    with database.transaction() as session:
        made = begin(session, world, now)
        for number in range(1, 5):
            service.answer_line(session, asker, made, number, 30, now=now)
        key = sheet(session, asker, made).key

    def send(session: Session) -> None:
        service.send(session, asker, made, key, now=now)

    assert side_by_side(database, send, lambda session: record(session, world, now), nothing) == [
        AlreadyThere
    ]
    assert kept(database) == [(120, [30] * 4)]


@pytest.mark.usefixtures("licensed")
@pytest.mark.parametrize("phone_first", [True, False])
def test_what_is_begun_while_staff_type_loses_no_numbers(
    database: Database, world: World, now: datetime, phone_first: bool
) -> None:
    acts = [lambda session: begin(session, world, now), lambda session: record(session, world, now)]
    first, second = acts if phone_first else reversed(acts)
    assert side_by_side(database, first, second, nothing) == []
    assert kept(database) == [(200, list(NUMBERS))]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CheckIn)) == 1


@pytest.fixture
def made(database: Database, world: World, now: datetime) -> uuid.UUID:
    """A form that the coach typed a moment ago: 20.0."""
    with database.transaction() as session:
        return typed(session, asker_of(world.coach, "coach"), world.participant.id, NUMBERS, now)


def test_a_correction_sees_the_one_before_it(
    database: Database, world: World, now: datetime, made: uuid.UUID, sign_in: SignIn
) -> None:
    """The second is told what stands now, and the total is that of the lines."""
    browser = sign_in(world.coach)
    here = f"/staff/people/{world.participant.id}/answers/{made}/correct"
    sent = {"line_1": "4", "line_2": "5", "line_3": "5", "line_4": "6", "reason": "Fel rad"}
    sent["seen"] = seen(browser, here)
    answers: list[str] = []

    def first(session: Session) -> None:
        lead = asker_of(world.lead, "lead")
        record_service.correct(
            session, lead, world.participant.id, made, (60, 50, 50, 50), reason="x", now=now
        )

    def second(_: Session) -> None:
        answers.append(text_of(browser.post(here, data=sent)))

    assert side_by_side(database, first, second, nothing) == []
    assert "Någon annan har sparat medan du skrev." in answers[0]
    assert kept(database) == [(210, [60, 50, 50, 50])]


def test_a_correction_after_an_older_look_writes_the_total_of_its_lines(
    database: Database, world: World, now: datetime, made: uuid.UUID
) -> None:
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id
    with database.writing() as mine:
        record_service.typed(mine, coach, person_id, made)
        response = mine.get_one(Response, mine.get_one(CheckIn, made).response_id)
        lines = mine.scalars(select(ResponseLine).where(ResponseLine.response_id == response.id)).all()
        mine.commit()
        with database.transaction() as theirs:
            record_service.correct(theirs, coach, person_id, made, (60, 50, 50, 50), reason="x", now=now)
        record_service.correct(mine, coach, person_id, made, (40, 50, 50, 60), reason="y", now=now)
        mine.commit()
        assert len(lines) == 4
    assert kept(database) == [(200, [40, 50, 50, 60])]


@pytest.mark.parametrize("correction_first", [True, False])
def test_an_undoing_and_a_correction_at_once(
    database: Database, world: World, now: datetime, made: uuid.UUID, correction_first: bool
) -> None:
    """What was corrected keeps its trail; what was undone is not corrected."""
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id

    def correct(session: Session) -> None:
        record_service.correct(session, coach, person_id, made, (60, 50, 50, 50), reason="x", now=now)

    def undo(session: Session) -> None:
        record_service.undo(session, coach, person_id, made, now)

    first, second = (correct, undo) if correction_first else (undo, correct)
    refused = TooLate if correction_first else NoResultFound
    assert side_by_side(database, first, second, nothing) == [refused]
    with database.reading() as session:
        trail = session.scalar(select(func.count()).select_from(Correction))
    assert (trail, len(kept(database))) == ((1, 1) if correction_first else (0, 0))


def test_a_correction_sees_the_first_form_that_is_typed_beside_it(
    database: Database, world: World, now: datetime
) -> None:
    """An older form gets its total only when somebody says so, also when the first came a moment ago."""
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id
    with database.transaction() as session:
        older = typed(session, coach, person_id, (50, 50, 50, None), now - timedelta(days=7))

    def correct(session: Session) -> None:
        record_service.correct(session, coach, person_id, older, NUMBERS, reason="x", now=now)

    assert side_by_side(database, lambda session: record(session, world, now), correct, nothing) == [
        AnotherFirst
    ]
    assert kept(database) == [(None, [50, 50, 50, None]), (200, list(NUMBERS))]
