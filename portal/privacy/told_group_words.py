"""How what is kept of groups is told to whoever was in them."""

from flask_babel import lazy_gettext as _l

from portal.groups import words as groups
from portal.privacy.holding_rules import Field, Told

SEAT = Told(
    _l("Dina grupper"),
    "changed_at",
    (
        Field("state", _l("Så är det nu"), groups.STATES),
        Field("changed_at", _l("Sedan")),
        Field("offered_until", _l("Svara senast")),
    ),
)
PART = Told(
    _l("Dina möten i grupper"),
    "settled_at",
    (
        Field("starts_at", _l("När")),
        Field("attendance", _l("Kom du?"), groups.ATTENDANCE),
        Field("out_at", _l("När du slutade vara med")),
    ),
)
