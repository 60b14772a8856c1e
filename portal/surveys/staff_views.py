"""What a team's participants think, as figures for its lead, and leaving answers out of one."""

import uuid
from typing import Any, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.journal.service import note
from portal.languages import Language
from portal.surveys import figure_service, words
from portal.surveys.figure_rules import BAR_WIDTH, can_leave_out
from portal.surveys.figure_service import TooMany
from portal.surveys.forms import LeaveOutForm
from portal.surveys.release_rules import FEWEST, Dimension
from portal.surveys.result_queries import ALL, Results, Shown, overview, results
from portal.surveys.rules import ROUNDS, Round, own
from portal.surveys.table_words import tables
from portal.web.access import staff, viewer
from portal.web.tables import download
from portal.web.words import current_language

staff_bp = Blueprint("surveys_staff", __name__, url_prefix="/staff/surveys")
OF_ROUND = "/<uuid:team_id>/<any(ongoing, closure):which>"


def _found(team_id: uuid.UUID, which: Round) -> Results:
    """The figures that the address asks for; what it asks for and does not exist is passed over."""
    by: Dimension | None = next((one for one in get_args(Dimension) if one == request.args.get("by")), None)
    return results(
        session(),
        viewer(),
        team_id,
        which,
        period=request.args.get("period", ""),
        by=by,
        version=request.args.get("version", type=int),
    )


def _page(name: str, found: Results, **values: Any) -> str:
    spoken = current_language()
    return render_template(
        f"surveys/{name}.html",
        found=found,
        words=words,
        own=lambda texts: own(texts, spoken.code),
        fewest=FEWEST,
        all_periods=ALL,
        rounds=ROUNDS,
        bar_width=BAR_WIDTH,
        **values,
    )


@staff_bp.get("")
@staff("lead")
def show_teams() -> ResponseReturnValue:
    """The asker's teams, and how much there is to read of each round."""
    teams = overview(session(), viewer())
    return render_template("surveys/staff_teams.html", teams=teams, rounds=ROUNDS, words=words, fewest=FEWEST)


@staff_bp.get(OF_ROUND)
@staff("lead")
def show_results(team_id: uuid.UUID, which: Round) -> ResponseReturnValue:
    """Every question with its figure, a picture and a table; the words without their writers."""
    return _page("staff_results", _found(team_id, which))


@staff_bp.get(OF_ROUND + "/figures.<any(csv, xlsx):kind>")
@staff("lead")
def take_out(team_id: uuid.UUID, which: Round, kind: str) -> ResponseReturnValue:
    """The same figures as a file."""
    found = _found(team_id, which)
    note(session(), viewer(), action="export", kind="survey-figures", subject=None, object_id=found.team.id)
    spoken: Language = current_language()
    name = f"survey-{which}-{found.period}"
    return download(tables(found, spoken.code), name, kind, right_to_left=spoken.dir == "rtl")


@staff_bp.get(OF_ROUND + "/leave-out/<question>")
@staff("lead")
def ask_leave_out(team_id: uuid.UUID, which: Round, question: str) -> ResponseReturnValue:
    """Which answers, how many, and why."""
    found = _found(team_id, which)
    shown = found.of(question)
    return _leaving(found, shown, _form(found, shown))


@staff_bp.post(OF_ROUND + "/leave-out/<question>")
@staff("lead")
def leave_out(team_id: uuid.UUID, which: Round, question: str) -> ResponseReturnValue:
    """Print a second figure beside the whole one."""
    found = _found(team_id, which)
    shown = found.of(question)
    form = _form(found, shown)
    if not form.validate_on_submit():
        return _leaving(found, shown, form), 422
    try:
        wanted = form.leaving(found.survey.version, question, found.period)
        figure_service.leave_out(session(), viewer(), team_id, which, wanted, now())
    except TooMany as refused:
        form.count.errors = [
            _("Så många svar finns inte. Högst %(most)s kan lämnas utanför.", most=refused.most)
        ]
        return _leaving(found, shown, form), 422
    flash(_("Båda siffrorna står nu bredvid varandra."), "pine")
    return redirect(_to_question(found, question), 303)


@staff_bp.post(OF_ROUND + "/left-out/<uuid:left_out_id>/take-back")
@staff("lead")
def take_back(team_id: uuid.UUID, which: Round, left_out_id: uuid.UUID) -> ResponseReturnValue:
    """Count them again."""
    figure_service.take_back(session(), viewer(), team_id, left_out_id, now())
    flash(_("Svaren räknas igen."), "pine")
    back = url_for(
        "surveys_staff.show_results", team_id=team_id, which=which, period=request.args.get("period")
    )
    return redirect(back, 303)


def _form(found: Results, shown: Shown) -> LeaveOutForm:
    """The form, with the answers of which something can still be left out, of one half-year."""
    form = LeaveOutForm()
    one_period = shown.whole if found.period != ALL else None
    left = can_leave_out(shown.question, one_period, shown.left_out) if one_period else {}
    texts = {one.key: own(one.texts, current_language().code) for one in shown.question.options}
    form.answer.choices = [("", "–"), *((key, f"{texts[key]} ({most})") for key, most in left.items())]
    return form


def _leaving(found: Results, shown: Shown, form: LeaveOutForm) -> str:
    return _page(
        "staff_leave_out", found, shown=shown, form=form, back=_to_question(found, shown.question.key)
    )


def _to_question(found: Results, question: str) -> str:
    return url_for(
        "surveys_staff.show_results",
        team_id=found.team.id,
        which=found.which,
        period=found.period,
        version=found.survey.version,
        _anchor=question,
    )
