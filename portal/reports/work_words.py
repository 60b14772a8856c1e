"""The tables about the work: caseload, waiting, missed meetings, answers."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _

from portal.booking.figure_queries import (
    ABSENT,
    CAME,
    CANCELLED,
    SENT_WORD,
    SHOWN,
    UNSAID,
    Attendance,
    Numbers,
)
from portal.booking.words import missed_words
from portal.identity.people.case_rules import Case, Waiting, waiting
from portal.identity.people.case_words import load_words, met_words, wait_words
from portal.instruments import queries as instruments
from portal.organisation.words import MODES
from portal.reports import words
from portal.reports.hiding_rules import hidden_groups, hidden_in_line
from portal.reports.queries import Figures, Given
from portal.reports.shown_words import Shown, kept, leaves_out, smallest
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
    """Days from application to first meeting, for those who had it in the period; who waits now.

    For others than the team neither the longest wait, which is one person's, nor those who wait today: a
    number that changes from day to day tells who came between.
    """
    teams = [team for team in figures.teams if figures.asked.team_id in (None, team.id)]
    parts = [_waiting(figures, [case for case in figures.cases if case.team_id == team.id]) for team in teams]
    whole = _waiting(figures, figures.cases)
    unmet = hidden_in_line([part.waiting for part in parts], smallest(figures))
    met = hidden_in_line([part.met for part in parts], smallest(figures))
    rows = [
        (team.name, *_wait_cells(figures, part, met=at not in met, now=at not in unmet))
        for at, (team, part) in enumerate(zip(teams, parts, strict=True))
        if len(teams) > 1
    ]
    mark = words.NOT_PRINTED
    printed = {"met": kept(whole.met, figures) != mark, "now": kept(whole.waiting, figures) != mark}
    rows.append((_("Totalt"), *_wait_cells(figures, whole, **printed)))
    outside = figures.asked.outside
    told = met_words(whole) if outside else wait_words(whole)
    return Shown(
        "waiting",
        _("Från ansökan till första möte"),
        _("De som fick sitt första möte under tiden.")
        if outside
        else _("De som fick sitt första möte under tiden. De som väntar räknas i dag."),
        (_("Team"), *_wait_head(outside=outside)),
        tuple(rows),
        says=() if leaves_out(rows) else told,
        total=True,
        hides=leaves_out(rows),
    )


def _wait_head(*, outside: bool) -> tuple[str, ...]:
    met = (_("Fick sitt första möte"), _("Median, dagar"))
    return met if outside else (*met, _("Längst, dagar"), _("Väntar nu"), _("Längst nu, dagar"))


def _waiting(figures: Figures, cases: Iterable[Case]) -> Waiting:
    found = list(cases)
    met = [case for case in found if figures.asked.period.holds(case.first_meeting_on)]
    return waiting(met, found, figures.today)


def _wait_cells(figures: Figures, found: Waiting, *, met: bool, now: bool) -> tuple[Cell, ...]:
    """A row of the table; `met` and `now` say which of its two parts is printed."""
    mark = words.NOT_PRINTED
    had = (found.met, _plain(found.median_days)) if met else (mark,) * 2
    if figures.asked.outside:
        return had
    longest = _plain(found.longest_days) if met else mark
    wait = (found.waiting, _plain(found.longest_now)) if now else (mark,) * 2
    return (*had, longest, *wait)


def _plain(days: float | None) -> Cell:
    if days is None:
        return ""
    return int(days) if float(days).is_integer() else days


def attended(figures: Figures) -> Shown:
    """Who came to the meetings of the period; the share is of those that somebody noted."""
    printed = {state: _printed(figures, state) for state in (CAME, ABSENT, SENT_WORD, UNSAID, CANCELLED)}
    rows = [
        _meetings(
            str(MODES[one.mode]) if one.mode else _("Totalt"),
            one,
            frozenset(state for state, places in printed.items() if at in places),
        )
        for at, one in enumerate((*figures.attendance, figures.whole))
    ]
    mark = words.NOT_PRINTED
    return Shown(
        "meetings",
        _("Möten som missades"),
        _("Möten som har varit. Andelen räknas på dem där någon har noterat om personen kom."),
        (
            _("Hur de träffades"),
            _("Kom"),
            _("Kom inte"),
            _("Andel som missades"),
            _("Hörde av sig"),
            _("Inte noterat"),
            _("Avbokade"),
        ),
        tuple(rows),
        says=(missed_words(figures.whole),) if figures.whole.noted and mark not in rows[-1][1:3] else (),
        total=True,
        forgets=True,
        hides=leaves_out(rows),
    )


def _printed(figures: Figures, state: str) -> frozenset[int]:
    """In which rows a column of meetings is printed, the sum last: enough people are behind each."""
    groups = [one.of(state).keys() for one in figures.attendance]
    if kept(len(figures.whole.of(state)), figures) == words.NOT_PRINTED:
        return frozenset()
    return frozenset(range(len(groups) + 1)) - hidden_groups(groups, smallest(figures))


def _meetings(name: str, one: Attendance, printed: frozenset[str]) -> tuple[Cell, ...]:
    came, absent, word, unsaid, cancelled = (
        one.number(state) if state in printed else words.NOT_PRINTED
        for state in (CAME, ABSENT, SENT_WORD, UNSAID, CANCELLED)
    )
    missed = part_of(one.absent, one.noted) if one.noted else ""
    told = {CAME, ABSENT} <= printed
    return (name, came, absent, missed if told else words.NOT_PRINTED, word, unsaid, cancelled)


def check_ins(figures: Figures) -> Shown:
    """How many of the check-ins that were offered were sent: one before each kept meeting, one after."""
    rows = []
    for when, name in (("before", _("Före mötet")), ("after", _("Efter mötet"))):
        sent: Counter[UUID] = Counter()
        for one in figures.given:
            if _when(one) == when:
                sent.update(one.by)
        rows.append((name, *_answered(figures, sent)))
    return Shown(
        "check-ins",
        _("Svar på frågor vid möten"),
        _("Möten där personen kom, och som står i portalen."),
        (_("Frågor"), _("Erbjudna"), _("Skickade"), _("Andel som svarade")),
        tuple(rows),
        forgets=True,
        hides=leaves_out(rows),
    )


def _answered(figures: Figures, sent: Numbers) -> tuple[Cell, ...]:
    """What was offered and sent, and the share; none of them where few people are behind it or the rest."""
    shown, came = figures.whole.of(SHOWN), figures.whole.of(CAME)
    mark = words.NOT_PRINTED
    if mark in (kept(len(shown), figures), kept(_more(came, shown), figures)):
        return (mark,) * 3
    offered, answers = sum(shown.values()), sum(sent.values())
    if mark in (kept(len(sent), figures), kept(_more(shown, sent), figures)):
        return (offered, mark, mark)
    return (offered, answers, part_of(answers, offered) if offered else "")


def _more(whole: Numbers, part: Numbers) -> int:
    """How many people have more in the whole than in the part."""
    return sum(number > part.get(person, 0) for person, number in whole.items())


def _when(one: Given) -> str:
    return instruments.instrument(one.instrument, one.version).when
