"""The words of a text pack's state."""

from flask_babel import lazy_gettext as _l

STATES = {
    "in_use": _l("Används"),
    "expired": _l("Licensen har gått ut"),
    "ended": _l("Används inte längre"),
    "removed": _l("Texten är borttagen"),
}
