"""What can be said of who an SMS comes from."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENDERS: dict[str, LazyString] = {
    "number": _l("Det går att svara på SMS från det här numret."),
    "name": _l(
        "Det går inte att svara på SMS som kommer från ett namn. För svar måste avsändaren vara ett nummer."
    ),
    "service": _l("Twilio väljer avsändare. Det går att svara bara när Twilio väljer ett nummer."),
}
"""By the kind of sender: whether whoever gets an SMS can answer it."""
