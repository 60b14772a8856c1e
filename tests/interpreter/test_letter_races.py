"""An e-mail to the agency while others send it, or change what it tells of (S49)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.booking import course_service, service
from portal.booking.time_service import Wish
from portal.interpreter import letter_queries, letter_service
from portal.interpreter.letter_service import CannotLeave, OtherThanSeen
from tests.booking.conftest import Tell, ask_as, booked_by_staff, open_world
from tests.interpreter.agency import Desk, address, arrives, desk, sent
from tests.interpreter.test_order_pages import NEXT, meeting, order
from tests.support.races import race
from tests.support.world import World

__all__ = ["address", "ask_as", "booked_by_staff", "desk", "meeting", "open_world", "order"]

pytestmark = pytest.mark.usefixtures("address")
DAY = timedelta(days=1)


def read_by(desk: Desk) -> tuple[str, str]:
    """The mark of what Karin reads now, and its text."""
    with desk.app.app_context(), desk.database.reading() as session:
        letter = letter_queries.letter(session, desk.karin, desk.now)
        return letter.seen, letter_service.text_of(session, desk.karin, letter)[1]


def test_twenty_who_send_at_once_send_one(desk: Desk) -> None:
    seen, _ = read_by(desk)

    def act(session: Session, number: int) -> None:
        with desk.app.app_context():
            letter_service.send(session, desk.karin, seen, desk.now)

    assert race(desk.database, act, 20) == {"written": 1, OtherThanSeen.__name__: 19}
    assert len(sent(desk.database)) == 1


def test_what_is_sent_while_meetings_change_is_what_was_read(
    desk: Desk, booked_by_staff: Tell, world: World
) -> None:
    """Half send; the others move one meeting, and cancel and restore three others: nobody waits in a ring."""
    person = world.second_participant
    others = [booked_by_staff(NEXT + n * DAY, person, interpreter="so").id for n in range(1, 4)]

    def change(session: Session, number: int) -> None:
        if number in (2, 3):
            course_service.cancel_coming(session, desk.karin, person.id, desk.now)
        elif number in (4, 5):
            for other in others:
                service.restore_for(session, desk.karin, other, desk.now, anyway=True)
        else:
            wish = Wish(NEXT + number * timedelta(minutes=15), "on_site")
            service.move_for(session, desk.karin, desk.meeting.id, wish, desk.now, anyway=True)

    for first in (0, 1) * 3:
        arrives(desk.database)
        before = {letter.id for letter in sent(desk.database)}
        seen, text = read_by(desk)

        def act(session: Session, number: int, first: int = first, seen: str = seen) -> None:
            with desk.app.app_context():
                if number % 2 == first:
                    letter_service.send(session, desk.karin, seen, desk.now)
                else:
                    change(session, number)

        ended = race(desk.database, act)
        left = [letter.body for letter in sent(desk.database) if letter.id not in before]
        assert left in ([], [text])
        assert set(ended) <= {"written", OtherThanSeen.__name__, CannotLeave.__name__}, ended
