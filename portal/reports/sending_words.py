"""The table of SMS by month."""

from collections.abc import Sequence

from flask_babel import gettext as _

from portal.messaging import rules as messaging
from portal.messaging import words as sms
from portal.reports.sending_queries import Month
from portal.reports.sending_rules import cost
from portal.reports.shown_words import Shown
from portal.web.tables import Cell

_SHOWN = (
    messaging.DELIVERED,
    messaging.SENT,
    messaging.FAILED,
    messaging.UNKNOWN,
    messaging.EXPIRED,
    messaging.CANCELLED,
)


def by_month(months: Sequence[Month], price_ore: int, *, whole: bool) -> Shown:
    """How many, what came of them, parts and about what they cost; `whole`: of the whole organisation."""
    base = (
        _("SMS från organisationen, varje månad.")
        if whole
        else _("SMS till dem som är eller har varit i teamet, varje månad.")
    )
    told = _(
        "Kostnaden är ungefärlig: %(price)s öre för varje del. En del är så mycket text som ett"
        " SMS rymmer. Också det som inte kom fram kan kosta, så det räknas med.",
        price=price_ore,
    )
    return Shown(
        "sms",
        _("SMS månad för månad"),
        base,
        (
            _("Månad"),
            _("SMS utan koder"),
            *(str(sms.STATES[state]) for state in _SHOWN),
            _("Delar"),
            _("Koder för att logga in"),
            _("Delar i koder"),
            _("Kostnad ungefär, kronor"),
        ),
        tuple(_row(one, price_ore) for one in months),
        says=(told, _("E-post och samtal räknas inte här.")),
        forgets=True,
    )


def _row(one: Month, price_ore: int) -> tuple[Cell, ...]:
    return (
        f"{one.first:%Y-%m}",
        one.number,
        *(one.states.get(state, 0) for state in _SHOWN),
        one.parts,
        one.codes,
        one.code_parts,
        cost(one.parts + one.code_parts, price_ore),
    )
