"""The tables about scales: how often each was used, and how those who have two totals moved."""

from collections.abc import Iterable

from flask_babel import gettext as _

from portal.instruments import queries as instruments
from portal.reports import words
from portal.reports.change_rules import COMPARED, Moved, Used, moved, together, used
from portal.reports.hiding_rules import hidden_groups
from portal.reports.queries import Figures
from portal.reports.shown_words import Shown, leaves_out, smallest
from portal.surveys.release_rules import FEWEST
from portal.web.formats import part_of
from portal.web.tables import Cell


def tables(figures: Figures) -> Iterable[Shown]:
    """Every table about scales; what nobody has used has none."""
    found = used(figures.readings, *figures.moments)
    if found:
        yield scales(figures, found)
    if moved(figures.readings, COMPARED, figures.moments[1]):
        yield movement(figures)


def scales(figures: Figures, found: tuple[Used, ...]) -> Shown:
    """How many of each were filled in, by how many, and how many of them lie below the cut-off."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        mark = words.NOT_PRINTED
        told = one.told(smallest(figures))
        low: Cell = "" if not one.judged else part_of(one.low, one.judged) if told else mark
        hides = figures.asked.outside and one.people < max(FEWEST, smallest(figures))
        low = mark if hides else low
        rows.append((_name(one, figures), mark if hides else one.sent, mark if hides else one.people, low))
    return Shown(
        "scales",
        _("Skalor som fylldes i"),
        _("Brytpunkten är den som gällde när var och en fylldes i. En andel skrivs ut från fem personer."),
        (_("Skala"), _("Ifyllda"), _("Personer"), _("Under brytpunkten")),
        tuple(rows),
        forgets=True,
        hides=smallest(figures) >= FEWEST and leaves_out(rows),
    )


def _name(one: Used, figures: Figures) -> str:
    instrument = instruments.instrument(one.instrument, one.version)
    return instrument.own(instrument.name, figures.language)


def movement(figures: Figures) -> Shown:
    """First and last total of those who have two, by team: means and how many changed reliably."""
    teams = [team for team in figures.teams if figures.asked.team_id in (None, team.id)]
    until, fewest = figures.moments[1], max(FEWEST, smallest(figures))
    groups = [
        moved([one for one in figures.readings if one.team_id == team.id], COMPARED, until) for team in teams
    ]
    away = hidden_groups([group.keys() for group in groups], fewest)
    # Where no few are told, how many changed stands for all alone: team and sum would tell the other team.
    by_team = smallest(figures) <= 1
    rows: list[tuple[Cell, ...]] = [
        (team.name, *_moved(None if at in away else together(group.values()), told=by_team))
        for at, (team, group) in enumerate(zip(teams, groups, strict=True))
        if len(teams) > 1
    ]
    everybody = moved(figures.readings, COMPARED, until)
    whole = together(everybody.values()) if len(everybody) >= fewest else None
    rows.append((_("Totalt"), *_moved(whole, told=whole is not None and whole.told(smallest(figures)))))
    return Shown(
        "movement",
        _("Från första till senaste ORS"),
        _("De som har fyllt i minst två gånger. Inget skrivs om färre än fem personer."),
        (
            _("Team"),
            _("Personer"),
            _("Medel, första"),
            _("Medel, senaste"),
            _("Effektstorlek"),
            _("Tillförlitligt bättre"),
            _("Tillförlitligt sämre"),
        ),
        tuple(rows),
        total=True,
        forgets=True,
        hides=smallest(figures) >= FEWEST and leaves_out(rows),
    )


def _moved(found: Moved | None, *, told: bool) -> tuple[Cell, ...]:
    """A row of the table; `told` says whether it is printed how many changed."""
    mark = words.NOT_PRINTED
    if found is None:
        return (mark,) * 6
    effect: Cell = "" if found.effect is None else round(found.effect, 2)
    return (
        found.people,
        round(found.first, 1),
        round(found.last, 1),
        effect,
        part_of(found.better, found.people) if told else mark,
        part_of(found.worse, found.people) if told else mark,
    )
