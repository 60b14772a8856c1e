"""The tables about those who have left: who said yes to being asked, who was reached, and what they do."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.days import months_after
from portal.followup.figure_rules import WAITING, came_of
from portal.followup.rules import DECLINED, NEVER, NO, OPEN, REACHED, UNREACHED, YES, months_of
from portal.organisation.models import DROPOUT
from portal.reports import words
from portal.reports.hiding_rules import hidden
from portal.reports.queries import Figures
from portal.reports.rules import Grid
from portal.reports.shown_words import Shown, base_of, leaves_out, smallest
from portal.web.formats import day_words
from portal.web.tables import Cell

_RESULTS: dict[str, LazyString] = {
    REACHED: _l("Nådda i tid"),
    DECLINED: _l("Ville inte"),
    UNREACHED: _l("Inte nådda i tid"),
    WAITING: _l("Väntar"),
}


@dataclass(frozen=True)
class _Line:
    """The follow-ups so many months after the end, by what came of them; what those do who answered."""

    months: int
    came: Mapping[str, int]
    doing: Mapping[str, int]

    @property
    def name(self) -> str:
        """How long after the end it is."""
        return _("%(months)s månader", months=self.months)


def tables(figures: Figures) -> Iterable[Shown]:
    """Nothing where nobody is followed up; what others than the team read once nothing more can come."""
    months = _months(figures)
    if not months:
        return
    if figures.asked.outside and _until(figures) >= figures.today:
        yield _later(figures)
        return
    lines = [_line(figures, month) for month in months]
    yield _agreed(figures)
    yield _answers(figures, lines)
    if any(line.doing for line in lines):
        yield _doing(figures, lines)


def _until(figures: Figures) -> date:
    """The day until which it is counted: today; for others the last that counts for a day of the period.

    What is written after that changes no figure, so that no report of theirs grows (S41).
    """
    last = figures.asked.period.last
    return last + OPEN if figures.asked.outside and last else figures.today


def _months(figures: Figures) -> Sequence[int]:
    """The months that are asked for now, and of the period those of which something is written."""
    written = {
        month
        for one in figures.followed.values()
        for month in one.written
        if figures.asked.period.holds(months_after(one.closed_on, month))
    }
    return sorted({*months_of(figures.rules), *written})


def _line(figures: Figures, months: int) -> _Line:
    """What came of every follow-up so many months after the end whose day lies in the period."""
    came: Counter[str] = Counter()
    doing: Counter[str] = Counter()
    for case in figures.cases:
        one = figures.followed.get(case.enrolment_id)
        if one is None or not figures.asked.period.holds(months_after(one.closed_on, months)):
            continue
        result = came_of(one, months, _until(figures))
        came.update([result] if result else [])
        doing.update([one.written[months].occupation] if result == REACHED else [])
    return _Line(months, came, doing)


def _agreed(figures: Figures) -> Shown:
    """How many of those closed have said yes to being asked, as far as anything is written."""
    left_early, until = figures.counted_as(DROPOUT), _until(figures)
    cases = tuple(
        case
        for case in figures.closed()
        if case.outcome not in left_early and case.enrolment_id in figures.followed
    )
    said = Counter(figures.followed[case.enrolment_id].had_said(until) for case in cases)
    yes, no, nothing = said[YES], said[NO] + said[NEVER], said[""]
    if figures.asked.outside:
        kinds: tuple[str, ...] = (_("Ja"), _("Inget ja"))
        told = _(
            "Så var det %(day)s. Inget ja: de som har sagt nej eller tagit tillbaka sitt ja, och de som ingen"
            " har frågat.",
            day=day_words(until),
        )
    else:
        kinds = (_("Ja"), _("Nej"), _("Inget är skrivet"))
        told = _(
            "Nej: de som har tagit tillbaka sitt ja, eller själva har sagt nej. Inget är skrivet: de som"
            " ingen har frågat, och de som sa nej redan vid avslutet."
        )
    base = _("De avslutade: %(base)s.", base=base_of(cases, figures))
    rows = (_parts([yes, no + nothing] if figures.asked.outside else [yes, no, nothing], figures),)
    return Shown(
        "follow-up-yes",
        _("Ja till uppföljning"),
        f"{base} {told}",
        (_("Avslutade"), *kinds),
        rows,
        named=False,
        forgets=True,
        hides=leaves_out(rows),
    )


def _later(figures: Figures) -> Shown:
    """That there is nothing to read yet, and from when."""
    told = _(
        "Siffrorna för den här tiden finns från %(day)s. Då har alla haft %(days)s dagar på sig.",
        day=day_words(_until(figures) + timedelta(days=1)),
        days=OPEN.days,
    )
    return replace(_answers(figures, ()), says=(told,))


def _results(figures: Figures) -> tuple[str, ...]:
    """What a follow-up is counted as; for others nobody waits."""
    return tuple(one for one in _RESULTS if one != WAITING or not figures.asked.outside)


def _came(figures: Figures, line: _Line) -> tuple[Cell, ...]:
    """How many of a month were due, and what came of them."""
    return _parts([line.came.get(one, 0) for one in _results(figures)], figures)


def _answers(figures: Figures, lines: Sequence[_Line]) -> Shown:
    """What came of asking, by month."""
    told = _(
        "De som har sagt ja, när dagen för uppföljning kom under tiden. Också de som slutade i förtid räknas,"
        " men inte den som är inskriven igen. Det som skrivs inom %(days)s dagar räknas. Ville inte: personen"
        " sa nej då. Inte nådda i tid: ingen fick tag i personen, eller inget skrevs.",
        days=OPEN.days,
    )
    waits = _("Väntar: de %(days)s dagarna är inte slut.", days=OPEN.days)
    months = _("Månaderna är de som står under Regler nu.")
    rows = tuple((line.name, *_came(figures, line)) for line in lines)
    return Shown(
        "follow-ups",
        _("Uppföljning efter avslut"),
        " ".join((told, months) if figures.asked.outside else (told, waits, months)),
        (
            _("Efter avslutet"),
            _("Dagen har kommit"),
            *(str(_RESULTS[result]) for result in _results(figures)),
        ),
        rows,
        forgets=True,
        hides=leaves_out(rows),
    )


def _doing(figures: Figures, lines: Sequence[_Line]) -> Shown:
    """What those do who answered, by month; nothing of a month whose number of answers is not printed."""
    occurring = {code for line in lines for code in line.doing}
    left_early = figures.counted_as(DROPOUT) - occurring
    codes = [code for code in figures.codes("outcome", occurring) if code not in left_early]
    codes += sorted(occurring.difference(codes))
    answered = 1 + _results(figures).index(REACHED)
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        cells = _parts([line.doing.get(code, 0) for code in codes], figures)
        printed = _came(figures, line)[answered] != words.NOT_PRINTED
        rows.append((line.name, *(cells if printed else (words.NOT_PRINTED,) * len(cells))))
    labels = figures.labels()
    return Shown(
        "follow-up-doing",
        _("Vad de gör efter avslutet"),
        _("De som nåddes i tid, och vad de gjorde då."),
        (
            _("Efter avslutet"),
            str(_RESULTS[REACHED]),
            *(words.key("outcome", code, labels) for code in codes),
        ),
        tuple(rows),
        forgets=True,
        hides=leaves_out(rows),
    )


def _parts(counts: Sequence[int], figures: Figures) -> tuple[Cell, ...]:
    """A sum and its parts; what is too small, or would tell what is, is a mark."""
    grid = Grid(("",), tuple(map(str, range(len(counts)))), (tuple(counts),))
    away = hidden(grid, smallest(figures))
    mark = words.NOT_PRINTED
    parts = (mark if (0, place) in away.cells else number for place, number in enumerate(counts))
    return (mark if away.total else grid.total, *parts)
