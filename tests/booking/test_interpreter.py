"""An interpreter at a meeting: who sees it, and what ends the interpreter's reading."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.booking import course_service, interpreter_service, queries, rules, service
from portal.booking.models import Appointment
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate, Wish
from portal.db import Database
from portal.interpreting import queries as interpreting
from portal.wording.models import WantedLanguage
from tests.booking.conftest import AskAs, Tell
from tests.support.interpreting import grant_token
from tests.support.world import World

SOON = timedelta(hours=5)
Act = Callable[["Stage"], object]


class Stage:
    """A meeting with an interpreter who has been let in."""

    def __init__(self, database: Database, world: World, ask_as: AskAs, meeting: Appointment, now: datetime):
        self.database, self.world, self.ask_as = database, world, ask_as
        self.meeting, self.now = meeting, now
        with database.transaction() as session:
            self.token = grant_token(session, ask_as(world.coach), meeting.id, now)

    @property
    def is_in(self) -> bool:
        """Whether the interpreter still reads."""
        with self.database.reading() as session:
            return interpreting.guest(session, self.token, self.now) is not None

    def move(self, minutes: int, place: str = "") -> None:
        """Staff move the meeting, or change its place alone."""
        starts_at = self.meeting.starts_at + timedelta(minutes=minutes)
        with self.database.transaction() as session:
            wish = Wish(starts_at, self.meeting.mode, place=place)
            service.move_for(
                session, self.ask_as(self.world.coach), self.meeting.id, wish, self.now, anyway=True
            )

    def cancel(self) -> None:
        """Staff cancel it."""
        with self.database.transaction() as session:
            service.cancel_for(session, self.ask_as(self.world.coach), self.meeting.id, "", self.now)

    def hand_over(self, fate: str) -> None:
        """Another coach gets the participant."""
        with self.database.transaction() as session:
            person, other = self.world.participant.id, self.world.other_coach.id
            course_service.hand_over(
                session, self.ask_as(self.world.lead), person, other, {self.meeting.id: fate}, self.now
            )

    def speak(self, language: str) -> None:
        """Staff say that the interpreter is of another language, or none."""
        with self.database.transaction() as session:
            interpreter_service.set_interpreter(
                session, self.ask_as(self.world.coach), self.meeting.id, language, self.now
            )


@pytest.fixture
def stage(
    database: Database, open_world: World, ask_as: AskAs, booked_by_staff: Tell, now: datetime
) -> Stage:
    """Amina and Karin at 13.00, with an interpreter of Arabic."""
    meeting = booked_by_staff(now + SOON, interpreter="ar")
    return Stage(database, open_world, ask_as, meeting, now)


@pytest.mark.parametrize(
    ("act", "still_in"),
    [
        (lambda stage: stage.move(60), False),
        (lambda stage: stage.move(0, "Biblioteket"), True),
        (lambda stage: stage.cancel(), False),
        (lambda stage: stage.hand_over(rules.ALONG), False),
        (lambda stage: stage.hand_over(rules.STAY), False),
        (lambda stage: stage.hand_over(rules.CANCEL), False),
        (lambda stage: stage.speak("en"), False),
        (lambda stage: stage.speak(""), False),
        (lambda stage: stage.speak("ar"), True),
    ],
    ids=["moved", "place", "cancelled", "along", "stays", "cancelled over", "other language", "none", "same"],
)
def test_what_ends_the_reading(stage: Stage, act: Act, still_in: bool) -> None:
    """S8"""
    assert stage.is_in
    act(stage)
    assert stage.is_in is still_in


def test_the_participant_sees_the_language_behind_the_second_door(
    stage: Stage, database: Database, ask_as: AskAs, now: datetime
) -> None:
    """S30"""
    person = stage.world.participant
    with database.reading() as session:
        for tier, seen in ((1, ""), (2, "ar")):
            (meeting,) = queries.own_meetings(session, ask_as(person, tier), now).ahead
            assert meeting.interpreter == seen


def test_the_texts_are_wanted_in_the_interpreters_language(stage: Stage, database: Database) -> None:
    stage.speak("en")
    with database.reading() as session:
        wanted = session.query(WantedLanguage.person_id, WantedLanguage.language).all()
    assert sorted(tuple(row) for row in wanted) == sorted(
        (stage.world.participant.id, language) for language in ("ar", "en")
    )


def test_no_interpreter_for_what_is_cancelled_or_over(
    stage: Stage, database: Database, ask_as: AskAs
) -> None:
    coach, meeting = ask_as(stage.world.coach), stage.meeting
    with database.transaction() as session, pytest.raises(TooLate):
        interpreter_service.set_interpreter(session, coach, meeting.id, "en", meeting.ends_at)
    stage.cancel()
    with database.transaction() as session, pytest.raises(NotBooked):
        interpreter_service.set_interpreter(session, coach, meeting.id, "en", stage.now)
