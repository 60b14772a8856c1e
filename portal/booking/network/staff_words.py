"""The words for the codes of a meeting of several, to those who work here or are invited from outside."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.booking.network import rules

KINDS: dict[str, LazyString] = {
    rules.NETWORK: _l("Nätverksmöte"),
    rules.SIP: _l("SIP-möte"),
}
ANSWERS: dict[str, LazyString] = {
    rules.UNANSWERED: _l("Har inte svarat"),
    rules.COMES: _l("Kommer"),
    rules.CANNOT: _l("Kan inte"),
}
"""What a party has said, to staff."""
TONES = {rules.UNANSWERED: "sun", rules.COMES: "pine", rules.CANNOT: "ribbon"}
LETTERS: dict[str, LazyString] = {
    "queued": _l("E-posten är på väg"),
    "attempting": _l("E-posten är på väg"),
    "mail_sent": _l("E-posten är skickad"),
    "sent": _l("E-posten är skickad"),
    "delivered": _l("E-posten är skickad"),
    "failed": _l("E-posten kom inte fram"),
    "unknown": _l("Vi vet inte om e-posten kom fram"),
    "expired": _l("E-posten hann inte skickas"),
}
"""Where the last e-mail to a party is."""
PROTECTED = _l("Personen har skyddade uppgifter. Då kan ingen bjudas in här. Ordna mötet på annat sätt.")
TOO_MANY = _l("Fler kan inte vara med på ett möte. Ta bort någon först.")
OVER = _l("Mötet har varit.")
OFF = _l("Mötet är avbokat.")
