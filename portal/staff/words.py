"""The words of how a cause was handled."""

from flask_babel import lazy_gettext as _l

OUTCOMES = {
    "called": _l("Ringt"),
    "booked": _l("Bokat"),
    "not_needed": _l("Behövs inte"),
    "later": _l("Senare"),
}
