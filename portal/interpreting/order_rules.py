"""What an interpreter is ordered for, what can be done with an order, and when it is late. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal import holidays
from portal.interpreting.rules import Talk

ASKED, ASSIGNED, CHANGED, CONFIRMED, CANCELLED = STATES = (
    "asked",
    "assigned",
    "changed",
    "confirmed",
    "cancelled",
)
"""Nobody yet; somebody, who has not said yes; somebody who said yes to another time; a yes; over."""
HELD = (ASSIGNED, CHANGED, CONFIRMED)
"""With somebody: an interpreter's time is held, or an agency sends one."""
OPEN = (ASKED, *HELD)

NO_WISH, WOMAN, MAN = GENDERS = ("none", "woman", "man")
PLACE, PHONE = WAYS = ("place", "phone")

WITH_MEETING, MOVED, DECLINED, WITHDRAWN = WHYS = ("meeting", "moved", "declined", "withdrawn")
"""Why an order was cancelled, and why the one in its place is asked: the meeting was cancelled or needs no
interpreter; the interpreter cannot at its new time; they said no; staff chose another."""

ASSIGN, CONFIRM, UNSAY, MOVE, CANCEL, FREE = "assign", "confirm", "unsay", "move", "cancel", "free"
_NEXT = {
    (ASKED, ASSIGN): ASSIGNED,
    (ASKED, MOVE): ASKED,
    (ASSIGNED, CONFIRM): CONFIRMED,
    (CHANGED, CONFIRM): CONFIRMED,
    (CONFIRMED, UNSAY): ASSIGNED,
    **{(state, MOVE): CHANGED for state in HELD},
    **{(state, FREE): ASKED for state in HELD},
    **{(state, CANCEL): CANCELLED for state in OPEN},
}
UNDO_FOR = timedelta(minutes=10)
"""How long whoever was chosen by mistake can be let go without a word to anybody."""


def after(state: str, act: str) -> str:
    """The state that an act leads to, "" where it cannot be done in this one."""
    return _NEXT.get((state, act), "")


def usual_way(mode: str) -> str:
    """How an interpreter is there unless somebody says otherwise: as the others are."""
    return PLACE if mode in ("on_site", "walk") else PHONE


@dataclass(frozen=True, slots=True)
class OrderWish:
    """What is wished for beside the language. `way` "": as the meeting is held."""

    dialect: str = ""
    gender: str = NO_WISH
    way: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """A meeting as an order follows it: `language` is "" where it needs no interpreter, or is cancelled.

    `mode` is how one meets; `was_mode` how one met a moment ago, "" where that is the same.
    `place_changed`: it is held at another place than a moment ago. `hidden`: the participant sees no trace of
    it (S33). `wish` None: as before, or as is usual for the person.
    """

    talk: Talk
    language: str
    mode: str
    hidden: bool = False
    was_mode: str = ""
    place_changed: bool = False
    wish: OrderWish | None = None

    def way_after(self, way: str) -> str:
        """How an interpreter who is there this way is there now: one from a place to a phone goes along."""
        before, now = usual_way(self.was_mode or self.mode), usual_way(self.mode)
        return now if before != now else way

    def matters(self, way: str) -> bool:
        """Whether an interpreter who is there this way must hear of more than the time."""
        return self.way_after(way) != way or (self.place_changed and way == PLACE)


def working_days_left(today: date, day: date) -> int:
    """How many working days are left to find somebody: those after today, the meeting's own among them."""
    return sum(_works(today + timedelta(days=ahead)) for ahead in range(1, (day - today).days + 1))


def is_late(state: str, today: date, day: date, order_days: int) -> bool:
    """Whether nobody has said yes although so few working days are left."""
    return state in OPEN and state != CONFIRMED and working_days_left(today, day) < order_days


def _works(day: date) -> bool:
    holiday = holidays.of(day)
    return day.weekday() < 5 and not (holiday and holiday.closed)


def suits(wish: str, gender: str) -> bool:
    """Whether an interpreter is as was wished; whose gender nobody has noted suits no wish."""
    return wish in (NO_WISH, gender)
