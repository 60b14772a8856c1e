"""No time fits: the participant says what would, and the coach answers as any message, or books.

It stands here because booking and the conversation do not know each other. All of it is behind the second
door: when somebody can come says how they live, and what waits for an answer is the conversation's (S30).
"""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability import wish_rules
from portal.booking import queries as booking
from portal.conversation import service as conversation
from portal.conversation import thread_queries, wish_service
from portal.conversation.row_queries import MessageRow
from portal.conversation.service import NotOpen
from portal.conversation.words import refusal
from portal.db import session
from portal.home.wish_forms import TimeWishForm
from portal.organisation.queries import phone_of, rules_of
from portal.plan.queries import promised_day
from portal.web.access import participant, viewer

bp = Blueprint("wish", __name__, url_prefix="/meetings/wish")


@bp.get("")
@participant(tier=2)
def show_wish() -> ResponseReturnValue:
    """What was asked for already, and what would fit."""
    form = TimeWishForm(formdata=None, data={"moving": request.args.get("moving", "")})
    form.offer(rules_of(session(), viewer()).modes, viewer().language)
    row = thread_queries.own_wish(session(), viewer())
    if row and row.wish:
        form.begin(row.wish)
        form.words.data = row.text.text
    return _page(form, row)


@bp.post("")
@participant(tier=2)
def ask_time() -> ResponseReturnValue:
    """Send it to the coach; what waits already is changed."""
    form = TimeWishForm()
    form.offer(rules_of(session(), viewer()).modes, viewer().language)
    wish = form.wish()
    if wish is None:
        return _page(form, thread_queries.own_wish(session(), viewer())), 422
    if wish.moving:
        # Nobody asks for another time for somebody else's meeting.
        booking.meeting(session(), viewer(), wish.moving, clock.now())
    words = form.words.data or ""
    try:
        wish_service.ask_time(
            session(),
            viewer(),
            wish_rules.write(wish),
            words,
            form.language(viewer().language),
            clock.now(),
        )
    except NotOpen as refused:
        form.form_errors = [refusal(refused)]
        return _page(form, None), 422
    flash(_("Skickat. Din coach letar efter en tid."))
    return redirect(url_for("wish.show_wish"), 303)


@bp.post("/<uuid:message_id>/take-back")
@participant(tier=2)
def take_back(message_id: UUID) -> ResponseReturnValue:
    """Another time is not needed after all."""
    conversation.call_off(session(), viewer(), message_id, clock.now())
    flash(_("Du har tagit tillbaka det."))
    return redirect(url_for("booking.choose_time"), 303)


def _page(form: TimeWishForm, row: MessageRow | None) -> str:
    return render_template(
        "home/wish.html",
        form=form,
        row=row,
        due=promised_day(session(), viewer(), clock.now()),
        phone=phone_of(session(), viewer()),
    )
