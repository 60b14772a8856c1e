"""The page of somebody from outside who is asked to a meeting: looking changes nothing, a button answers."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.booking import words as booking_words
from portal.booking.network import party_queries, rules, service, staff_words
from portal.booking.network.forms import AnswerForm
from portal.booking.network.party_queries import Asked
from portal.db import session
from portal.web.access import public

bp = Blueprint("network", __name__, url_prefix="/invited")


def _page(asked: Asked, form: AnswerForm) -> str:
    return render_template(
        "booking/network/answer.html",
        asked=asked,
        form=form,
        organisation=asked.house,
        words=staff_words,
        booking_words=booking_words,
    )


@bp.get("/<token>")
@public
def show_invitation(token: str) -> ResponseReturnValue:
    """When and where, and what they have answered."""
    asked = party_queries.by_token(session(), token, clock.now())
    said = asked.answer if asked.answer != rules.UNANSWERED else None
    return _page(
        asked,
        AnswerForm(formdata=None, data={"answer": said, "words": asked.words, "revision": asked.revision}),
    )


@bp.post("/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """Say whether one comes; what is said last counts."""
    now, form = clock.now(), AnswerForm()
    asked = party_queries.by_token(session(), token, now)
    if not asked.open:
        return redirect(url_for("network.show_invitation", token=token), 303)
    if not form.validate_on_submit():
        return _page(asked, form), 422
    said, words = form.answer.data, form.words.data or ""
    try:
        service.answer(session(), asked.party_id, said, words, now, seen=form.seen)
    except service.Otherwise:
        form.overtaken(asked.revision)
        return _page(asked, form), 422
    return redirect(url_for("network.show_invitation", token=token), 303)
