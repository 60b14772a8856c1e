"""A user auditor's pages after closing: results, free texts, the report, publishing."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.clock import now
from portal.db import session
from portal.languages import LANGUAGES
from portal.user_audit import report_service, result_queries, staff_queries
from portal.user_audit.models import CLOSED, PUBLISHED, WAITING, Audit
from portal.user_audit.staff_forms import ReportForm, ScreenForm
from portal.user_audit.staff_queries import Free
from portal.user_audit.staff_words import SCREENED
from portal.web.access import staff, viewer

bp = Blueprint("report", __name__, url_prefix="/<uuid:audit_id>")


def _held(audit_id: uuid.UUID) -> Audit:
    return staff_queries.audit(session(), viewer(), audit_id, lock=True)


def _to(page: str, audit_id: uuid.UUID, said: str, tone: str = "pine") -> ResponseReturnValue:
    flash(said, tone)
    return redirect(url_for(f"user_audit_staff.{page}", audit_id=audit_id), 303)


def _not_now(audit_id: uuid.UUID) -> ResponseReturnValue:
    said = _("Det går när frågorna är stängda och rapporten inte är publicerad.")
    return _to("show_audit", audit_id, said, "sun")


@bp.get("/results")
@staff("user_auditor")
def show_results(audit_id: uuid.UUID) -> ResponseReturnValue:
    """The figures as they were frozen."""
    audit = staff_queries.audit(session(), viewer(), audit_id)
    results = result_queries.results(session(), viewer(), audit)
    return render_template("user_audit/staff_results.html", audit=audit, results=results, names=LANGUAGES)


@bp.get("/texts")
@staff("user_auditor")
def list_texts(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Every free text with its buttons, in an order that stays."""
    audit = staff_queries.audit(session(), viewer(), audit_id)
    return _texts_page(audit, staff_queries.free_texts(session(), viewer(), audit))


def _texts_page(
    audit: Audit, texts: tuple[Free, ...], wrong: dict[uuid.UUID, ScreenForm] | None = None
) -> ResponseReturnValue:
    """The list; `wrong` is the form that came back, by its text."""
    page = {
        "rows": [(one, (wrong or {}).get(one.id) or ScreenForm.begun(one)) for one in texts],
        "left": [one.id for one in texts if one.state == WAITING],
        "states": SCREENED,
    }
    return render_template("user_audit/staff_texts.html", audit=audit, **page), 422 if wrong else 200


@bp.post("/texts/<uuid:text_id>")
@staff("user_auditor")
def screen_text(audit_id: uuid.UUID, text_id: uuid.UUID) -> ResponseReturnValue:
    """Show it, a part of it, or not, or take that back; then the list again, where the text stands."""
    audit, form = _held(audit_id), ScreenForm()
    if audit.state != CLOSED:
        return _not_now(audit_id)
    free = staff_queries.free_text(session(), viewer(), audit, text_id)
    form.settle(free)
    if form.validate() and not form.overtaken(ScreenForm.of(free)):
        try:
            report_service.screen(session(), viewer(), audit, text_id, form.screening())
        except report_service.NotACut:
            said = _("Skriv […] där du tar bort något. Resten ska stå precis som personen skrev.")
            form.shown.errors = [said]
        except report_service.NoReason:
            form.why.errors = [_("Skriv varför inte allt visas.")]
        else:
            there = url_for("user_audit_staff.report.list_texts", audit_id=audit_id)
            return redirect(f"{there}#text-{text_id}", 303)
    return _texts_page(audit, staff_queries.free_texts(session(), viewer(), audit), {text_id: form})


@bp.get("/report")
@staff("user_auditor")
def edit_report(audit_id: uuid.UUID) -> ResponseReturnValue:
    """The report as it stands: a form before publishing, then only to be read, with the team's replies."""
    audit = staff_queries.audit(session(), viewer(), audit_id)
    if audit.state == PUBLISHED:
        return redirect(url_for("user_audit_team.show_report", audit_id=audit_id), 303)
    if audit.state != CLOSED:
        return _not_now(audit_id)
    return _report_page(audit, _report_of(audit))


def _report_of(audit: Audit) -> ReportForm:
    return ReportForm.of(audit, staff_queries.proposals(session(), audit))


def _report_page(audit: Audit, form: ReportForm, code: int = 200) -> ResponseReturnValue:
    return render_template("user_audit/staff_write.html", audit=audit, form=form), code


@bp.post("/report")
@staff("user_auditor")
def write_report(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Save the report."""
    audit, form = _held(audit_id), ReportForm()
    if audit.state != CLOSED:
        return _not_now(audit_id)
    if not form.validate() or form.overtaken(_report_of(audit)):
        return _report_page(audit, form, 422)
    report_service.write(session(), viewer(), audit, form.writing())
    return _to("show_audit", audit_id, _("Rapporten är sparad. Den är inte publicerad än."))


@bp.post("/publish")
@staff("user_auditor")
def publish(audit_id: uuid.UUID) -> ResponseReturnValue:
    """Hand the report to the team and the participants."""
    try:
        report_service.publish(session(), viewer(), _held(audit_id), now())
    except report_service.NotNow:
        return _not_now(audit_id)
    except report_service.Unscreened as left:
        said = ngettext("%(num)d text är inte granskad.", "%(num)d texter är inte granskade.", left.count)
        return _to("report.list_texts", audit_id, said, "sun")
    except report_service.Unwritten:
        return _to("report.edit_report", audit_id, _("Skriv klart rapporten först."), "sun")
    return _to("show_audit", audit_id, _("Rapporten är publicerad. Teamet och deltagarna kan läsa den."))
