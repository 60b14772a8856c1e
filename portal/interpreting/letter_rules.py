"""What the next e-mail to an agency has to say of an order. Pure."""

from typing import NamedTuple

from portal.interpreting.order_rules import ASKED, HELD

NEW, CHANGED, OFF = KINDS = ("new", "changed", "off")
"""Asked for; it stands otherwise than was said; nobody is needed any longer."""
AFRESH = "afresh"
"""In the place of a kind: the agency knows nothing of the order, or staff have told it that it is off."""


class Said(NamedTuple):
    """What the last e-mail that names an order said: its kind, and a mark of the order and one of its place.

    `kind` is "" where none has named it. `place` is "" where whoever sent it could not say the place.
    """

    kind: str = ""
    order: str = ""
    place: str = ""

    @classmethod
    def of(cls, kept: str) -> "Said":
        """Out of what is kept with the order."""
        return cls(*kept.split(":")) if kept else cls()

    @property
    def kept(self) -> str:
        """As it is kept with the order."""
        return ":".join(self) if self.kind else ""

    def differs(self, order: str, place: str) -> bool:
        """Whether the order stands otherwise; a place that cannot be said now is no other place."""
        return self.order != order or place not in ("", self.place)


def news(
    state: str, by_agency: bool, last: Said, order: str, place: str, *, arrived: bool, heard: bool
) -> str:
    """NEW, CHANGED, OFF, or "" where the agency knows how an order stands.

    `order` and `place` are the marks of today. `arrived`: the last e-mail has left, or is on its way.
    `heard`: staff have told them in another way that it is off, or they have said so themselves. An agency
    that was rung up, and that no e-mail has told of the order, is not written to.
    """
    if state == ASKED or (by_agency and state in HELD):
        return _of_wanted(state, last, arrived, last.differs(order, place))
    if last.kind == OFF:
        return "" if arrived else OFF
    knows = last.kind == CHANGED or (last.kind == NEW and arrived)
    return OFF if knows and not heard else ""


def _of_wanted(state: str, last: Said, arrived: bool, differs: bool) -> str:
    if last.kind in (NEW, CHANGED):
        return (CHANGED if differs else "") if arrived else last.kind
    if last.kind == OFF:
        # A meeting that is restored is ordered again, also of an agency that had said who comes.
        return NEW if arrived else CHANGED
    return NEW if state == ASKED else ""


def back(last: Said, told: bool) -> Said:
    """What counts as said of an order that was off and is not: what staff have called off begins afresh."""
    return Said(AFRESH) if told and last.kind in (NEW, CHANGED) else last
