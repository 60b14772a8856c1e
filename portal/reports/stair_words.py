"""The tables about steps and surveys: who moved up, what lasted, how many have answered."""

from collections.abc import Iterable

from flask_babel import gettext as _

from portal.days import months_after
from portal.plan.stair_rules import moved_up, still_there
from portal.reports.queries import Figures
from portal.reports.shown_words import Shown, leaves_out, share_printed
from portal.surveys.words import ROUNDS
from portal.web.tables import Cell


def tables(figures: Figures) -> Iterable[Shown]:
    """Steps on the stairs where any was recorded, and surveys where the reader leads a team."""
    if any(course.records for course in figures.courses.values()):
        yield stairs(figures)
    if figures.surveys:
        yield surveys(figures)


def stairs(figures: Figures) -> Shown:
    """Who took at least a step, and who was still there or higher some months after the end."""
    order = tuple(row.code for row in figures.lists["stair"])
    until = min(figures.asked.period.last or figures.today, figures.today)
    up = [
        moved_up(figures.courses[case.enrolment_id].records, order, until)
        for case in figures.enrolled()
        if case.enrolment_id in figures.courses
    ]
    rows = [_row(figures, _("Minst ett steg upp"), up, "share_one_step")]
    for months, target in ((6, "share_still_6"), (18, "share_still_18")):
        lasted = [
            still_there(
                figures.courses[case.enrolment_id].records, order, case.closed_on, months, figures.today
            )
            for case in figures.cases
            if case.closed_on
            and case.enrolment_id in figures.courses
            and figures.asked.period.holds(months_after(case.closed_on, months))
        ]
        rows.append(
            _row(figures, _("Kvar eller högre efter %(months)s månader", months=months), lasted, target)
        )
    return Shown(
        "stairs",
        _("Steg på trappan"),
        _("De som det finns ett steg skrivet för. Den som ingen har frågat räknas inte."),
        (_("Steg på trappan"), _("Så här är det"), _("Så ska det vara")),
        tuple(rows),
        forgets=True,
        hides=leaves_out(rows),
    )


def _row(figures: Figures, name: str, answers: list[bool | None], target: str) -> tuple[Cell, ...]:
    known = [answer for answer in answers if answer is not None]
    wanted = ((figures.programme.targets if figures.programme else None) or {}).get(target)
    aim = _("minst %(share)s %%", share=round(wanted * 100)) if wanted is not None else ""
    return (name, share_printed(sum(known), len(known), figures), aim)


def surveys(figures: Figures) -> Shown:
    """Of how many sheets the survey's figures are made; they are let out from five answers on."""
    return Shown(
        "surveys",
        _("Svar på enkäten"),
        _("Så många svar är räknade hittills. De räknas när minst fem har svarat."),
        (_("Team"), *(str(word) for word in ROUNDS.values())),
        tuple(
            (one.team.name, *(one.counted.get(which, 0) for which in ROUNDS))
            for one in figures.surveys
            if figures.asked.team_id in (None, one.team.id)
        ),
    )
