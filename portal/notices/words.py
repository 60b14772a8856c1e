"""What each kind of message is called on staff pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.messaging import rules as messaging
from portal.notices import rules

KINDS: dict[str, LazyString] = {
    rules.BOOKED: _l("Bokat möte"),
    rules.MOVED: _l("Flyttat möte"),
    rules.MOVED_MORE: _l("Flyttat och ändrat möte"),
    rules.CHANGED: _l("Ändrat möte"),
    rules.CANCELLED: _l("Inställt möte"),
    rules.CANCELLED_MORE: _l("Inställt möte, och mer är ändrat"),
    rules.WEEK: _l("Påminnelse en vecka före"),
    rules.THREE_DAYS: _l("Påminnelse 3 dagar före"),
    rules.ONE_DAY: _l("Påminnelse dagen före"),
    rules.TWO_HOURS: _l("Påminnelse 2 timmar före"),
    rules.NOW: _l("Påminnelse för hand"),
    rules.SOMETHING_NEW: _l("Något nytt att läsa eller svara på"),
    rules.OWN_MESSAGE: _l("Meddelande från personalen"),
    rules.FOLLOW_UP: _l("Att vi ringer, efter avslutet"),
    rules.SEAT: _l("En ledig plats att svara på"),
    rules.CANCEL_CODE: _l("Kod för att avboka"),
    messaging.MAIL_CODE: _l("Kod för att bekräfta e-post"),
    rules.REPLY: _l("Svar på ett SMS"),
    rules.STOPPED: _l("Inga fler SMS"),
}

WAYS: dict[str, LazyString] = {
    rules.SMS: _l("SMS"),
    rules.EMAIL: _l("E-post"),
    rules.VOICE: _l("En röst som ringer upp"),
    rules.CALL: _l("Coachen ringer"),
}

PLANNED = {step: KINDS[kind] for step, kind in rules.OF_STEP.items()}
