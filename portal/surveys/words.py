"""Words for rounds, splits and their sides, and the printed wording of a figure. For staff."""

from collections.abc import Mapping
from functools import reduce

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.surveys.figure_rules import Figure
from portal.surveys.release_rules import Dimension
from portal.surveys.result_queries import ALL

ROUNDS: dict[str, LazyString] = {
    "ongoing": _l("Efter några månader"),
    "closure": _l("Vid avslut"),
}
SPLITS: dict[Dimension, LazyString] = {
    "gender": _l("Kvinnor och män"),
    "born": _l("Födda i och utanför Sverige"),
    "municipality": _l("Kommun"),
    "intake": _l("Intag"),
}
SIDES: dict[str, dict[str, LazyString]] = {
    "gender": {"woman": _l("Kvinnor"), "man": _l("Män"), "other": _l("Annat kön")},
    "born": {"inside": _l("Födda i Sverige"), "outside": _l("Födda i ett annat land")},
}
ANSWERS: dict[str, LazyString] = {
    "answered": _l("Skrev något"),
    "dont_know": _l("Vet inte"),
    "not_for_me": _l("Gäller inte mig"),
    "skipped": _l("Svarade inte"),
}


def side(by: Dimension, value: str, municipalities: Mapping[str, str]) -> str:
    """What one side of a split is called."""
    if not value:
        return _("För få för att delas upp")
    if by == "intake":
        return _("Intag %(number)s", number=value)
    if by == "municipality":
        return municipalities.get(value, value)
    return str(SIDES[by].get(value, value))


def period(code: str) -> str:
    """A half-year as it is said."""
    if code == ALL:
        return _("Alla svar")
    year, half = code.split("-")
    return (
        _("Första halvåret %(year)s", year=year) if half == "1" else _("Andra halvåret %(year)s", year=year)
    )


def counted(figure: Figure) -> str:
    """ "27 av 31 (87 %)": those who said something good, of those who answered."""
    if figure.share is None:
        return _("Ingen svarade")
    return _("%(good)s av %(base)s (%(share)s %%)", good=figure.good, base=figure.base, share=figure.share)


def printed(figure: Figure, *, free: bool = False) -> str:
    """ "27 av 31 (87 %), 22 svarade inte, 8 gäller inte, 2 vet inte", as reports print it."""
    said = ngettext("%(num)d skrev något", "%(num)d skrev något", figure.base) if free else counted(figure)
    parts = [said]
    if figure.skipped:
        parts.append(ngettext("%(num)d svarade inte", "%(num)d svarade inte", figure.skipped))
    if figure.not_for_me:
        parts.append(ngettext("%(num)d gäller inte", "%(num)d gäller inte", figure.not_for_me))
    if figure.dont_know:
        parts.append(ngettext("%(num)d vet inte", "%(num)d vet inte", figure.dont_know))
    return reduce(lambda one, two: _("%(one)s, %(two)s", one=one, two=two), parts)
