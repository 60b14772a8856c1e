"""A user auditor's pages: the list, the plan, questions, opening and closing, how people are told."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.languages import LANGUAGES
from portal.messaging.rules import length
from portal.organisation import queries as organisations
from portal.user_audit import queries, report_staff_views, service, staff_queries, words
from portal.user_audit.bank_rules import bank
from portal.user_audit.models import Audit
from portal.user_audit.rules import minutes
from portal.user_audit.staff_forms import PlanForm, QuestionForm, own_id
from portal.user_audit.staff_words import KINDS, STATES
from portal.web.access import staff, viewer
from portal.web.qr import qr_svg
from portal.web.words import current_language
from portal.wording.words import TOLD

staff_bp = Blueprint("user_audit_staff", __name__, url_prefix="/staff/audits")
staff_bp.register_blueprint(report_staff_views.bp)

ONE = "/<uuid:audit_id>"


def _held(audit_id: uuid.UUID) -> Audit:
    return staff_queries.audit(session(), viewer(), audit_id, lock=True)


def _to(audit_id: uuid.UUID, said: str = "", tone: str = "pine") -> ResponseReturnValue:
    if said:
        flash(said, tone)
    return redirect(url_for("user_audit_staff.show_audit", audit_id=audit_id), 303)


def _begun(audit_id: uuid.UUID) -> ResponseReturnValue:
    return _to(audit_id, _("Frågorna är öppna eller stängda. De går inte att ändra längre."), "sun")


def _too_many() -> str:
    return _("Det är för många frågor. Ta bort någon först.")


@staff_bp.get("")
@staff("user_auditor")
def list_audits() -> ResponseReturnValue:
    """Every audit of the organisation."""
    audits = staff_queries.listed(session(), viewer())
    return render_template("user_audit/staff_list.html", audits=audits, states=STATES)


@staff_bp.get(ONE)
@staff("user_auditor")
def show_audit(audit_id: uuid.UUID) -> ResponseReturnValue:
    """One audit: where it stands, and what to do next."""
    page = staff_queries.overview(session(), viewer(), audit_id)
    return render_template("user_audit/staff_audit.html", page=page, states=STATES, kinds=KINDS)


# --- the plan -----------------------------------------------------------------------------------


def _plan_page(form: PlanForm, audit_id: uuid.UUID | None = None, code: int = 200) -> ResponseReturnValue:
    return render_template("user_audit/staff_plan.html", form=form, audit_id=audit_id), code


def _offered(form: PlanForm) -> PlanForm:
    form.offer(organisations.teams(session(), viewer().organisation_id), viewer().language)
    return form


@staff_bp.get("/new")
@staff("user_auditor")
def new_audit() -> ResponseReturnValue:
    """An empty plan, with every question of ours chosen."""
    form = _offered(PlanForm(formdata=None))
    form.key.data = str(uuid.uuid4())
    form.chosen.data = list(bank())
    return _plan_page(form)


@staff_bp.post("/new")
@staff("user_auditor")
def plan_audit() -> ResponseReturnValue:
    """Plan an audit; twice is once."""
    form = _offered(PlanForm())
    if not form.validate():
        return _plan_page(form, code=422)
    made = service.plan(session(), viewer(), own_id(form.key), form.plan(), form.chosen.data or [], now())
    return _to(made.id, _("Planen är sparad."))


@staff_bp.get(f"{ONE}/plan")
@staff("user_auditor")
def edit_plan(audit_id: uuid.UUID) -> ResponseReturnValue:
    """The plan as it stands."""
    return _plan_page(_plan_of(staff_queries.audit(session(), viewer(), audit_id)), audit_id)


def _plan_of(audit: Audit) -> PlanForm:
    teams = organisations.teams(session(), viewer().organisation_id)
    return PlanForm.of(audit, staff_queries.chosen(session(), audit), teams, viewer().language)


@staff_bp.post(f"{ONE}/plan")
@staff("user_auditor")
def change_plan(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Change the plan before it is opened."""
    audit, form = _held(audit_id), _offered(PlanForm())
    if not form.validate() or form.overtaken(_plan_of(audit)):
        return _plan_page(form, audit_id, 422)
    try:
        service.change(session(), viewer(), audit, form.plan(), form.chosen.data or [], now())
    except service.Begun:
        return _begun(audit_id)
    except service.TooMany:
        form.form_errors = [_too_many()]
        return _plan_page(form, audit_id, 422)
    return _to(audit_id, _("Planen är sparad."))


