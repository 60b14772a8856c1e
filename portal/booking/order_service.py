"""What a meeting needs of its interpreter's order, in the meeting's own transaction. Nothing here commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import rules
from portal.booking.models import Appointment
from portal.interpreting import order_service as orders
from portal.interpreting.order_rules import Needed, OrderWish
from portal.interpreting.rules import Talk
from portal.web.asker import Asker


def keep_up(
    session: Session,
    asker: Asker,
    meeting: Appointment,
    now: datetime,
    *,
    was_mode: str = "",
    was_place: str | None = None,
    wish: OrderWish | None = None,
) -> None:
    """The interpreter's order follows the meeting as it stands now: its time, its way, its end.

    `was_mode` and `was_place`: how it was held before, "" and None where that is not in question. `wish`:
    what staff wish of the interpreter, None as before.
    """
    booked = meeting.state == rules.BOOKED
    needed = Needed(
        Talk(meeting.id, meeting.person_id, meeting.starts_at, meeting.ends_at),
        meeting.interpreter_language if booked else "",
        meeting.mode,
        hidden=not meeting.in_portal,
        was_mode=was_mode,
        place_changed=was_place is not None and was_place != meeting.place,
        wish=wish,
    )
    orders.keep_up(session, asker, needed, now)
