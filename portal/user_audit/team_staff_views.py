"""What the team reads of an audit, and the lead's reply to each proposal."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.languages import LANGUAGES
from portal.user_audit import report_service, result_queries, staff_queries
from portal.user_audit.models import AuditProposal
from portal.user_audit.staff_forms import ReplyForm
from portal.user_audit.staff_words import REPLIES
from portal.web.access import staff, viewer

staff_bp = Blueprint("user_audit_team", __name__, url_prefix="/staff/audit-reports")


@staff_bp.get("")
@staff("coach", "lead")
def list_reports() -> ResponseReturnValue:
    """The published reports about one's own teams."""
    audits = staff_queries.for_team(session(), viewer())
    return render_template("user_audit/staff_reports.html", audits=audits)


@staff_bp.get("/<uuid:audit_id>")
@staff("coach", "lead", "user_auditor")
def show_report(audit_id: uuid.UUID) -> ResponseReturnValue:
    """A published report, to read and print: figures, quotes, proposals and replies."""
    asker = viewer()
    audit = staff_queries.published(session(), asker, audit_id)
    return render_template(
        "user_audit/staff_report.html",
        audit=audit,
        team=staff_queries.team_name(session(), audit),
        results=result_queries.results(session(), asker, audit),
        quotes=staff_queries.quotes(staff_queries.free_texts(session(), asker, audit)),
        proposals=staff_queries.proposals(session(), audit),
        replies=REPLIES,
        names=LANGUAGES,
    )


def _page(proposal: AuditProposal, form: ReplyForm, code: int = 200) -> ResponseReturnValue:
    return render_template("user_audit/staff_reply.html", proposal=proposal, form=form), code


@staff_bp.get("/<uuid:audit_id>/proposals/<uuid:proposal_id>")
@staff("lead")
def ask_reply(audit_id: uuid.UUID, proposal_id: uuid.UUID) -> ResponseReturnValue:
    """What does the team do with this proposal?"""
    proposal = staff_queries.proposal_of(session(), viewer(), audit_id, proposal_id)
    return _page(proposal, ReplyForm.of(proposal))


@staff_bp.post("/<uuid:audit_id>/proposals/<uuid:proposal_id>")
@staff("lead")
def reply(audit_id: uuid.UUID, proposal_id: uuid.UUID) -> ResponseReturnValue:
    """Reply, or reply anew; participants read it at once."""
    proposal = staff_queries.proposal_of(session(), viewer(), audit_id, proposal_id, lock=True)
    form = ReplyForm()
    if not form.validate() or form.overtaken(ReplyForm.of(proposal)):
        return _page(proposal, form, 422)
    report_service.reply(session(), viewer(), proposal, form.said(), now())
    flash(_("Svaret är sparat. Deltagarna kan läsa det."))
    return redirect(url_for("user_audit_team.show_report", audit_id=audit_id), 303)
