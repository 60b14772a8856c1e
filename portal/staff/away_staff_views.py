"""What becomes of the meetings that stand in somebody's absence: all at once, and undone as one."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.booking import away_service, rules, words
from portal.booking.away_rules import CHOICES, MOVE, Answer
from portal.booking.away_service import ChangedSince, Outcome
from portal.booking.course_service import Collides
from portal.clock import now
from portal.db import session
from portal.identity.people import queries as people
from portal.staff import absence_queries, away_queries
from portal.staff.away_forms import proposed, read_answers
from portal.web.access import staff, viewer

staff_bp = Blueprint(
    "away", __name__, url_prefix="/staff/absence/<uuid:person_id>/<uuid:absence_id>/meetings"
)
DESK = ("coach", "lead")


def _page(
    person_id: uuid.UUID,
    absence_id: uuid.UUID,
    *,
    answers: Mapping[uuid.UUID, Answer] | None = None,
    problems: Mapping[uuid.UUID, str] | None = None,
    for_all: str = rules.STAY,
) -> str:
    page = absence_queries.meetings_page(session(), viewer(), person_id, absence_id, now())
    return render_template(
        "staff/away_meetings.html",
        page=page,
        answers={**proposed(page.hits, for_all), **(answers or {})},
        problems=problems or {},
        rules=rules,
        MOVE=MOVE,
        words=words,
        write_start=rules.write_start,
    )


def _back(person_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("absence.show_absence", person_id=person_id), 303)


@staff_bp.get("")
@staff(*DESK)
def show_meetings(person_id: uuid.UUID, absence_id: uuid.UUID) -> ResponseReturnValue:
    """Each meeting in the absence, with what can become of it; with `all` the same chosen for all."""
    wanted = request.args.get("all", "")
    return _page(person_id, absence_id, for_all=wanted if wanted in CHOICES else rules.STAY)


@staff_bp.post("")
@staff(*DESK)
def decide(person_id: uuid.UUID, absence_id: uuid.UUID) -> ResponseReturnValue:
    """Do what was chosen, all of it or nothing."""
    gone = absence_queries.gone(session(), viewer(), person_id, absence_id, now())
    answers = read_answers(request.form)
    if other := _for_another(answers, gone.stand_in_id):
        answers = {one: answer for one, answer in answers.items() if one not in other}
        problem = _("Vikarien är en annan än när du öppnade sidan. Välj igen.")
        return _page(person_id, absence_id, answers=answers, problems=dict.fromkeys(other, problem)), 422
    before = absence_queries.meetings_in(session(), viewer(), person_id, absence_id, now())
    try:
        with session().begin_nested():
            outcome = away_service.decide(session(), viewer(), gone, answers, now())
    except Collides as refused:
        problem = _("Den tiden är tagen. Välj något annat.")
        return _page(person_id, absence_id, answers=answers, problems={refused.meeting_id: problem}), 422
    except ChangedSince as refused:
        # What was chosen was about another meeting than this one.
        answers.pop(refused.meeting_id, None)
        problem = _("Mötet har ändrats sedan du öppnade sidan. Så här är det nu.")
        return _page(person_id, absence_id, answers=answers, problems={refused.meeting_id: problem}), 422
    if outcome.changed:
        flash(
            ngettext(
                "%(num)d möte är ändrat. Du kan ångra i 10 minuter.",
                "%(num)d möten är ändrade. Du kan ångra i 10 minuter.",
                outcome.changed,
            )
        )
    else:
        flash(_("Inget är ändrat. Mötena står kvar."))
    _say_untold(outcome, {one.person_id: one.person for one in before})
    return _back(person_id)


def _for_another(answers: Mapping[uuid.UUID, Answer], stand_in_id: uuid.UUID | None) -> list[uuid.UUID]:
    """The meetings that were to go along to another one than whoever stands in now."""
    if request.form.get("stand_in", "") == str(stand_in_id or ""):
        return []
    return [one for one, answer in answers.items() if answer.what == rules.ALONG]


def _say_untold(outcome: Outcome, short: Mapping[uuid.UUID, str]) -> None:
    """Name whom no message reaches: to be rung up, or not even that (S34).

    By the `short` name where a meeting stayed with its former coach: nothing else of its person is open.
    """
    found = people.names(session(), viewer(), outcome.untold)
    names = {one: found.get(one, short.get(one, "").removesuffix(".")) for one in outcome.untold}
    rung, silent = (
        ", ".join(sorted(name for one, name in names.items() if (one in outcome.silent) is unsafe))
        for unsafe in (False, True)
    )
    if rung:
        flash(_("Det går inte att skicka till: %(names)s. Ring.", names=rung), "sun")
    if silent:
        flash(
            _(
                "Det går inte att skicka till: %(names)s. Ring inte, det är inte säkert. Fråga när ni ses.",
                names=silent,
            ),
            "ribbon",
        )


@staff_bp.post("/undo/<uuid:batch_id>")
@staff(*DESK)
def undo(person_id: uuid.UUID, absence_id: uuid.UUID, batch_id: uuid.UUID) -> ResponseReturnValue:
    """Everything as before, but for what somebody has changed since."""
    gone = absence_queries.gone(session(), viewer(), person_id, absence_id, now())
    undone = away_service.undo(
        session(), viewer(), gone, batch_id, now(), rung=away_queries.rung_about(session(), viewer(), now())
    )
    if undone.back:
        flash(ngettext("%(num)d möte är som förut igen.", "%(num)d möten är som förut igen.", undone.back))
    if undone.roomless:
        flash(
            ngettext(
                "%(num)d möte har inget rum nu, för rummet är inte ledigt längre.",
                "%(num)d möten har inget rum nu, för rummen är inte lediga längre.",
                undone.roomless,
            ),
            "sun",
        )
    if not undone.back and not undone.left:
        flash(_("Det är för sent att ångra, eller redan ångrat."), "sun")
    if undone.left:
        flash(
            ngettext(
                "%(num)d möte har ändrats sedan dess, eller tiden är tagen. Det är inte ångrat.",
                "%(num)d möten har ändrats sedan dess, eller tiden är tagen. De är inte ångrade.",
                undone.left,
            ),
            "sun",
        )
    return _back(person_id)
