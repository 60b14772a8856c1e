"""The words for the codes of a meeting."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.booking.figure_queries import Attendance
from portal.web.formats import part_of

MODE: dict[str, LazyString] = {
    "on_site": _l("På plats"),
    "phone": _l("Telefon"),
    "video": _l("Video"),
    "walk": _l("Promenad"),
}

ATTENDANCE: dict[str, LazyString] = {
    "none": _l("Inte noterat"),
    "came": _l("Kom"),
    "absent": _l("Kom inte"),
}


UNUSUAL: dict[str, LazyString] = {
    "outside": _l("Tiden ligger utanför coachens arbetstid."),
    "other_way": _l("Coachen har inte sådana möten den tiden."),
    "full": _l("Coachen har redan så många möten som går den dagen."),
}
"""Why the coach offers no such time."""


def missed_words(whole: Attendance) -> str:
    """How many of the meetings that somebody noted were missed."""
    if not whole.noted:
        return _("Inget möte är noterat än.")
    return _("%(share)s möten missades.", share=part_of(whole.absent, whole.noted))
