"""The e-mail to an agency, in Swedish, and the words about it for staff. Needs an app context."""

import uuid
from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.interpreter.letter_queries import Letter
from portal.interpreter.order_queries import Shown
from portal.interpreter.order_words import lines_of, off_lines
from portal.interpreting.letter_rules import CHANGED, NEW, OFF
from portal.languages import SWEDISH
from portal.messaging.rules import DELIVERED, SENT
from portal.web.formats import listed
from portal.web.words import spoken_in

LETTERS: dict[str, LazyString] = {
    "queued": _l("E-posten till förmedlingen är på väg"),
    "attempting": _l("E-posten till förmedlingen är på väg"),
    "sent": _l("Beställd hos förmedlingen"),
    "delivered": _l("Beställd hos förmedlingen"),
    "failed": _l("E-posten till förmedlingen kom inte fram"),
    "unknown": _l("Vi vet inte om e-posten till förmedlingen kom fram"),
    "expired": _l("E-posten till förmedlingen hann inte skickas"),
    "cancelled": _l("E-posten till förmedlingen skickades inte"),
}
"""Where the last e-mail is that names an order."""
CALLED_OFF = _l("Avbokad hos förmedlingen")
TONES = {"failed": "ribbon", "unknown": "sun", "expired": "ribbon", "cancelled": "ribbon"}


def mail_words(order: Shown, states: Mapping[uuid.UUID, str]) -> tuple[LazyString, str] | None:
    """What is known of the last e-mail that names an order, and its tone; None where there is none."""
    state = order.mail_state(states)
    if not state or not order.mailed.last.kind:
        return None
    off = order.mailed.last.kind == OFF and state in (SENT, DELIVERED)
    return CALLED_OFF if off else LETTERS[state], TONES.get(state, "sky")


def counts(letter: Letter) -> str:
    """What the next e-mail says, in some words for each kind; "" for nothing."""
    found = letter.counts
    said = {
        NEW: ngettext("%(num)d ny", "%(num)d nya", found[NEW]),
        CHANGED: ngettext("%(num)d ändrad", "%(num)d ändrade", found[CHANGED]),
        OFF: ngettext("%(num)d avbokad", "%(num)d avbokade", found[OFF]),
    }
    return listed(words for kind, words in said.items() if found[kind])


def subject(house: str) -> str:
    """The line above it."""
    with spoken_in(SWEDISH):
        return str(_("Om tolkbeställningar: %(house)s", house=house))


def body(letter: Letter, house: str, name: str, email: str, phone: str) -> str:
    """The whole text: nothing of whose meeting it is. `name`, `email` and `phone`: whom to answer."""
    with spoken_in(SWEDISH):
        parts = [str(_("Hej!"))]
        for kind, heading in (
            (NEW, _("Vi beställer:")),
            (CHANGED, _("Ändrat. Så här är det nu:")),
        ):
            if orders := letter.of(kind):
                parts += [str(heading), lines_of(orders, letter.placed)]
        if orders := letter.of(OFF):
            parts += [str(_("Vi avbokar:")) + "\n" + off_lines(orders)]
        return "\n\n".join([*parts, _answer(name, email, phone), house])


def _answer(name: str, email: str, phone: str) -> str:
    ways = ", ".join(filter(None, (name, email, phone)))
    return str(
        _("Det går inte att svara på det här mejlet.")
        + "\n"
        + _("Skriv numret på beställningen när ni svarar. Svara till:")
        + f" {ways}"
    )
