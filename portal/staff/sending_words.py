"""Words for choosing whom to write to, why somebody gets nothing, and how far a sending has come."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.messaging import rules as messaging
from portal.messaging import words as messages
from portal.notices import sending_rules as rules
from portal.staff.sending_rules import INSIDE, NO_MEETING, OUTSIDE
from portal.web.formats import listed

MEETINGS: dict[str, LazyString] = {
    "1": _l("Har möte inom 1 dag"),
    "3": _l("Har möte inom 3 dagar"),
    "7": _l("Har möte inom 7 dagar"),
    "14": _l("Har möte inom 14 dagar"),
    NO_MEETING: _l("Har inget möte bokat"),
}
PORTAL: dict[str, LazyString] = {
    INSIDE: _l("Har valt en pinkod"),
    OUTSIDE: _l("Har inte valt en pinkod"),
}

WHY_NOT: dict[str, LazyString] = {
    rules.UNSAFE: _l("SMS är inte säkert för personen."),
    rules.CLOSED: messages.REASONS["closed"],
    rules.SHUT_OUT: _l("Personen är avstängd från portalen."),
    rules.NO_NUMBER: _l("Vi har inget nummer till personen."),
    rules.HAD: _l("Personen får redan den texten den dagen."),
    rules.OUT_OF_HOURS: _l("Personen vill inte ha fler meddelanden den dagen."),
    rules.NO_TEXT: _l("Texten finns inte på personens språk."),
}

STATES: Mapping[str, tuple[LazyString, tuple[str, ...]]] = {
    "waiting": (_l("Väntar"), (messaging.QUEUED, messaging.ATTEMPTING)),
    "sent": (_l("Skickade"), (messaging.SENT,)),
    "arrived": (_l("Framme"), (messaging.DELIVERED,)),
    "failed": (_l("Kom inte fram"), (messaging.FAILED, messaging.EXPIRED)),
    "unknown": (_l("Vi vet inte"), (messaging.UNKNOWN,)),
    "taken": (_l("Skickades inte"), (messaging.CANCELLED,)),
}
"""How the receivers of a sending are counted: what each number is called, and the states in it."""

TONES = {
    "waiting": "sky",
    "sent": "sky",
    "arrived": "pine",
    "failed": "ribbon",
    "unknown": "ribbon",
    "taken": "sun",
}


def why_not(code: str) -> LazyString | str:
    """Why somebody does not get it, in one sentence."""
    return WHY_NOT.get(code) or messages.reason(code)


def by_way(ways: Mapping[str, int]) -> str:
    """ "9 med SMS och 3 med e-post"."""
    sms, mail = ways.get(messaging.SMS, 0), ways.get(messaging.EMAIL, 0)
    words = (
        (sms, _("%(number)s med SMS", number=sms)),
        (mail, _("%(number)s med e-post", number=mail)),
    )
    return listed(word for number, word in words if number)


def counts(states: Mapping[str, int]) -> list[tuple[str, LazyString, int]]:
    """The numbers of a sending: a code, what it is called, how many."""
    return [
        (code, called, sum(states.get(one, 0) for one in those)) for code, (called, those) in STATES.items()
    ]