@staff_bp.post(f"{ONE}/remove")
@staff("user_auditor")
def remove_audit(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Throw a plan away."""
    try:
        service.remove(session(), viewer(), _held(audit_id))
    except service.Begun:
        return _begun(audit_id)
    flash(_("Planen är borttagen."))
    return redirect(url_for("user_audit_staff.list_audits"), 303)


# --- questions ----------------------------------------------------------------------------------


def _question_page(
    form: QuestionForm, audit_id: uuid.UUID, question_id: uuid.UUID | None = None, code: int = 200
) -> ResponseReturnValue:
    page = "user_audit/staff_question.html"
    return render_template(page, form=form, audit_id=audit_id, question_id=question_id), code


@staff_bp.get(f"{ONE}/questions/new")
@staff("user_auditor")
def new_question(audit_id: uuid.UUID) -> ResponseReturnValue:
    """An empty question."""
    staff_queries.audit(session(), viewer(), audit_id)
    return _question_page(QuestionForm(formdata=None, key=str(uuid.uuid4()), kind="agree"), audit_id)


@staff_bp.post(f"{ONE}/questions/new")
@staff("user_auditor")
def add_question(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Add a question of one's own; twice is once."""
    audit, form = _held(audit_id), QuestionForm()
    if not form.validate():
        return _question_page(form, audit_id, code=422)
    try:
        service.add_question(session(), viewer(), audit, own_id(form.key), form.question(), now())
    except service.Begun:
        return _begun(audit_id)
    except service.TooMany:
        form.form_errors = [_too_many()]
        return _question_page(form, audit_id, code=422)
    return _to(audit_id, _("Frågan är sparad."))


@staff_bp.get(f"{ONE}/questions/<uuid:question_id>")
@staff("user_auditor")
def edit_question(audit_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    """A question of one's own."""
    audit = staff_queries.audit(session(), viewer(), audit_id)
    form = QuestionForm.of(staff_queries.question(session(), audit, question_id))
    return _question_page(form, audit_id, question_id)


@staff_bp.post(f"{ONE}/questions/<uuid:question_id>")
@staff("user_auditor")
def change_question(audit_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    """Change a question of one's own."""
    audit, form = _held(audit_id), QuestionForm()
    standing = QuestionForm.of(staff_queries.question(session(), audit, question_id))
    if not form.validate() or form.overtaken(standing):
        return _question_page(form, audit_id, question_id, 422)
    try:
        service.change_question(session(), viewer(), audit, question_id, form.question(), now())
    except service.Begun:
        return _begun(audit_id)
    return _to(audit_id, _("Frågan är sparad."))


@staff_bp.post(f"{ONE}/questions/<uuid:question_id>/<any(up, down, remove):way>")
@staff("user_auditor")
def arrange_question(audit_id: uuid.UUID, question_id: uuid.UUID, way: str) -> ResponseReturnValue:
    """Move a question up or down, or take it away."""
    audit = _held(audit_id)
    try:
        if way == "remove":
            service.remove_question(session(), viewer(), audit, question_id)
        else:
            service.move_question(session(), viewer(), audit, question_id, way == "up")
    except service.Begun:
        return _begun(audit_id)
    return _to(audit_id)


@staff_bp.get(f"{ONE}/preview")
@staff("user_auditor")
def preview(audit_id: uuid.UUID) -> ResponseReturnValue:
    """What participants will see, in the language of the page (`?in=`)."""
    audit = staff_queries.audit(session(), viewer(), audit_id)
    asked = queries.words_of(session(), audit, current_language().code)
    page = {"minutes": minutes(len(asked.questions)), "told": TOLD}
    return render_template("user_audit/staff_preview.html", audit=audit, asked=asked, **page)


# --- opening and closing ------------------------------------------------------------------------


@staff_bp.post(f"{ONE}/open")
@staff("user_auditor")
def open_audit(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Let people answer."""
    try:
        service.start(session(), viewer(), _held(audit_id), now())
    except service.Begun:
        return _begun(audit_id)
    except service.Gone:
        return _to(audit_id, _("Sista dagen har gått. Ändra dagarna först."), "sun")
    except service.NoQuestions:
        return _to(audit_id, _("Det finns inga frågor. Lägg till några först."), "sun")
    return _to(audit_id, _("Frågorna är öppna. Häng upp affischen, och be teamet skicka SMS."))


@staff_bp.post(f"{ONE}/close")
@staff("user_auditor")
def close_audit(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Freeze the answers."""
    try:
        service.close(session(), viewer(), _held(audit_id))
    except service.Begun:
        return _to(audit_id, _("Frågorna har inte varit öppna än."), "sun")
    return _to(audit_id, _("Frågorna är stängda. Svaren ändras inte längre."))


@staff_bp.get(f"{ONE}/tell")
@staff("user_auditor")
def tell(audit_id: uuid.UUID) -> ResponseReturnValue:
    """The SMS, and the way to the poster."""
    audit = staff_queries.audit(session(), viewer(), audit_id)
    own = organisations.organisation(session(), viewer().organisation_id)
    texts = [(LANGUAGES[code], words.sms(LANGUAGES[code])) for code in own.spoken]
    told = [(spoken, text, length(text)) for spoken, text in texts]
    return render_template("user_audit/staff_tell.html", audit=audit, texts=told)


@staff_bp.get(f"{ONE}/poster")
@staff("user_auditor")
def show_poster(audit_id: uuid.UUID) -> ResponseReturnValue:
    """The poster to print, in every language of the organisation; its square leads to the entry."""
    audit = staff_queries.audit(session(), viewer(), audit_id)
    own = organisations.organisation(session(), viewer().organisation_id)
    address = f"{current_app.config['STIGEN'].public_base_url}/{own.slug}"
    parts = [(LANGUAGES[code], words.poster(LANGUAGES[code], audit.ends_on)) for code in own.spoken]
    return render_template(
        "user_audit/staff_poster.html",
        audit=audit,
        parts=parts,
        address=address.partition("://")[2],
        qr=qr_svg(address, address),
    )
