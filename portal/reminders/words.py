"""Why a message is not sent again, what staff decided, and what there is to do, in plain words."""

from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.messaging import rules as messaging
from portal.messaging import words
from portal.messaging.models import OutboxMessage
from portal.notices import words as notices
from portal.reminders import again_rules as rules
from portal.web.formats import day_words, time_text

_HINDRANCES: dict[str, LazyString] = {
    rules.AGAIN: _l("Det är skickat igen."),
    rules.BEGUN: _l("Mötet har börjat. Det går inte att skicka igen."),
    "changed": _l("Mötet har ändrats. Det här meddelandet stämmer inte längre."),
    "cancelled": _l("Mötet är inställt. Det här meddelandet stämmer inte längre."),
    "closed": _l("Inskrivningen är avslutad. Det går inte att skicka igen."),
    "newer": _l("En nyare påminnelse har tagit över. Skicka den igen i stället."),
    "arrived": _l("Det går inte att skicka igen."),
}

KINDS: dict[str, LazyString] = {**notices.KINDS, messaging.SIGN_IN_CODE: _l("Kod för att logga in")}

DECISIONS: dict[str, LazyString] = {
    messaging.ARRIVED: _l("Ni har bestämt att det kom fram."),
    messaging.LEFT: _l("Ni har bestämt att låta det vara."),
}

TO_DO: dict[str, LazyString] = {
    rules.NUMBER: _l("Fråga personen om rätt nummer. En administratör kan byta det."),
    rules.ADDRESS: _l("Fråga personen om rätt e-postadress. Skriv den under Så når vi personen."),
    rules.START: _l("Be personen skicka START till numret som SMS:en kommer från. Bekräfta sedan numret."),
    rules.PHONE_OFF: _l("Ring, eller skicka igen senare."),
    rules.ASK_HOUSE: _l("Säg till den som sköter systemet. Ring så länge."),
    rules.WAIT: _l("Du behöver inte göra något. Vi försöker igen."),
    rules.RING: _l("Ring personen."),
    rules.NOTHING: _l("SMS är inte säkert för personen. Inget skickas, och ring inte heller."),
    rules.DECIDE: _l("Fråga personen, eller bestäm själv om det ska skickas igen."),
}


def hindrance(code: str) -> LazyString | str:
    """Why it cannot be sent again, in one sentence."""
    return _HINDRANCES.get(code) or words.reason(code)


def on_its_way(message: OutboxMessage, until: datetime | None) -> str:
    """When a message about a meeting that staff send leaves: now, or when the person's hours begin."""
    rings = message.channel == messaging.VOICE
    if until is None:
        return _("Rösten ringer så snart den får.") if rings else _("Meddelandet skickas nu.")
    if until >= message.expires_at:
        return _("Rösten hinner inte ringa före mötet. Ring själv.")
    day, time = day_words(until), time_text(until)
    if rings:
        return _("Rösten ringer %(day)s klockan %(time)s.", day=day, time=time)
    return _("Meddelandet skickas %(day)s klockan %(time)s.", day=day, time=time)
