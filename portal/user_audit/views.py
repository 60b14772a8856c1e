"""Answering an audit on the phone: what is anonymous, one question a screen, and sending without a name."""

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.languages import LANGUAGES
from portal.user_audit import answer_service as service
from portal.user_audit import queries
from portal.user_audit.answer_service import AlreadySent, NotReadable, Over
from portal.user_audit.draft_rules import Draft
from portal.user_audit.forms import BACK, GO_TO, SKIP, StepForm
from portal.user_audit.queries import Sheet
from portal.web.access import fleeting, participant, unnamed, viewer
from portal.web.asker import Asker
from portal.web.unnamed import PREFIX
from portal.web.words import current_language
from portal.wording.words import TOLD

bp = Blueprint("user_audit", __name__)


def _start(audit_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("user_audit.show_start", audit_id=audit_id), 303)


def _sheet(audit_id: uuid.UUID) -> Sheet:
    return queries.sheet(session(), _reader(), audit_id, now())


def _reader() -> Asker:
    """Whoever reads, in the language of the page: one page alone can be asked for in another."""
    return replace(viewer(), language=current_language().code)


@bp.get("/audits/<uuid:audit_id>")
@participant(tier=1)
def show_start(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Who asks, and what is anonymous and what is not: before the first question."""
    return render_template("user_audit/start.html", sheet=_sheet(audit_id), told=TOLD)


@bp.route("/audits/<uuid:audit_id>/answer", methods=["GET", "POST"])
@participant(tier=1)
@fleeting
def answer(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Take one answer into the form that travels, and show the next question. Nothing is stored.

    Opened by its address it has no form, and begins again.
    """
    found, form = _sheet(audit_id), StepForm()
    if request.method == "GET" or not found.can_answer or found.issued_hash is not None:
        return _start(audit_id)
    try:
        draft = _draft(found, form)
    except NotReadable:
        flash(_("Svaren gick inte att läsa. Börja om från början."), "sun")
        return _start(audit_id)
    number = form.at(len(found.questions))
    if number is None:
        return _after(found, draft)
    return _step(found, form, draft, number)


def _draft(found: Sheet, form: StepForm) -> Draft:
    """The form that travels, begun now where none came. Raises NotReadable."""
    if not form.answers.data:
        return service.begin(current_language().code, len(found.questions), now())
    return service.unseal(form.answers.data, found.audit_id, len(found.questions), now())


def _step(found: Sheet, form: StepForm, draft: Draft, number: int) -> ResponseReturnValue:
    if form.pressed == GO_TO:
        return _question(found, draft, number)
    if form.pressed == SKIP:
        return _after(found, draft.answered(number, ""))
    question = found.questions[number - 1]
    if form.pressed == BACK:
        if question.is_text and not form.validate():
            return _question(found, draft, number, form), 422
        words = form.words.data if question.is_text else ""
        return _question(found, draft.answered(number, words) if words else draft, max(1, number - 1))
    given = form.given(question)
    if given is None:
        return _question(found, draft, number, form), 422
    return _after(found, draft.answered(number, given))


def _after(found: Sheet, draft: Draft) -> str:
    """The first question without an answer; a look at all of them when there is none."""
    number = draft.next_number
    return _question(found, draft, number) if number else _check(found, draft)


def _question(found: Sheet, draft: Draft, number: int, wrong: StepForm | None = None) -> str:
    """One question with what was answered before, or with what came back and why."""
    question, before = found.questions[number - 1], draft.answers[number - 1] or ""
    form = wrong or StepForm(formdata=None, words=before if question.is_text else "")
    form.answers.data, form.number.data = service.seal(draft, found.audit_id), str(number)
    total = len(found.questions)
    page: dict[str, Any] = {"number": number, "total": total, "question": question, "before": before}
    return render_template("user_audit/question.html", sheet=found, form=form, told=TOLD, **page)


def _check(found: Sheet, draft: Draft) -> str:
    pairs = list(zip(found.questions, draft.answers, strict=True))
    page = {"answers": service.seal(draft, found.audit_id), "empty": draft.empty}
    return render_template("user_audit/check.html", sheet=found, pairs=pairs, **page)


@bp.route("/audits/<uuid:audit_id>/send", methods=["GET", "POST"])
@participant(tier=1)
@fleeting
def send(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the ticket that the answers are sent on with, once; the same form gets the same one again."""
    found, form = _sheet(audit_id), StepForm()
    if request.method == "GET":
        return _start(audit_id)
    try:
        draft = service.unseal(form.answers.data or "", found.audit_id, len(found.questions), now())
        if draft.empty:
            return _check(found, draft), 422
        ticket = service.issue(session(), viewer(), audit_id, draft, now())
    except NotReadable:
        flash(_("Svaren gick inte att läsa. Börja om från början."), "sun")
        return _start(audit_id)
    except (AlreadySent, Over):
        return _start(audit_id)
    return render_template("user_audit/ticket.html", ticket=ticket)


@bp.post(f"{PREFIX}audit")
@unnamed
def redeem() -> ResponseReturnValue:
    """Count the answers that a ticket brings. Who sends it cannot be seen here."""
    spoken = request.form.get("language", "")
    if spoken in LANGUAGES:
        g.language = spoken
    try:
        service.redeem(session(), request.form.get("ticket", ""))
    except NotReadable:
        return render_template("user_audit/lost.html", over=False), 422
    except Over:
        return render_template("user_audit/lost.html", over=True), 422
    return render_template("user_audit/thanks.html")


@bp.get("/you-said")
@participant(tier=1)
def show_you_said() -> ResponseReturnValue:
    """What the participants said, and what the team did: every published report about one's team."""
    reports = queries.reports(session(), _reader())
    return render_template("user_audit/you_said.html", reports=reports, told=TOLD)
