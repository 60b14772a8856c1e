"""What an agency and an interpreter are told of an order, and why something could not be done with it."""

import uuid
from collections.abc import Collection, Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.availability.service import Taken
from portal.interpreter.order_queries import Shown
from portal.interpreting import assign_service
from portal.interpreting.order_rules import PLACE
from portal.interpreting.order_words import WAY, WISHED
from portal.web.errors import Refused
from portal.web.formats import day_words, language_words, local, time_text
from portal.web.tables import Cell

SENT_COLUMNS = (
    _l("Nummer"),
    _l("Dag"),
    _l("Tid"),
    _l("Minuter"),
    _l("Språk"),
    _l("Dialekt eller land"),
    _l("Önskan om tolken"),
    _l("Hur tolken är med"),
    _l("Plats"),
)
"""The columns of the file for an agency: nothing of whose meeting it is."""


def row_of(order: Shown) -> list[Cell]:
    """An order as a line of the file."""
    return [
        order.number,
        local(order.starts_at).date(),
        time_text(order.starts_at),
        order.minutes,
        language_words(order.language),
        order.dialect,
        str(WISHED[order.gender]) if order.gender != "none" else "",
        str(WAY[order.way]),
        order.place or (_("Platsen säger vi senare.") if order.way == PLACE else ""),
    ]


def lines_of(orders: Iterable[Shown], placed: Collection[uuid.UUID] = ()) -> str:
    """The orders as a text to send: one paragraph for each. `placed`: those whose place the reader knows."""
    return "\n\n".join(_lines(one, one.id in placed) for one in orders)


def off_lines(orders: Iterable[Shown]) -> str:
    """Orders that nobody is needed for any longer: a line for each."""
    return "\n".join(
        _(
            "Beställning %(number)s, %(day)s klockan %(time)s",
            number=one.number,
            day=day_words(local(one.starts_at).date()),
            time=time_text(one.starts_at),
        )
        for one in orders
    )


def _lines(order: Shown, placed: bool) -> str:
    said = [
        _("Beställning %(number)s", number=order.number),
        _(
            "%(day)s klockan %(time)s, %(minutes)s minuter",
            day=day_words(local(order.starts_at).date()),
            time=time_text(order.starts_at),
            minutes=order.minutes,
        ),
        _("Språk: %(language)s", language=language_words(order.language)),
    ]
    if order.dialect:
        said.append(_("Dialekt eller land: %(dialect)s", dialect=order.dialect))
    if order.gender != "none":
        said.append(str(WISHED[order.gender]))
    said.append(f"{WAY[order.way]}: {order.place}" if order.place else str(WAY[order.way]))
    if order.way == PLACE and not order.place:
        known, later = _("Platsen har ni fått. Ändras den säger vi det."), _("Platsen säger vi senare.")
        said.append(known if placed else later)
    return "\n".join(said)


def why_not(refused: Refused) -> str:
    """Why something could not be done, as a sentence on the page."""
    return {
        Taken: _("Tolken är upptagen då. Välj en annan."),
        assign_service.ChangedSince: _("Någon annan har ändrat det här. Så här står det nu."),
        assign_service.Over: _("Mötet har redan varit."),
        assign_service.CannotInterpret: _("Tolken tolkar inte längre, eller inte det språket."),
    }[type(refused)]
