"""The words for the codes of a group."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.attendance import words as attending
from portal.groups import rules

TITLES: dict[str, LazyString] = {
    "start": _l("Startgrupp"),
    "walk": _l("Promenadgrupp"),
    "talk": _l("Samtalsgrupp"),
    "job": _l("Söka jobb"),
    "health": _l("Må bra"),
    "language": _l("Träna svenska"),
    rules.OWN: _l("Ett eget namn"),
}
"""What a group is called, to staff who choose; of an own name the words stand elsewhere."""

MODES: dict[str, LazyString] = {
    "on_site": _l("På plats"),
    "walk": _l("Promenad"),
    "video": _l("Video"),
}

STATES: dict[str, LazyString] = {
    rules.IN: _l("Du är med"),
    rules.WAITING: _l("Du står i kö"),
    rules.OFFERED: _l("Du kan få en plats"),
    rules.LEFT: _l("Du är inte med längre"),
    rules.REMOVED: _l("Du är inte med längre"),
    rules.LAPSED: _l("Du svarade inte i tid"),
}

ATTENDANCE = {code: attending.ATTENDANCE[code] for code in rules.ATTENDANCE}
"""Who came, in the order in which a list asks for it."""

WEEKDAYS: tuple[LazyString, ...] = (
    _l("Måndag"),
    _l("Tisdag"),
    _l("Onsdag"),
    _l("Torsdag"),
    _l("Fredag"),
    _l("Lördag"),
    _l("Söndag"),
)


def title_words(title: str, own_title: str) -> str:
    """What a group is called, in Swedish where it has a name of its own."""
    return own_title if title == rules.OWN else str(TITLES[title])


STAFF_STATES: dict[str, LazyString] = {
    rules.IN: _l("Är med"),
    rules.WAITING: _l("Står i kö"),
    rules.OFFERED: _l("Har fått frågan om en plats"),
}


def seats_left(free: int, waiting: int) -> str:
    """ "3 platser kvar", "Fullt. 2 väntar."."""
    if free and not waiting:
        return ngettext("%(num)d plats kvar", "%(num)d platser kvar", free)
    if waiting:
        return ngettext("Fullt. %(num)d väntar.", "Fullt. %(num)d väntar.", waiting)
    return _("Fullt")
