"""The words for weekdays, Monday first, and for holidays."""

from collections.abc import Iterable

from flask_babel import LazyString
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

HOLIDAYS: dict[str, LazyString] = {
    "Nyårsdagen": _l("Nyårsdagen"),
    "Trettondagsafton": _l("Trettondagsafton"),
    "Trettondedag jul": _l("Trettondedag jul"),
    "Skärtorsdagen": _l("Skärtorsdagen"),
    "Långfredagen": _l("Långfredagen"),
    "Påskafton": _l("Påskafton"),
    "Påskdagen": _l("Påskdagen"),
    "Annandag påsk": _l("Annandag påsk"),
    "Valborgsmässoafton": _l("Valborgsmässoafton"),
    "Första maj": _l("Första maj"),
    "Dag före Kristi himmelsfärdsdag": _l("Dagen före Kristi himmelsfärdsdag"),
    "Kristi himmelsfärdsdag": _l("Kristi himmelsfärdsdag"),
    "Klämdag": _l("Klämdag"),
    "Dag före Pingstafton": _l("Dagen före pingstafton"),
    "Pingstafton": _l("Pingstafton"),
    "Pingstdagen": _l("Pingstdagen"),
    "Nationaldagen": _l("Nationaldagen"),
    "Dag före Midsommarafton": _l("Dagen före midsommarafton"),
    "Midsommarafton": _l("Midsommarafton"),
    "Midsommardagen": _l("Midsommardagen"),
    "Allahelgonsafton": _l("Allhelgonaafton"),
    "Alla helgons dag": _l("Alla helgons dag"),
    "Dag före Julafton": _l("Dagen före julafton"),
    "Julafton": _l("Julafton"),
    "Juldagen": _l("Juldagen"),
    "Annandag jul": _l("Annandag jul"),
    "Dag före Nyårsafton": _l("Dagen före nyårsafton"),
    "Nyårsafton": _l("Nyårsafton"),
}
"""The holidays by the names that the library has for them."""


def holiday_words(names: Iterable[str]) -> str:
    """A day's names as people say them; one that nobody has put into words stands as it is."""
    return ", ".join(str(HOLIDAYS.get(name, name)) for name in names)
