"""The words for the codes of a meeting."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from portal.attendance import words as attending
from portal.booking import rules
from portal.booking.change_queries import Change
from portal.booking.figure_queries import Attendance
from portal.web.formats import daytime, part_of

MODE: dict[str, LazyString] = {
    "on_site": _l("På plats"),
    "phone": _l("Telefon"),
    "video": _l("Video"),
    "walk": _l("Promenad"),
}

TOPICS: dict[str, LazyString] = {
    "plan": _l("Min plan och nästa steg"),
    "work": _l("Arbete eller praktik"),
    "money": _l("Pengar"),
    "health": _l("Hälsa"),
    "everyday": _l("Min vardag"),
    "other": _l("Något annat"),
}
"""What a meeting can be about, as its participant chooses it."""
STAFF_TOPICS: dict[str, LazyString] = {
    "plan": _l("Planen och nästa steg"),
    "work": _l("Arbete eller praktik"),
    "money": _l("Pengar"),
    "health": _l("Hälsa"),
    "everyday": _l("Vardagen"),
    "other": _l("Något annat"),
}
"""The same, as staff choose it, and as both read what staff have chosen or what somebody else has."""

SEVERAL = _l("Flera har planerat för den här tiden. Prata med din coach om du vill ha en annan.")
NOT_ALONE = _l("Prata med din coach om du vill ha en annan tid.")
"""Why a participant cannot choose another time alone: behind the second door, and before it (S30)."""

ATTENDANCE = attending.ATTENDANCE

UNUSUAL: dict[str, LazyString] = {
    "outside": _l("Tiden ligger utanför coachens arbetstid."),
    "other_way": _l("Coachen har inte sådana möten den tiden."),
    "elsewhere": _l("Coachen är upptagen då i sin egen kalender."),
    "full": _l("Coachen har redan så många möten som går den dagen."),
    "interpreter": _l("Tolken kan inte då. Tar ni tiden ändå söker vi en annan tolk."),
}
"""Why the coach offers no such time."""


MISFIT: dict[str, LazyString] = {
    "before_bus": _l("Du kan inte vara framme då."),
    "after_bus": _l("Du måste gå innan mötet är slut."),
    "home_only": _l("Du kan inte vara här då. Telefon eller video går bra."),
    "tired": _l("Du orkar mest en annan del av dagen."),
}
"""Why a time fits badly, to the participant."""
STAFF_MISFIT: dict[str, LazyString] = {
    "before_bus": _l("Personen kan inte vara framme då."),
    "after_bus": _l("Personen måste gå innan mötet är slut."),
    "home_only": _l("Personen kan inte vara här då. Telefon eller video går bra."),
    "tired": _l("Personen orkar mest en annan del av dagen."),
}


OPENING = "Hej! Jag har ett möte hos er. Jag vill ändra eller avboka det. Kan du hjälpa mig?"
"""What somebody can say when they ring, as whoever answers understands it."""
OPENING_OWN = _l("Hej! Jag har ett möte hos er. Jag vill ändra eller avboka det. Kan du hjälpa mig?")


def missed_words(whole: Attendance) -> str:
    """How many of the meetings that somebody noted were missed."""
    if not whole.noted:
        return _("Inget möte är noterat än.")
    return _("%(share)s möten missades.", share=part_of(whole.absent, whole.noted))


def since_words(changes: Iterable[Change]) -> list[str]:
    """What has become of a meeting since a page about it was opened: a sentence for each change."""
    return [_("Mötet har ändrats sedan du öppnade sidan."), *(_change_words(one) for one in changes)]


def _change_words(change: Change) -> str:
    by = change.by or _("deltagaren")
    if change.how == rules.MOVED:
        return _("Flyttat till %(when)s av %(name)s.", when=plain(daytime(change.starts_at)), name=by)
    if change.how == rules.WITHDRAWN:
        return _("Avbokat av %(name)s.", name=by)
    if change.how == rules.RESTORED:
        return _("Bokat igen av %(name)s.", name=by)
    return _("Sättet att ses eller platsen är ändrad av %(name)s.", name=by)


def plain(markup: Markup) -> str:
    """The text of a piece of a page, for where no markup can stand."""
    return str(markup.striptags())
