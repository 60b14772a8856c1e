"""The survey on the phone: who sees what, one question a screen, a look at the answers, thanks."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.instruments.step_forms import Act, SendForm
from portal.surveys import service
from portal.surveys.forms import StepForm
from portal.surveys.release_rules import FEWEST
from portal.surveys.rules import Round
from portal.surveys.service import AlreadySent, NotOpen, WrongKey
from portal.surveys.sheet_queries import Sheet, sheet
from portal.web.access import participant, viewer
from portal.web.words import current_language

bp = Blueprint("surveys", __name__, url_prefix="/survey/<any(ongoing, closure):which>")

NOT_NOW = (NotOpen, AlreadySent)


def _found(which: Round) -> Sheet:
    return sheet(session(), viewer(), which, now())


def _page(name: str, found: Sheet, **values: Any) -> str:
    """A page of the survey. `island` names the questions' language where it is not the page's."""
    spoken = found.shown_in
    island = {} if spoken.code == current_language().code else {"lang": spoken.code, "dir": spoken.dir}
    return render_template(
        f"surveys/{name}.html", sheet=found, island=island, on=_on(found), fewest=FEWEST, **values
    )


def _to(found: Sheet, act: str, **values: Any) -> str:
    return url_for(f"surveys.{act}", which=found.which, **values)


def _at(found: Sheet, number: int) -> str:
    """Where question `number` is; the start before the first, the look at the answers after the last."""
    if number < 1:
        return _to(found, "show_start")
    return (
        _to(found, "show_step", number=number) if number <= len(found.steps) else _to(found, "check_answers")
    )


def _on(found: Sheet) -> str:
    """Where somebody who comes back goes on."""
    return _at(found, found.next_number or len(found.steps) + 1)


def _elsewhere(found: Sheet) -> ResponseReturnValue | None:
    """Away from a question that cannot be answered now."""
    if found.sent_at is not None or found.state != "open":
        return redirect(_to(found, "show_start"), 303)
    return None


@bp.get("")
@participant(tier=1)
def show_start(which: Round) -> ResponseReturnValue:
    """Who sees what, and who does not: before the first question."""
    return _page("start", _found(which))


@bp.get("/<int:number>")
@participant(tier=1)
def show_step(which: Round, number: int) -> ResponseReturnValue:
    """One question. What was answered stands there only in the session that wrote it."""
    found = _found(which)
    step = found.step(number)
    return _elsewhere(found) or _step(found, StepForm.at(step, filled=True))


@bp.post("/<int:number>")
@participant(tier=1)
def answer_step(which: Round, number: int) -> ResponseReturnValue:
    """Store one answer at once, and go where the button says."""
    found = _found(which)
    step = found.step(number)
    form = StepForm.at(step, filled=False)
    if not form.validate_on_submit():
        return _step(found, form), 422
    given = "" if form.pressed == "skip" else form.given
    # Free words that are left empty are passed over; what stands and cannot be read back is kept.
    empty = form.pressed == "next" and not step.question.options and (step.readable or not step.handled)
    if given or form.pressed == "skip" or empty:
        try:
            service.answer(session(), viewer(), which, number, given, now())
        except NOT_NOW:
            return _page("start", found, unsaved=step.words.get(given, given)), 422
    return _after(found, number, form.pressed)


def _after(found: Sheet, number: int, act: Act) -> ResponseReturnValue:
    """Where to go when a question is done."""
    if act == "later":
        flash(_("Det du har svarat är sparat. Du kan fortsätta senare."))
        return redirect("/home", 303)
    if request.args.get("back") == "check":
        return redirect(_to(found, "check_answers"), 303)
    return redirect(_at(found, number - 1 if act == "back" else number + 1), 303)


def _step(found: Sheet, form: StepForm) -> str:
    return _page("step", found, form=form, step=form.step, here=request.full_path.rstrip("?"))


@bp.get("/check")
@participant(tier=1)
def check_answers(which: Round) -> ResponseReturnValue:
    """A look at the answers before they are sent."""
    found = _found(which)
    if found.sheet_id is None:
        return redirect(_to(found, "show_start"), 303)
    return _elsewhere(found) or _page("check", found)


@bp.post("/send")
@participant(tier=1)
def send_answers(which: Round) -> ResponseReturnValue:
    """Send once: the same sending again leads to the same thanks."""
    key = SendForm().submission_key()
    found = _found(which)
    try:
        if key is None:
            raise WrongKey
        service.send(session(), viewer(), which, key, now())
    except WrongKey:
        return redirect(_to(found, "check_answers"), 303)
    except NotOpen:
        return redirect(_to(found, "show_start"), 303)
    return redirect(_to(found, "show_thanks"), 303)


@bp.get("/thanks")
@participant(tier=1)
def show_thanks(which: Round) -> ResponseReturnValue:
    """What becomes of the answers now."""
    found = _found(which)
    if found.sent_at is None:
        return redirect(_to(found, "show_start"), 303)
    return _page("sent", found)
