"""Words of the figures: periods, cuts, who reads them, and what a code of a row or column is called."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.reports.rules import WHOLE

CUTS: dict[str, LazyString] = {
    "gender": _l("Kön"),
    "born": _l("Född i Sverige eller inte"),
    "municipality": _l("Kommun"),
    "referrer": _l("Vem som remitterade"),
    "intake": _l("Intag"),
    "half_year": _l("Halvår"),
}
READERS: dict[str, LazyString] = {
    "team": _l("Teamet"),
    "outside": _l("Andra, som styrgruppen"),
}
GENDERS: dict[str, LazyString] = {
    "woman": _l("Kvinnor"),
    "man": _l("Män"),
    "other": _l("Annat"),
    "not_told": _l("Har inte berättat"),
}
BORN: dict[str, LazyString] = {"inside": _l("Födda i Sverige"), "outside": _l("Födda i ett annat land")}
NOT_PRINTED = "–"
"""Stands where a number is not printed. No minus: a spreadsheet program would reckon with it (S27)."""


def period(code: str) -> str:
    """A period as people say it."""
    if code == WHOLE:
        return _("Hela tiden")
    year, _dash, half = code.partition("-")
    if half:
        return half_year(year, half)
    return _("Hela %(year)s", year=year)


def half_year(year: str, half: str) -> str:
    """ "Andra halvåret 2026"."""
    return (
        _("Första halvåret %(year)s", year=year) if half == "1" else _("Andra halvåret %(year)s", year=year)
    )


def key(cut: str, code: str, lists: dict[str, dict[str, str]]) -> str:
    """What a row or a column of a cut is called; `lists` is {list: {code: word}} of the organisation."""
    if cut == "gender":
        return str(GENDERS[code])
    if not code:
        return _("Inte ifyllt")
    if cut == "born":
        return str(BORN[code])
    if cut == "intake":
        return _("Intag %(number)s", number=code)
    if cut == "half_year":
        return period(code)
    return lists.get(cut, {}).get(code, code)
