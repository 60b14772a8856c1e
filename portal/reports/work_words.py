"""The tables about the work: caseload, waiting, missed meetings, answers."""

from collections.abc import Iterable

from flask_babel import gettext as _

from portal.booking.figure_queries import Attendance, altogether
from portal.booking.words import missed_words
from portal.identity.people.case_rules import Case, Waiting, waiting
from portal.identity.people.case_words import load_words, wait_words
from portal.instruments import queries as instruments
from portal.organisation.words import MODES
from portal.reports import words
from portal.reports.hiding_rules import hidden_in_line
from portal.reports.queries import Figures, Given
from portal.reports.shown_words import Shown, kept, smallest
from portal.web.formats import part_of
from portal.web.tables import Cell


def tables(figures: Figures) -> Iterable[Shown]:
    """Every table about the work, what is now first."""
    yield caseload(figures)
    yield waits(figures)
    yield attended(figures)
    yield check_ins(figures)


def caseload(figures: Figures) -> Shown:
    """How many each coach has today, against the ceiling."""
    rows: list[tuple[Cell, ...]] = [
        (
            figures.coaches.get(load.coach_id, "") if load.coach_id else _("Ingen coach än"),
            load.open,
            load.paused,
            max(0, load.ceiling - load.open) if load.coach_id else "",
        )
        for load in figures.loads
    ]
    rows.append(
        (
            _("Totalt"),
            sum(load.open for load in figures.loads),
            sum(load.paused for load in figures.loads),
            sum(max(0, load.ceiling - load.open) for load in figures.loads if load.coach_id),
        )
    )
    return Shown(
        "caseload",
        _("Deltagare hos varje coach"),
        _(
            "De som är inskrivna i dag. Taket är %(ceiling)s för varje coach.",
            ceiling=figures.rules.caseload_ceiling,
        ),
        (_("Coach"), _("Deltagare"), _("Pausade av dem"), _("Lediga platser")),
        tuple(rows),
        says=(
            load_words(
                figures.coaches.get(load.coach_id, "")
                for load in figures.loads
                if load.over and load.coach_id
            ),
        ),
        total=True,
        inner=True,
    )


def waits(figures: Figures) -> Shown:
    """Days from application to first meeting, for those who had it in the period; who waits now."""
    teams = [team for team in figures.teams if figures.asked.team_id in (None, team.id)]
    parts = [_waiting(figures, [case for case in figures.cases if case.team_id == team.id]) for team in teams]
    whole = _waiting(figures, figures.cases)
    unmet = hidden_in_line([part.waiting for part in parts], smallest(figures))
    met = hidden_in_line([part.met for part in parts], smallest(figures))
    rows = [
        (team.name, *_wait_cells(part, met=at not in met, now=at not in unmet))
        for at, (team, part) in enumerate(zip(teams, parts, strict=True))
        if len(teams) > 1
    ]
    mark = words.NOT_PRINTED
    printed = {"met": kept(whole.met, figures) != mark, "now": kept(whole.waiting, figures) != mark}
    rows.append((_("Totalt"), *_wait_cells(whole, **printed)))
    return Shown(
        "waiting",
        _("Från ansökan till första möte"),
        _("De som fick sitt första möte under tiden. De som väntar räknas i dag."),
        (_("Team"), *_wait_head()),
        tuple(rows),
        says=wait_words(whole) if _all_printed(rows) else (),
        total=True,
        hides=not _all_printed(rows),
    )


def _wait_head() -> tuple[str, ...]:
    return (
        _("Fick sitt första möte"),
        _("Median, dagar"),
        _("Längst, dagar"),
        _("Väntar nu"),
        _("Längst nu, dagar"),
    )


def _all_printed(rows: Iterable[tuple[Cell, ...]]) -> bool:
    return not any(words.NOT_PRINTED in row for row in rows)


def _waiting(figures: Figures, cases: Iterable[Case]) -> Waiting:
    found = list(cases)
    met = [case for case in found if figures.asked.period.holds(case.first_meeting_on)]
    return waiting(met, found, figures.today)


def _wait_cells(found: Waiting, *, met: bool, now: bool) -> tuple[Cell, ...]:
    """A row of the table; `met` and `now` say which of its two parts is printed."""
    mark = words.NOT_PRINTED
    had = (found.met, _plain(found.median_days), _plain(found.longest_days)) if met else (mark,) * 3
    wait = (found.waiting, _plain(found.longest_now)) if now else (mark,) * 2
    return (*had, *wait)


def _plain(days: float | None) -> Cell:
    if days is None:
        return ""
    return int(days) if float(days).is_integer() else days


def attended(figures: Figures) -> Shown:
    """Who came to the meetings of the period; the share is of those that somebody noted."""
    whole = altogether(figures.attendance)
    says: tuple[str, ...] = ()
    if whole.noted:
        says = (missed_words(whole),)
    return Shown(
        "meetings",
        _("Möten som missades"),
        _("Möten som har varit. Andelen räknas på dem där någon har skrivit om personen kom."),
        (
            _("Hur de sågs"),
            _("Kom"),
            _("Kom inte"),
            _("Andel som missades"),
            _("Inte skrivet"),
            _("Avbokade"),
        ),
        (
            *(_meetings(str(MODES[one.mode]), one) for one in figures.attendance),
            _meetings(_("Totalt"), whole),
        ),
        says=says,
        total=True,
    )


def _meetings(name: str, one: Attendance) -> tuple[Cell, ...]:
    missed = part_of(one.absent, one.noted) if one.noted else ""
    return (name, one.came, one.absent, missed, one.unsaid, one.cancelled)


def check_ins(figures: Figures) -> Shown:
    """How many of the check-ins that were offered were sent: one before each kept meeting, one after."""
    rows = []
    for when, name in (("before", _("Före mötet")), ("after", _("Efter mötet"))):
        sent = sum(one.sent for one in figures.given if _when(one) == when)
        rows.append((name, figures.offered, sent, part_of(sent, figures.offered) if figures.offered else ""))
    return Shown(
        "check-ins",
        _("Svar på frågor vid möten"),
        _("Möten där personen kom, och som står i portalen."),
        (_("Frågor"), _("Erbjudna"), _("Skickade"), _("Andel som svarade")),
        tuple(rows),
    )


def _when(one: Given) -> str:
    return instruments.instrument(one.instrument, one.version).when
