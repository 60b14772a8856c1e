"""What the next e-mail to an agency has to say of an order. Pure."""

from typing import NamedTuple

from portal.interpreting.order_rules import ASKED, HELD

NEW, CHANGED, OFF = KINDS = ("new", "changed", "off")
"""Asked for; it stands otherwise than was said; nobody is needed any longer."""


class Said(NamedTuple):
    """What an e-mail said of an order: its kind, and a mark of the order and one of its place.

    `kind` is "" for nothing. `place` is "" where whoever sent it could not say the place.
    """

    kind: str = ""
    order: str = ""
    place: str = ""

    @property
    def wanted(self) -> bool:
        """Whether an agency that has been told this finds somebody."""
        return self.kind in (NEW, CHANGED)

    def differs(self, order: str, place: str) -> bool:
        """Whether the order stands otherwise; a place that cannot be said now is no other place."""
        return self.order != order or place not in ("", self.place)


class Mailed(NamedTuple):
    """What the last e-mail that names an order says of it, and what the agency knew `before` that one."""

    last: Said = Said()
    before: Said = Said()

    @classmethod
    def of(cls, kept: str) -> "Mailed":
        """Out of what is kept with the order."""
        return cls(*(Said(*one.split(":")) if one else Said() for one in kept.split("|")))

    @property
    def kept(self) -> str:
        """As it is kept with the order; "" where the agency has never been told anything."""
        parts = [":".join(one) if one.kind else "" for one in self]
        return "|".join(parts) if any(parts) else ""

    @property
    def says_off(self) -> bool:
        """Whether the agency may have read that nobody is needed."""
        return OFF in (self.last.kind, self.before.kind)

    def knows(self, arrived: bool) -> Said:
        """What the agency has been told last. `arrived`: the last e-mail has left, or is on its way."""
        return self.last if arrived and self.last.kind else self.before


def news(state: str, by_agency: bool, knows: Said, order: str, place: str, *, heard: bool) -> str:
    """NEW, CHANGED, OFF, or "" where the agency knows how an order stands.

    `order` and `place` are the marks of today. `heard`: staff have told them in another way that it is off,
    or they have said so themselves. An agency that was rung up, and that no e-mail has told of the order, is
    not written to.
    """
    if state != ASKED and not (by_agency and state in HELD):
        return OFF if knows.wanted and not heard else ""
    if knows.wanted:
        return CHANGED if knows.differs(order, place) else ""
    # A meeting that is restored is ordered again, also of an agency that had said who comes.
    return NEW if state == ASKED or knows.kind == OFF else ""


def is_untold(knows: Said, interpreter: bool, by_agency: bool, *, sure: bool) -> bool:
    """Of an order that is off: whether somebody is still to be told, who may come or find somebody.

    `interpreter`: somebody with a name was to come, whom no e-mail tells. `sure`: it is known that the last
    e-mail arrived, or that it did not.
    """
    if interpreter:
        return True
    if knows.kind == OFF:
        return not sure
    return by_agency or knows.wanted


def again(mailed: Mailed) -> Mailed:
    """The last e-mail did not reach the agency after all: they know what they knew before it."""
    return Mailed(before=mailed.before)


def called_off(mailed: Mailed) -> Mailed:
    """Staff have told the agency in another way that nobody is needed."""
    return Mailed(before=Said(OFF)) if mailed.last.wanted or mailed.before.wanted else mailed


def rung_up(mailed: Mailed) -> Mailed:
    """The agency has said on the phone that it sends somebody: what was off is on, and not by e-mail."""
    return Mailed(*(Said() if one.kind == OFF else one for one in mailed))
