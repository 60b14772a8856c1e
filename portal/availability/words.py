"""The words for weekdays, Monday first."""

from flask_babel import lazy_gettext as _l

WEEKDAYS = (
    _l("Måndag"),
    _l("Tisdag"),
    _l("Onsdag"),
    _l("Torsdag"),
    _l("Fredag"),
    _l("Lördag"),
    _l("Söndag"),
)
