"""Which scales an organisation uses, under which licence, and the values they are judged by. For admins."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.instruments import pack_queries, words
from portal.instruments.forms import CountForm, ScalesForm
from portal.organisation import queries, service
from portal.web.access import staff, viewer
from portal.web.formats import local

staff_bp = Blueprint("instruments", __name__, url_prefix="/staff/organisation/scales")


def _page(form: ScalesForm, code: int = 200) -> ResponseReturnValue:
    packs = pack_queries.packs(session(), local(now()).date())
    asked = "spread" in request.args
    count = CountForm.of(request.args if asked else None)
    page = render_template(
        "instruments/scales.html",
        form=form,
        packs=packs,
        states=words.STATES,
        count=count,
        counted=count.counted() if asked else None,
    )
    return page, code


@staff_bp.get("")
@staff("admin")
def show_scales() -> ResponseReturnValue:
    """What is asked before and after a talk, and by which values it is judged."""
    own = queries.organisation(session(), viewer().organisation_id)
    return _page(ScalesForm.of(own.rules))


@staff_bp.post("")
@staff("admin")
def change_scales() -> ResponseReturnValue:
    """Let other scales and values hold from now on; what was answered keeps the values of its day."""
    form = ScalesForm()
    if not form.validate():
        return _page(form, 422)
    service.hold(session(), viewer().organisation_id)
    own = queries.organisation(session(), viewer().organisation_id)
    packs = pack_queries.packs(session(), local(now()).date())
    sendable = {pack.instrument for pack in packs if pack.sendable}
    if not form.may_send(sendable) or form.overtaken(ScalesForm.of(own.rules)):
        return _page(form, 422)
    service.change_rules(session(), viewer(), own, form.rules(own.rules, now()), kind="scales")
    flash(_("Inställningarna är sparade."))
    return redirect(url_for("organisation.show_settings"), 303)
