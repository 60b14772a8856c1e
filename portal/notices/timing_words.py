"""When somebody is reminded of a meeting, as they choose it themselves and as staff choose it for them."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.organisation import reminder_rules as rules
from portal.organisation.words import STEPS
from portal.web.formats import listed

TIMINGS: dict[str, LazyString] = {
    rules.AS_USUAL: _l("Som vanligt"),
    "one": _l("Bara dagen före"),
    "two": _l("3 dagar före och dagen före"),
    "three": _l("En vecka före, 3 dagar före och dagen före"),
    "near": _l("Dagen före, och 2 timmar före"),
}


def choices(timing: str, usual: tuple[str, ...]) -> list[tuple[str, str]]:
    """What somebody can choose who has this now, where `usual` are the organisation's steps."""
    words = {code: str(TIMINGS[code]) for code in rules.offered(timing, usual)}
    steps = listed(str(STEPS[one]).lower() for one in usual)
    words[rules.AS_USUAL] = _("Som vanligt: %(steps)s", steps=steps)
    return list(words.items())
