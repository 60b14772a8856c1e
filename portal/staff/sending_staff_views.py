"""A text of the organisation to one person, a list, or whoever is ticked; and what became of it."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.clock import now
from portal.config import Settings
from portal.db import session
from portal.messaging import words as messages
from portal.messaging.pace_rules import paces
from portal.notices import sending_queries as sendings
from portal.notices import sending_service
from portal.notices.sending_rules import Plan
from portal.staff import sending_queries, sending_words
from portal.staff.sending_forms import FilterForm, SendForm, WishForm, read_filter
from portal.staff.sending_rules import Filter
from portal.web.access import quiet, staff, viewer

staff_bp = Blueprint("own_messages", __name__, url_prefix="/staff/own-sms")
DESK = ("coach", "lead")


def _choose_page(form: WishForm | None = None, code: int = 200) -> ResponseReturnValue:
    """The page on which one chooses: by the filter, or with what came back in `form`."""
    alone = request.args.get("person", type=uuid.UUID)
    chosen = Filter() if form else read_filter(request.args, viewer())
    page = sending_queries.choosing(session(), viewer(), chosen, now(), {alone} if alone else None)
    if form and page.too_many:
        page = sending_queries.choosing(session(), viewer(), chosen, now(), form.people)
    if form is None:
        form = WishForm(formdata=None)
        if request.args and request.args.get("ticks") != "none":
            form.who.data = [str(one.person_id) for one in page.people]
    form.offer(page.messages)
    body = render_template(
        "staff/sending_new.html",
        page=page,
        form=form,
        ticked=set(form.who.data or ()),
        filters=None if alone else FilterForm.of(request.args, page),
        ticks=lambda which: url_for("own_messages.choose", **{**request.args.to_dict(), "ticks": which}),
    )
    return body, code


def _preview_page(form: SendForm, plan: Plan | None = None, code: int = 200) -> ResponseReturnValue:
    settings: Settings = current_app.config["STIGEN"]
    found = sending_queries.preview(session(), viewer(), form.wish(), paces(settings), now(), plan)
    form.seen.data = found.plan.digest
    page = render_template(
        "staff/sending_preview.html",
        found=found,
        form=form,
        by_way=sending_words.by_way,
        why_not=sending_words.why_not,
    )
    return page, code


def _sound(form: WishForm) -> bool:
    """Whether there is such a text and somebody is ticked; says beside the fields what is missing."""
    form.offer(sending_queries.texts(session(), viewer()))
    return bool(form.validate())


@staff_bp.get("")
@staff(*DESK)
def show_sendings() -> ResponseReturnValue:
    """What one has sent, a lead what the teams have, the newest first."""
    number = request.args.get("page", 1, type=int)
    found = sendings.sendings(session(), viewer(), number)
    return render_template(
        "staff/sendings.html",
        found=found,
        by_way=sending_words.by_way,
        counts=sending_words.counts,
        tones=sending_words.TONES,
    )


@staff_bp.get("/new")
@staff(*DESK)
def choose() -> ResponseReturnValue:
    """Whom to write to, and which text."""
    return _choose_page()


@staff_bp.post("/preview")
@staff(*DESK)
def preview() -> ResponseReturnValue:
    """Who gets it and who does not, what it costs and when it leaves. Nothing is sent."""
    form = SendForm()
    if not _sound(form) or "change" in request.form:
        return _choose_page(form, 200 if "change" in request.form else 422)
    form.sending.data = str(form.sending_id)
    return _preview_page(form)


@staff_bp.post("")
@staff(*DESK)
def send() -> ResponseReturnValue:
    """Send it to those who were shown; twice is once."""
    form = SendForm()
    if not _sound(form):
        return _choose_page(form, 422)
    try:
        made = sending_service.send(session(), viewer(), form.sending_id, form.wish(), form.said(), now())
    except sending_service.NotConfirmed as told:
        form.number.errors = [_("Skriv %(number)s om det är rätt antal.", number=len(told.plan.going))]
        return _preview_page(form, told.plan, 422)
    except sending_service.Hindered as told:
        form.form_errors = [_("Något har ändrats sedan du tittade. Inget mer är skickat. Se efter igen.")]
        return _preview_page(form, told.plan, 422)
    return redirect(url_for("own_messages.show_sending", sending_id=made.id), 303)


@staff_bp.get("/<uuid:sending_id>")
@staff(*DESK)
def show_sending(sending_id: uuid.UUID) -> ResponseReturnValue:
    """How far it has come, and what became of it for each person."""
    found = sending_queries.shown(session(), viewer(), sending_id, request.args.get("page", 1, type=int))
    return render_template(
        "staff/sending.html",
        found=found,
        sent=found.sent,
        now=now(),
        by_way=sending_words.by_way,
        counts=sending_words.counts,
        state=messages.state,
        tones=messages.TONES,
        reason=messages.reason,
    )


@staff_bp.get("/<uuid:sending_id>/progress")
@staff(*DESK)
@quiet
def show_progress(sending_id: uuid.UUID) -> ResponseReturnValue:
    """How far it has come, in numbers: the page asks for it again and again."""
    sent = sendings.sending(session(), viewer(), sending_id)
    return render_template("staff/_sending_progress.html", sent=sent, counts=sending_words.counts)


@staff_bp.post("/<uuid:sending_id>/stop")
@staff(*DESK)
def stop(sending_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what has not left."""
    taken = sending_service.stop(session(), viewer(), sending_id, now())
    flash(
        ngettext(
            "Stoppat. %(num)d meddelande hann inte skickas.",
            "Stoppat. %(num)d meddelanden hann inte skickas.",
            taken,
        )
    )
    return redirect(url_for("own_messages.show_sending", sending_id=sending_id), 303)
