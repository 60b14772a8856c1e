"""The words of a conversation: when a call suits, what came of a message, why something could not be done."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.conversation import rules, service
from portal.web.errors import Refused
from portal.wording import rules as wording
from portal.wording.words import TOLD

TIMES: Mapping[str, LazyString] = {
    rules.SOON: _l("Så snart ni kan"),
    rules.MORNING: _l("På förmiddagen"),
    rules.AFTERNOON: _l("På eftermiddagen"),
}
"""The three buttons of a wish to be rung up."""
KINDS: Mapping[str, LazyString] = {
    rules.WORDS: _l("Ett meddelande"),
    rules.CALL: _l("Du ville bli uppringd"),
    rules.COACH: _l("Du fick en ny coach"),
    rules.TIME: _l("Du ville ha en annan tid"),
}
CALLS: Mapping[str, LazyString] = {
    rules.SOON: _l("Du vill att vi ringer så snart vi kan."),
    rules.MORNING: _l("Du vill att vi ringer på förmiddagen."),
    rules.AFTERNOON: _l("Du vill att vi ringer på eftermiddagen."),
}
STAFF_CALLS: Mapping[str, LazyString] = {
    rules.SOON: _l("Vill bli uppringd när som helst."),
    rules.MORNING: _l("Vill bli uppringd på förmiddagen."),
    rules.AFTERNOON: _l("Vill bli uppringd på eftermiddagen."),
}
OUTCOMES: Mapping[str, LazyString] = {
    rules.ANSWERED: _l("Du har fått svar"),
    rules.CALLED: _l("Vi har ringt dig"),
    rules.BOOKED: _l("Ni har bokat ett möte"),
    rules.NOT_NEEDED: _l("Läst"),
    rules.CALLED_OFF: _l("Du sa att vi inte behöver ringa"),
}
"""What came of a message, as its participant reads it."""
TO_STAFF: Mapping[str, LazyString] = {
    rules.ANSWERED: _l("Besvarat"),
    rules.CALLED: _l("Ringt"),
    rules.BOOKED: _l("Bokat"),
    rules.NOT_NEEDED: _l("Behövs inget svar"),
    rules.CALLED_OFF: _l("Behövde inte samtalet längre"),
}
TO_SWEDISH: Mapping[str, LazyString] = {
    wording.NONE: _l("Inte översatt till svenska än."),
    wording.DRAFT: _l("Översättningen till svenska är inte klar än."),
}
"""What is said of a message that is not in Swedish, and not yet in Swedish either."""
NOT_TRANSLATED = TOLD


def outcome(code: str, kind: str) -> LazyString:
    """What came of a message of this kind, as its participant reads it."""
    if kind == rules.CALL and code == rules.NOT_NEEDED:
        return _l("Det behövdes inget samtal")
    if kind == rules.TIME and code == rules.CALLED_OFF:
        return _l("Du tog tillbaka det")
    return OUTCOMES[code]


def staff_outcome(code: str, kind: str) -> LazyString:
    """The same, as staff read it."""
    if kind == rules.TIME and code == rules.CALLED_OFF:
        return _l("Tog tillbaka önskemålet")
    return TO_STAFF[code]


def refusal(refused: Refused) -> str:
    """Why something could not be done, in one plain sentence."""
    if isinstance(refused, service.NotSafe):
        return _("Vi kan inte ringa dig. Boka ett möte i stället.")
    if isinstance(refused, service.TakenBack):
        return _("Du tog tillbaka det här meddelandet. Skicka igen om personen ska få det.")
    if isinstance(refused, service.NotOpen):
        return _("Det går inte att skriva här nu. Ring oss i stället.")
    if isinstance(refused, service.Read):
        return _("Det är redan läst. Skriv ett nytt meddelande om något blev fel.")
    return _("Någon annan har redan svarat. Läs igenom en gång till.")
