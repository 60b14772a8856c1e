"""How what is ordered of an interpreter is told to the person for whom it was."""

from flask_babel import lazy_gettext as _l

from portal.interpreting import order_words as words
from portal.privacy.holding_rules import Field, Told
from portal.web.spoken import SPOKEN

ORDER = Told(
    _l("Tolk som vi har sökt till dig"),
    "made_at",
    (
        Field("language", _l("Språk"), SPOKEN),
        Field("dialect", _l("Dialekt")),
        Field("gender", _l("Vem du vill ha som tolk"), words.WISHED),
        Field("way", _l("Hur tolken är med"), words.WAY),
        Field("starts_at", _l("Från")),
        Field("ends_at", _l("Till")),
        Field("state", _l("Så är det nu"), words.STATE),
        Field("made_at", _l("När vi började söka")),
        Field("made_by", _l("Vem som sökte")),
    ),
)
WISH = Told(
    _l("Din önskan om tolk"),
    "changed_at",
    (
        Field("gender", _l("Vem du vill ha som tolk"), words.WISHED),
        Field("dialect", _l("Dialekt")),
        Field("changed_at", _l("Ändrat")),
    ),
)
