"""The tables about people: intakes, incomes, who referred, how it ended, and how that is to the targets."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.identity.people.case_rules import Case
from portal.organisation.models import DROPOUT, GOAL
from portal.reports import words
from portal.reports.hiding_rules import hidden
from portal.reports.queries import Figures
from portal.reports.rules import GENDERS, cross, key_of
from portal.reports.shown_words import Shown, base_of, by_cut, crossed, kept, smallest
from portal.reports.target_words import goals_printed, targets, women_printed
from portal.web.formats import part_of
from portal.web.tables import Cell

NOBODY: frozenset[str] = frozenset()


def tables(figures: Figures) -> Iterable[Shown]:
    """Every table about people, in the order of a report."""
    started, ended = figures.started(), figures.closed()
    stayed = tuple(case for case in ended if case.outcome not in figures.counted_as(DROPOUT))
    if figures.programme and figures.programme.targets:
        yield targets(figures, figures.enrolled(), stayed)
    yield intake(figures, started)
    yield income(figures, "income-at-start", _("Inkomst vid start"), started, "income_at_start")
    yield referrers(figures, started)
    yield outcomes(figures, stayed, len(ended) - len(stayed))
    yield closures(figures, stayed, len(ended) - len(stayed))
    yield income(figures, "income-at-closure", _("Inkomst vid avslut"), stayed, "income_at_closure")


def intake(figures: Figures, started: tuple[Case, ...]) -> Shown:
    """Women and men in each intake."""
    grid = cross(started, key_of("gender"), key_of("intake"), rows=GENDERS, columns=())
    women = grid.row_totals[0]
    says: tuple[str, ...] = ()
    if grid.total and women_printed(figures, started):
        says = (_("%(share)s är kvinnor.", share=part_of(women, grid.total)),)
    return crossed(
        "gender-per-intake",
        _("Kön i varje intag"),
        figures,
        grid,
        column_kind="intake",
        row_kind="gender",
        base=_("De som skrevs in: %(base)s.", base=base_of(started, figures)),
        total_column=True,
        says=says,
    )


def income(figures: Figures, key: str, title: str, cases: tuple[Case, ...], field: str) -> Shown:
    """The largest income, at the start of those who began or at the end of those who ended."""
    grid = by_cut(figures, cases, "income", field, NOBODY)
    starts = field == "income_at_start"
    told = base_of(cases, figures)
    base = _("De som skrevs in: %(base)s.", base=told) if starts else _("De avslutade: %(base)s.", base=told)
    return crossed(key, title, figures, grid, column_kind="income", base=base)


def referrers(figures: Figures, started: tuple[Case, ...]) -> Shown:
    """Who referred those who began."""
    return _single(
        figures,
        key="referrers",
        title=_("Vem som remitterade"),
        kind="referrer",
        cases=started,
        base=_("De som skrevs in: %(base)s.", base=base_of(started, figures)),
    )


def outcomes(figures: Figures, stayed: tuple[Case, ...], left: int) -> Shown:
    """What it led to for those who were closed; whoever left early stands outside."""
    grid = by_cut(figures, stayed, "outcome", "outcome", figures.counted_as(DROPOUT))
    return crossed(
        "outcomes",
        _("Vad det blev vid avslut"),
        figures,
        grid,
        column_kind="outcome",
        base=_closed_base(figures, stayed, left),
        total_column=True,
        says=_reached(figures, stayed),
    )


def _closed_base(figures: Figures, stayed: tuple[Case, ...], left: int) -> str:
    base = _("De avslutade: %(base)s.", base=base_of(stayed, figures))
    if left and kept(left, figures) == left:
        outside = ngettext(
            "%(num)d slutade i förtid och räknas inte med.",
            "%(num)d slutade i förtid och räknas inte med.",
            left,
        )
        return f"{base} {outside}"
    return base


def _reached(figures: Figures, stayed: tuple[Case, ...]) -> tuple[str, ...]:
    """How many went on to work or studies, of those closed and of all who were enrolled."""
    goals = figures.counted_as(GOAL)
    if not goals or not stayed or not goals_printed(figures, stayed):
        return ()
    reached = sum(case.outcome in goals for case in stayed)
    of_closed, of_all = part_of(reached, len(stayed)), part_of(reached, len(figures.enrolled()))
    return (
        _("%(share)s av de avslutade gick till arbete eller studier.", share=of_closed),
        _("Räknat på alla som var inskrivna är det %(share)s.", share=of_all),
    )


def closures(figures: Figures, stayed: tuple[Case, ...], left: int) -> Shown:
    """How many were closed, how many left early, and what it led to, in one row."""
    shown = _single(
        figures,
        key="closures",
        title=_("Avslutade och vad det blev"),
        kind="outcome",
        cases=stayed,
        base=_("Den som slutade i förtid står utanför de avslutade."),
        leave=figures.counted_as(DROPOUT),
    )
    head = (_("Avslutade"), _("Slutade i förtid"), *shown.head)
    row: tuple[Cell, ...] = (kept(len(stayed), figures), kept(left, figures), *shown.rows[0])
    return Shown(
        shown.key,
        shown.title,
        shown.base,
        head,
        (row,),
        named=False,
        hides=shown.hides or words.NOT_PRINTED in row,
    )


def _single(
    figures: Figures,
    *,
    key: str,
    title: str,
    kind: str,
    cases: tuple[Case, ...],
    base: str,
    leave: frozenset[str] = NOBODY,
) -> Shown:
    """A table of one row: how many of each word."""
    occurring = {str(getattr(case, kind)) for case in cases}
    columns = tuple(code for code in figures.codes(kind, occurring) if code not in leave)
    grid = cross(cases, lambda _case: "", lambda case: str(getattr(case, kind)), rows=("",), columns=columns)
    away = hidden(grid, smallest(figures))
    labels = figures.labels()
    row: tuple[Cell, ...] = tuple(
        words.NOT_PRINTED if place in away.columns else number
        for place, number in enumerate(grid.column_totals)
    )
    head = tuple(words.key(kind, code, labels) for code in grid.columns)
    return Shown(key, title, base, head, (row,), named=False, hides=bool(away.columns))
