"""A check-in on the phone: what it is, one question a screen, a look at the answers, thanks."""

import uuid

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.db import session
from portal.feedback import page_views, service
from portal.feedback.forms import CommentForm, LineForm
from portal.feedback.sheet_queries import Sheet, sheet
from portal.feedback.sheet_views import NOT_NOW, elsewhere, later, own_way, page, start, step, to
from portal.instruments.rules import write_value
from portal.instruments.service import NothingSaid, WrongKey
from portal.instruments.step_forms import Act, SendForm
from portal.web.access import participant, viewer
from portal.web.signs import clean

bp = Blueprint("feedback", __name__, url_prefix="/check-in/<uuid:check_in_id>")

bp.register_blueprint(page_views.bp)


@bp.get("")
@participant(tier=1)
def show_start(check_in_id: uuid.UUID) -> ResponseReturnValue:
    """Who will read it and when, and where to turn now: before the first question."""
    return start(sheet(session(), viewer(), check_in_id))


@bp.get("/<int:number>")
@participant(tier=1)
def show_step(check_in_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """One question. What was answered stands there only in the session that wrote it."""
    found = sheet(session(), viewer(), check_in_id)
    if found.comment and number == found.comment_number():
        return elsewhere(found) or _comment(found, CommentForm(data={"comment": found.comment.text}))
    line = found.line(number)
    typed = "" if line.tenths is None else write_value(line.tenths)
    return elsewhere(found) or _line(found, number, LineForm(typed=typed))


@bp.post("/<int:number>")
@participant(tier=1)
def answer_step(check_in_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Store one answer at once, and go where the button says."""
    found = sheet(session(), viewer(), check_in_id)
    try:
        if found.comment and number == found.comment_number():
            return _answer_comment(found)
        return _answer_line(found, number)
    except NOT_NOW:
        unsaved = _unsaved(found, number)
        return (start(found, unsaved), 422) if unsaved else redirect(to(found, "show_start"), 303)


def _unsaved(found: Sheet, number: int) -> str:
    """What was given now, where it does not stand already: a second tap has lost nothing."""
    if found.comment and number == found.comment_number():
        given, stands = request.form.get("comment", ""), found.comment.text
    else:
        tenths = found.line(number).tenths
        given, stands = request.form.get("value", ""), "" if tenths is None else write_value(tenths)
    given = clean(given)
    return given if given != stands and request.form.get("act") != "skip" else ""


def _answer_line(found: Sheet, number: int) -> ResponseReturnValue:
    line = found.line(number)
    form = LineForm(answered=line.handled)
    if not form.validate_on_submit():
        return _line(found, number, form), 422
    answer = form.answer()
    if answer.act == "skip" or answer.tenths is not None:
        tenths = None if answer.act == "skip" else answer.tenths
        service.answer_line(session(), viewer(), found.check_in_id, number, tenths, now=now())
    return _after(found, number, answer.act)


def _answer_comment(found: Sheet) -> ResponseReturnValue:
    form = CommentForm()
    if not form.validate_on_submit():
        return _comment(found, form), 422
    text = "" if form.pressed == "skip" else form.comment.data or ""
    kept = found.comment is not None and found.comment.handled and not found.comment.readable
    if text or form.pressed == "skip" or (form.pressed == "next" and not kept):
        service.answer_comment(session(), viewer(), found.check_in_id, text, now=now())
    return _after(found, found.comment_number(), form.pressed)


def _after(found: Sheet, number: int, act: Act) -> ResponseReturnValue:
    """Where to go when step `number` is done."""
    if act == "later":
        return later()
    if request.args.get("back") == "check":
        return redirect(to(found, "check_answers"), 303)
    return redirect(step(found, number - 1 if act == "back" else number + 1), 303)


def _line(found: Sheet, number: int, form: LineForm) -> str:
    return page("line", found, form=form, line=found.line(number), here=request.full_path.rstrip("?"))


def _comment(found: Sheet, form: CommentForm) -> str:
    return page("comment", found, form=form, here=request.full_path.rstrip("?"))


@bp.get("/check")
@participant(tier=1)
def check_answers(check_in_id: uuid.UUID) -> ResponseReturnValue:
    """A look at the answers before they are sent."""
    found = sheet(session(), viewer(), check_in_id)
    if not found.begun:
        return redirect(to(found, "show_start"), 303)
    return elsewhere(found) or page("check", found, **own_way(found))


@bp.post("/send")
@participant(tier=1)
def send_answers(check_in_id: uuid.UUID) -> ResponseReturnValue:
    """Send once: the same sending again leads to the same thanks."""
    key = SendForm().submission_key()
    found = sheet(session(), viewer(), check_in_id)
    try:
        if key is None:
            raise WrongKey
        service.send(session(), viewer(), check_in_id, key, now=now())
    except (WrongKey, NothingSaid):
        return redirect(to(found, "check_answers"), 303)
    except NOT_NOW:
        return redirect(to(found, "show_start"), 303)
    return redirect(to(found, "show_thanks"), 303)


@bp.get("/thanks")
@participant(tier=1)
def show_thanks(check_in_id: uuid.UUID) -> ResponseReturnValue:
    """What happens with the answers now."""
    found = sheet(session(), viewer(), check_in_id)
    if found.sent_at is None:
        return redirect(to(found, "show_start"), 303)
    return page("sent", found)
