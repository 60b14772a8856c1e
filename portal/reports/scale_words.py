"""The tables about scales: how often each was used, and how those who have two totals moved."""

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _

from portal.instruments import queries as instruments
from portal.reports import words
from portal.reports.change_rules import COMPARED, FEWEST, Moved, Reading, Used, moved, together, used
from portal.reports.hiding_rules import hidden_in_line
from portal.reports.queries import Figures
from portal.reports.shown_words import Shown, smallest
from portal.web.formats import part_of
from portal.web.tables import Cell


def tables(figures: Figures) -> Iterable[Shown]:
    """Every table about scales; what nobody has used has none."""
    found = used(figures.readings, *figures.moments)
    if found:
        yield scales(figures, found)
    pairs = moved(figures.readings, COMPARED, figures.moments[1])
    if pairs:
        yield movement(figures, pairs)


def scales(figures: Figures, found: tuple[Used, ...]) -> Shown:
    """How many of each were filled in, by how many, and how many of them lie below the cut-off."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        few = one.people < max(FEWEST, smallest(figures))
        low: Cell = "" if not one.judged else words.NOT_PRINTED if few else part_of(one.low, one.judged)
        hides = few and figures.asked.outside
        mark = words.NOT_PRINTED
        rows.append((_name(one, figures), mark if hides else one.sent, mark if hides else one.people, low))
    return Shown(
        "scales",
        _("Skalor som fylldes i"),
        _("Gränsen är den som gällde när var och en fylldes i. En andel skrivs från fem personer."),
        (_("Skala"), _("Ifyllda"), _("Personer"), _("Under gränsen")),
        tuple(rows),
    )


def _name(one: Used, figures: Figures) -> str:
    instrument = instruments.instrument(one.instrument, one.version)
    return instrument.own(instrument.name, figures.language)


def movement(figures: Figures, pairs: dict[uuid.UUID, tuple[Reading, Reading]]) -> Shown:
    """First and last total of those who have two, by team: means and how many changed reliably."""
    place = {
        case.person_id: case.team_id
        for case in sorted(figures.cases, key=lambda case: case.closed_on is None)
    }
    teams = [team for team in figures.teams if figures.asked.team_id in (None, team.id)]
    groups = [[pair for person, pair in pairs.items() if place.get(person) == team.id] for team in teams]
    away = hidden_in_line([len(group) for group in groups], max(FEWEST, smallest(figures)))
    rows: list[tuple[Cell, ...]] = [
        (team.name, *_moved(None if number in away else together(group)))
        for number, (team, group) in enumerate(zip(teams, groups, strict=True))
        if len(teams) > 1
    ]
    rows.append((_("Totalt"), *_moved(together(pairs.values()))))
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
            _("Säkert bättre"),
            _("Säkert sämre"),
        ),
        tuple(rows),
        total=True,
    )


def _moved(found: Moved | None) -> tuple[Cell, ...]:
    if found is None:
        return (words.NOT_PRINTED,) * 6
    effect: Cell = "" if found.effect is None else round(found.effect, 2)
    return (
        found.people,
        round(found.first, 1),
        round(found.last, 1),
        effect,
        part_of(found.better, found.people),
        part_of(found.worse, found.people),
    )
