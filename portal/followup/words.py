"""Words for what somebody says to being asked after they have left, and for what they told."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.followup import rules

SAID: dict[str, LazyString] = {
    "": _l("Ingen har frågat. Då hör vi inte av oss."),
    rules.YES: _l("Personen har sagt ja."),
    rules.NO: _l("Personen har sagt nej."),
    rules.NEVER: _l("Personen har sagt nej för gott. Fråga inte mer."),
}
RESULTS: dict[str, LazyString] = {
    rules.REACHED: _l("Personen svarade"),
    rules.UNREACHED: _l("Fick inte tag i personen"),
    rules.DECLINED: _l("Personen sa nej. Fråga inte mer."),
}
FEELS: dict[str, LazyString] = {
    "good": _l("Bra"),
    "so_so": _l("Sådär"),
    "bad": _l("Inte bra"),
    "not_told": _l("Har inte berättat"),
}
