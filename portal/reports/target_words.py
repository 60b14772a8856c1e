"""A programme's targets and what has come of them; no share tells what a table beside it leaves out."""

from collections.abc import Iterable

from flask_babel import gettext as _

from portal.identity.people.case_rules import Case
from portal.organisation.models import GOAL
from portal.reports import words
from portal.reports.hiding_rules import hidden, hidden_in_line
from portal.reports.queries import Figures
from portal.reports.rules import GENDERS, cross, key_of
from portal.reports.shown_words import Shown, base_of, kept, leaves_out, share_printed, smallest
from portal.web.formats import part_of
from portal.web.tables import Cell

WOMEN = GENDERS.index("woman")


def goals_printed(figures: Figures, stayed: tuple[Case, ...], *, women: bool = False) -> bool:
    """Whether the table of outcomes by gender prints every number that this sum is made of.

    The sum of all who went on, or of the women among them: beside a number that is left out it would tell it.
    """
    goals = figures.counted_as(GOAL)
    grid = cross(stayed, key_of("gender"), lambda case: case.outcome, rows=GENDERS, columns=())
    away = hidden(grid, smallest(figures))
    places = [place for place, code in enumerate(grid.columns) if code in goals]
    if women:
        return not away.total and not any((WOMEN, place) in away.cells for place in places)
    return not away.total and not any(place in away.columns for place in places)


def women_printed(figures: Figures, cases: tuple[Case, ...]) -> bool:
    """Whether a table of these by gender prints how many are women: beside it their share would tell it."""
    grid = cross(cases, key_of("gender"), lambda _case: "", rows=GENDERS, columns=("",))
    away = hidden_in_line(grid.row_totals, smallest(figures))
    others = grid.total - grid.row_totals[WOMEN]
    return WOMEN not in away and words.NOT_PRINTED not in (kept(grid.total, figures), kept(others, figures))


def targets(figures: Figures, enrolled: tuple[Case, ...], stayed: tuple[Case, ...]) -> Shown:
    """The programme's targets, and what has come of them; each share with its base."""
    given = (figures.programme.targets if figures.programme else None) or {}
    rows: list[tuple[Cell, ...]] = []
    if wanted := given.get("participants"):
        rows.append((_("Deltagare"), kept(len(enrolled), figures), str(wanted)))
    if (wanted := given.get("share_of_women")) is not None:
        rows += _women_rows(figures, enrolled, stayed, wanted)
    if (wanted := given.get("share_to_work")) is not None:
        rows += _goal_rows(figures, enrolled, stayed, wanted)
    return Shown(
        "targets",
        _("Mål för insatsen"),
        _("De som var inskrivna någon gång under tiden: %(base)s.", base=base_of(enrolled, figures)),
        (_("Det vi mäter"), _("Så här är det"), _("Så ska det vara")),
        tuple(rows),
        hides=leaves_out(rows),
    )


def _goal_rows(
    figures: Figures, enrolled: tuple[Case, ...], stayed: tuple[Case, ...], wanted: float
) -> tuple[tuple[Cell, ...], ...]:
    reached = len(_reached(figures, stayed))
    told = goals_printed(figures, stayed)
    of_closed = share_printed(reached, len(stayed), figures) if told else words.NOT_PRINTED
    of_all = share_printed(reached, len(enrolled), figures) if told else words.NOT_PRINTED
    return (
        (_("Till arbete eller studier, av de avslutade"), of_closed, _aim(wanted)),
        (_("Till arbete eller studier, av alla inskrivna"), of_all, ""),
    )


def _women_rows(
    figures: Figures, enrolled: tuple[Case, ...], stayed: tuple[Case, ...], wanted: float
) -> tuple[tuple[Cell, ...], ...]:
    """Women of all, and of those who went on: that is judged against their share of the programme."""
    reached = _reached(figures, stayed)
    told = goals_printed(figures, stayed, women=True) and goals_printed(figures, stayed)
    of_all = (
        part_of(_women(enrolled), len(enrolled)) if women_printed(figures, enrolled) else words.NOT_PRINTED
    )
    there = share_printed(_women(reached), len(reached), figures) if told else words.NOT_PRINTED
    return (
        (
            _("Kvinnor bland alla inskrivna"),
            of_all,
            _aim(wanted),
        ),
        (
            _("Kvinnor bland dem som gick till arbete eller studier"),
            there,
            _("minst som bland alla inskrivna"),
        ),
    )


def _reached(figures: Figures, stayed: tuple[Case, ...]) -> tuple[Case, ...]:
    goals = figures.counted_as(GOAL)
    return tuple(case for case in stayed if case.outcome in goals)


def _women(cases: Iterable[Case]) -> int:
    return sum(case.gender == "woman" for case in cases)


def _aim(wanted: float) -> str:
    return _("minst %(share)s %%", share=round(wanted * 100))
