"""A table as it is shown and taken out: its sentence, its base, its head and rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.identity.people.case_rules import Case, persons
from portal.reports import words
from portal.reports.hiding_rules import Hidden, hidden
from portal.reports.queries import Figures
from portal.reports.rules import GENDERS, Grid, cross, key_of
from portal.web.formats import part_of
from portal.web.tables import Cell, Table


@dataclass(frozen=True)
class Shown:
    """One table. `says`: what it says, in words; `base`: of how many; `total`: the last row sums up.

    `named`: its first column names the row. `inner`: it names staff, and is not for others than the team.
    `forgets`: it is made of what is deleted with a person, so it tells of those alone who are still kept.
    """

    key: str
    title: str
    base: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    says: tuple[str, ...] = ()
    total: bool = False
    named: bool = True
    hides: bool = False
    inner: bool = False
    forgets: bool = False

    @property
    def caption(self) -> str:
        """Of how many it is, and whom it leaves out (S46)."""
        gone = _("De som har tagits bort ur portalen räknas inte.")
        return f"{self.base} {gone}" if self.forgets else self.base

    def table(self) -> Table:
        """The table to take out."""
        return Table(self.title, self.head, self.rows)


def smallest(figures: Figures) -> int:
    """The smallest number that is printed for whoever is to read this (S41)."""
    rules = figures.rules
    return rules.smallest_cell_outside if figures.asked.outside else rules.smallest_cell_team


def kept(number: int, figures: Figures) -> Cell:
    """A number of people that stands alone, or the mark that it is not printed."""
    return words.NOT_PRINTED if 0 < number < smallest(figures) else number


def leaves_out(rows: Iterable[tuple[Cell, ...]]) -> bool:
    """Whether any number of these rows is not printed."""
    return any(words.NOT_PRINTED in row for row in rows)


def share_printed(part: int, base: int, figures: Figures) -> str:
    """A share with its base, or the mark where either side of it is too small to be printed."""
    if words.NOT_PRINTED in (kept(part, figures), kept(base - part, figures), kept(base, figures)):
        return words.NOT_PRINTED
    return part_of(part, base)


def base_of(cases: Sequence[Case], figures: Figures) -> str:
    """How many enrolments a table counts, and how many people where somebody came back."""
    number, people = len(cases), persons(cases)
    if 0 < number < smallest(figures):
        return _("Färre än %(number)s inskrivningar", number=smallest(figures))
    told = ngettext("%(num)d inskrivning", "%(num)d inskrivningar", number)
    if number - people and number - people >= smallest(figures):
        more = ngettext("%(num)d person", "%(num)d personer", people)
        return _("%(enrolments)s, %(people)s", enrolments=told, people=more)
    return told


def by_cut(figures: Figures, cases: Sequence[Case], kind: str, value: str, leave: frozenset[str]) -> Grid:
    """Cases by the chosen cut and a word of a list. `value`: the field; `leave`: codes without a place."""
    cut = figures.asked.cut
    rows: tuple[str, ...] = GENDERS if cut == "gender" else ()
    if cut == "born":
        rows = ("inside", "outside")
    if cut in ("municipality", "referrer"):
        rows = figures.codes(cut, {getattr(case, cut) for case in cases})
    occurring = {str(getattr(case, value)) for case in cases}
    columns = tuple(code for code in figures.codes(kind, occurring) if code not in leave)
    return cross(cases, key_of(cut), lambda case: str(getattr(case, value)), rows=rows, columns=columns)


def grid_rows(
    grid: Grid, away: Hidden, names: Sequence[str], *, total_row: bool, total_column: bool
) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a grid under their names, with their sums; what is not printed is a mark."""
    mark = words.NOT_PRINTED
    found: list[tuple[Cell, ...]] = []
    for row, name in enumerate(names):
        cells: list[Cell] = [
            mark if (row, column) in away.cells else number for column, number in enumerate(grid.counts[row])
        ]
        if total_column:
            cells.append(mark if row in away.rows or away.total else grid.row_totals[row])
        found.append((name, *cells))
    if total_row:
        sums: list[Cell] = [
            mark if column in away.columns else number for column, number in enumerate(grid.column_totals)
        ]
        if total_column:
            sums.append(mark if away.total else grid.total)
        found.append((_("Totalt"), *sums))
    return tuple(found)


def crossed(
    key: str,
    title: str,
    figures: Figures,
    grid: Grid,
    *,
    column_kind: str,
    base: str,
    row_kind: str = "",
    total_column: bool = False,
    says: tuple[str, ...] = (),
) -> Shown:
    """A table of a grid: its rows by the cut, its columns words of a list, what is too small left out."""
    row_kind = row_kind or figures.asked.cut
    labels = figures.labels()
    away = hidden(grid, smallest(figures))
    names = [words.key(row_kind, code, labels) for code in grid.rows]
    columns = [words.key(column_kind, code, labels) for code in grid.columns]
    head = (str(words.CUTS[row_kind]), *columns, *([_("Totalt")] if total_column else []))
    return Shown(
        key=key,
        title=title,
        base=base,
        head=head,
        rows=grid_rows(grid, away, names, total_row=True, total_column=total_column),
        says=says,
        total=True,
        hides=bool(away.cells or away.total),
    )
