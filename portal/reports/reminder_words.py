"""The table of missed meetings by how many reminders arrived."""

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.booking.figure_queries import ABSENT, CAME, Attendance, altogether
from portal.reports import words
from portal.reports.hiding_rules import hidden_groups
from portal.reports.queries import Figures
from portal.reports.shown_words import Shown, kept, leaves_out, smallest
from portal.web.formats import part_of
from portal.web.tables import Cell

_ROWS: dict[str, LazyString] = {
    "0": _l("Ingen påminnelse"),
    "1": _l("1 påminnelse"),
    "2": _l("2 påminnelser"),
    "3": _l("3 påminnelser eller fler"),
}


def tables(figures: Figures) -> Iterable[Shown]:
    """The one table of this module."""
    yield reminders(figures)


def reminders(figures: Figures) -> Shown:
    """How many meetings were missed, by how many reminders of them arrived; the share with its base."""
    whole = altogether(figures.reminded)
    printed = {state: _printed(figures, whole, state) for state in (CAME, ABSENT)}
    rows = [
        _row(
            str(_ROWS[one.mode]) if one.mode else _("Totalt"),
            one,
            told=all(at in places for places in printed.values()),
        )
        for at, one in enumerate((*figures.reminded, whole))
    ]
    return Shown(
        "reminders",
        _("Missade möten efter antal påminnelser"),
        _(
            "Möten där någon har noterat om personen kom. En påminnelse räknas när den kom fram,"
            " eller skickades och inget mer är känt. Den som får fler påminnelser kan skilja sig från andra"
            " också på annat sätt."
        ),
        (_("Påminnelser"), _("Möten"), _("Kom inte"), _("Andel som missades")),
        tuple(rows),
        total=True,
        forgets=True,
        hides=leaves_out(rows),
    )


def _printed(figures: Figures, whole: Attendance, state: str) -> frozenset[int]:
    """In which rows a number of meetings is printed, the sum last: enough people are behind each."""
    if kept(len(whole.of(state)), figures) == words.NOT_PRINTED:
        return frozenset()
    groups = [one.of(state).keys() for one in figures.reminded]
    return frozenset(range(len(groups) + 1)) - hidden_groups(groups, smallest(figures))


def _row(name: str, one: Attendance, *, told: bool) -> tuple[Cell, ...]:
    """Meetings, missed ones and their share; none where few people came or did not."""
    if not told:
        return (name, *(words.NOT_PRINTED,) * 3)
    return (name, one.noted, one.absent, part_of(one.absent, one.noted) if one.noted else "")
